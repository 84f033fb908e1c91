'use client';

import { useTranslations } from 'next-intl';
import type { LedgerCounts } from '#core/jobs/ledger-counts.ts';

/** What became of the history before the sum begins: a sentence, where there would be a hole. */
export function HistoryBefore({
  before,
  from,
}: {
  before: NonNullable<LedgerCounts['before']>;
  /** In words. */
  from: string;
}) {
  const t = useTranslations('job');
  const { archived, restored, gone, isPruned } = before;
  return (
    <span className="basis-full text-ink-3" suppressHydrationWarning>
      {t('before', {
        from,
        archived: archived.length,
        restored: restored.length,
        gone: gone.length,
        isPruned: String(isPruned),
      })}
    </span>
  );
}
