'use client';

import { useTranslations } from 'next-intl';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import type { Outcome } from '#core/outcome.ts';
import { useEntry } from './use-entry.ts';

type GoToProvider = (input: { next: string }) => Promise<Outcome<{ next: string }>>;

/** Leads to the identity provider, which sends back who signed in there. */
export function ProviderButton({
  provider,
  next,
  isMain,
  goToProvider,
}: {
  /** What people call it. */
  provider: string;
  next: string;
  /** It is the way in, and not one of two. */
  isMain: boolean;
  goToProvider: GoToProvider;
}) {
  const t = useTranslations('signIn');
  const { isPending, problem, submit } = useEntry(goToProvider);
  return (
    <div className="grid grid-cols-1 gap-4">
      {problem && (
        <div role="alert">
          <Notice tone="fail">{problem}</Notice>
        </div>
      )}
      <Button
        variant={isMain ? 'primary' : 'plain'}
        pending={isPending}
        className="h-auto min-h-control w-full py-1.5"
        onClick={() => submit({ next })}
      >
        <span className="min-w-0 text-pretty break-words whitespace-normal">
          {t('through', { provider })}
        </span>
      </Button>
    </div>
  );
}
