'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { InstallationActions } from '#components/settings/settings-actions.ts';
import { useAct } from '#components/shell/use-act.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';

/** Says what pausing everything does, and asks why. What was typed stays when it doesn't work. */
export function PauseAllDialog({
  pauseEverything,
  onPaused,
  onClose,
}: {
  pauseEverything: InstallationActions['pauseEverything'];
  onPaused: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('installation');
  const { act, pending } = useAct<'pause'>();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async () => {
    if (reason.trim() === '') {
      setProblem(t('reasonMissing'));
      return;
    }
    const paused = await act(
      'pause',
      () => pauseEverything({ reason }),
      ({ message }) => setProblem(message),
    );
    if (!paused) return;
    onClose();
    onPaused();
  };
  return (
    <FormDialog
      title={t('pauseAllTitle')}
      sentence={t('pauseAllSentence')}
      submit={t('pauseAllDo')}
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={t('reason')} explanation={t('reasonHint')} error={problem ?? undefined}>
        <Input
          value={reason}
          onChange={(event) => {
            setReason(event.target.value);
            setProblem(null);
          }}
          maxLength={500}
          required
          autoComplete="off"
        />
      </Field>
    </FormDialog>
  );
}
