'use client';

// What a ledger shows only now and then: nothing at all, a problem, other pages.
import { useTranslations } from 'next-intl';
import { usePathname } from 'next/navigation';
import { useCommands } from '#components/shell/commands.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Pager } from '#components/ui/pager.tsx';
import { LoadProblem } from '#components/ui/load-problem.tsx';
import type { LedgerPage } from './job-queries.ts';

/** What would stand here, and the way to have it. */
export function LedgerEmpty({ isFiltered }: { isFiltered: boolean }) {
  const t = useTranslations('job');
  const { store } = useCommands();
  if (isFiltered) {
    return <EmptyState title={t('ledgerEmptyThere')}>{t('ledgerEmptyThereHint')}</EmptyState>;
  }
  // The page's own act, with its dialog where the job has parameters.
  const trigger = () => store.actions().find(({ id }) => id === 'trigger');
  return (
    <EmptyState
      title={t('ledgerEmpty')}
      actions={
        <Button onClick={() => trigger()?.run()} disabled={trigger()?.isDisabled}>
          {t('triggerFirst')}
        </Button>
      }
    >
      {t('ledgerEmptyHint')}
    </EmptyState>
  );
}

/** The ledger couldn't be read: what the server says, and another try. */
export function LedgerProblem({
  problem,
  onTryAgain,
}: {
  problem: string;
  onTryAgain: () => void;
}) {
  const t = useTranslations('job');
  return <LoadProblem title={t('ledgerFailed')} meaning={problem} onRetry={onTryAgain} />;
}

/** To the pages of the ledger before and after this one. */
export function LedgerPager({
  page,
  newer,
  older,
}: {
  page: LedgerPage;
  newer: string | null;
  older: string | null;
}) {
  const path = usePathname();
  const href = (cursor: string | null) =>
    cursor === null ? null : `${path}?${new URLSearchParams({ ...page, cursor })}`;
  return <Pager newerHref={href(newer)} olderHref={href(older)} />;
}
