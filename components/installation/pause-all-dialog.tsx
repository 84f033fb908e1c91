'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { endForm, endOf } from '#components/pauses/pause-end.ts';
import { PauseEndFields, problemsOf } from '#components/pauses/pause-end-fields.tsx';
import type { InstallationActions } from '#components/settings/settings-actions.ts';
import { useAct } from '#components/shell/use-act.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import type { Refusal } from '#core/outcome.ts';

/** Says what pausing everything does, and asks why and until when. What was typed stays when it doesn't work. */
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
  const clock = useClock();
  const pauses = useTranslations('pauses');
  const [form, setForm] = useState(() => endForm(null, clock.now()));
  const [problem, setProblem] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const atEnd = problemsOf(refusal?.fields);
  const isAtField = atEnd.until !== undefined || atEnd.answer !== undefined;
  const submit = async () => {
    if (reason.trim() === '') {
      setProblem(t('reasonMissing'));
      return;
    }
    const end = endOf(form, clock.now());
    if (end === undefined) {
      const message = pauses('untilMissing');
      setRefusal({ code: 'invalid', message, fields: [{ path: ['until'], message }] });
      return;
    }
    setRefusal(null);
    const paused = await act('pause', () => pauseEverything({ reason, end }), setRefusal);
    if (!paused) return;
    onClose();
    onPaused();
  };
  return (
    <FormDialog
      title={t('pauseAllTitle')}
      sentence={t('pauseAllSentence')}
      submit={t('pauseAllDo')}
      problem={isAtField ? undefined : refusal?.message}
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
      <PauseEndFields form={form} onChange={setForm} problem={atEnd} />
    </FormDialog>
  );
}
