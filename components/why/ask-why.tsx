'use client';

import { useTranslations } from 'next-intl';
import { whyAsked } from './why-asked.ts';
import type { AskedWhy } from './why-query.ts';

/** Asks, from within a sentence. */
export function AskWhy({ asked }: { asked: AskedWhy }) {
  const t = useTranslations('why');
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      onClick={() => whyAsked.ask(asked)}
      className="text-accent underline-offset-[3px] hover:underline"
    >
      {t('askIt')}
    </button>
  );
}
