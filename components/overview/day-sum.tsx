'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { DayStrip } from '#core/overview/day.ts';
import { SumMark, sumOfParts, type SumPart, SumTerms } from '#components/ledger/sum-terms.tsx';
import { TextLink } from '#components/ui/text-link.tsx';

const ALWAYS: readonly SumPart[] = ['ran', 'skipped', 'paused', 'waiting'];

/** Every tick of the last 24 h and what became of it, added up before one's eyes. */
export function DaySum({ sum }: { sum: DayStrip['sum'] }) {
  const t = useTranslations('overview');
  const format = useFormatter();
  return (
    <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-table text-ink-2 [&_b]:font-medium [&_b]:text-ink">
      <span>
        {t('expected')} <b>{format.number(sum.expected)}</b>
      </span>
      <SumTerms counts={sum} always={ALWAYS} wordOf={(part) => t(`sum.${part}`)} />
      <SumMark
        isEven={sum.isEven}
        evenLabel={t('addsUp')}
        offLabel={t('doesNotAddUp', { counted: format.number(sumOfParts(sum)) })}
      />
      <TextLink href={sum.isEven ? '/ledger' : '/ledger?by=hour'}>{t('ledger')}</TextLink>
    </p>
  );
}
