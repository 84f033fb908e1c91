'use client';

import { useTranslations } from 'next-intl';
import { useCommands } from '#components/shell/commands.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

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
