'use client';

import { useTranslations } from 'next-intl';
import { Button } from '#components/ui/button.tsx';
import { ProblemState } from '#components/ui/problem-state.tsx';

/** The ledger couldn't be read: what the server says, and another try. */
export function LedgerProblem({
  problem,
  onTryAgain,
}: {
  problem: string;
  onTryAgain: () => void;
}) {
  const t = useTranslations('job');
  return (
    <ProblemState
      title={t('ledgerFailed')}
      meaning={problem}
      actions={<Button onClick={onTryAgain}>{t('tryAgain')}</Button>}
    />
  );
}
