'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Refusal } from '#core/outcome.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { endForm, endOf, type GivenEnd } from './pause-end.ts';
import { PauseEndFields, problemsOf } from './pause-end-fields.tsx';

/** Prolongs a pause, gives it an end, or takes the end away. */
export function PauseEndDialog({
  end,
  onSave,
  onClose,
}: {
  end: GivenEnd;
  /** True when it is saved, and the dialog goes. */
  onSave: (end: GivenEnd, onRefused: (refusal: Refusal) => void) => Promise<boolean>;
  onClose: () => void;
}) {
  const t = useTranslations('pauses');
  const clock = useClock();
  const [form, setForm] = useState(() => endForm(end, clock.now()));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isPending, setIsPending] = useState(false);
  const problems = problemsOf(refusal?.fields);
  const isAtField = problems.until !== undefined || problems.answer !== undefined;
  const submit = async () => {
    const given = endOf(form, clock.now());
    if (given === undefined) {
      const message = t('untilMissing');
      setRefusal({ code: 'invalid', message, fields: [{ path: ['until'], message }] });
      return;
    }
    setIsPending(true);
    setRefusal(null);
    const isSaved = await onSave(given, setRefusal);
    setIsPending(false);
    if (isSaved) onClose();
  };
  return (
    <FormDialog
      title={t('endTitle')}
      sentence={t('endSentence')}
      submit={t('endDo')}
      problem={isAtField ? undefined : refusal?.message}
      isPending={isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <PauseEndFields form={form} onChange={setForm} problem={problems} />
    </FormDialog>
  );
}
