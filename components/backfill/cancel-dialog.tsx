'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { BackfillDetail } from '#core/backfill/read-backfill.ts';
import { useAct } from '#components/shell/use-act.ts';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { BackfillActions } from './backfill-view.ts';

/** Ends a backfill, and asks whether what has begun is ended too. */
export function CancelBackfillDialog({
  backfill,
  cancelBackfill,
  onClose,
}: {
  backfill: BackfillDetail;
  cancelBackfill: BackfillActions['cancelBackfill'];
  onClose: () => void;
}) {
  const t = useTranslations('backfill');
  const [cancelRunning, setCancelRunning] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { act, pending } = useAct<'cancel'>();
  const { id, runs, expected, ended } = backfill;
  const running = runs.running ?? 0;
  return (
    <FormDialog
      title={t('cancelTitle', { id })}
      sentence={t('cancelSentence', { left: Math.max(0, expected - ended - running) })}
      submit={t('cancelDo')}
      cancel={t('keep')}
      isDanger
      isPending={pending === 'cancel'}
      problem={problem}
      onClose={onClose}
      onSubmit={async () => {
        const done = await act(
          'cancel',
          () => cancelBackfill({ id, cancelRunning }),
          ({ message }) => setProblem(message),
        );
        if (!done) return;
        notify(t('cancelledNote', { id }));
        onClose();
      }}
    >
      <CheckboxLine
        label={t('cancelRunning')}
        hint={t('cancelRunningHint', { count: running })}
        checked={cancelRunning}
        onCheckedChange={setCancelRunning}
      />
    </FormDialog>
  );
}
