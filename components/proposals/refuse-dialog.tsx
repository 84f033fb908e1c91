'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Textarea } from '#components/ui/input.tsx';
import type { Outcome, Refusal } from '#core/outcome.ts';

/** Asks why an edit isn't allowed, for whoever proposed it. */
export function RefuseDialog({
  by,
  refuse,
  onRefused,
  onClose,
}: {
  by: string;
  refuse: (reason: string) => Promise<Outcome<null>>;
  onRefused: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('proposal');
  const { act, pending } = useAct<'refuse'>();
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const atReason = refusal?.fields?.find(({ path }) => path[0] === 'reason')?.message;
  const submit = async () => {
    const isDone = await act('refuse', () => asDone(refuse(reason)), setRefusal);
    if (isDone) onRefused();
  };
  return (
    <FormDialog
      title={t('refuseTitle', { by })}
      sentence={t('refuseSentence')}
      problem={atReason ? undefined : refusal?.message}
      submit={t('refuse')}
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={t('reason')} error={atReason}>
        <Textarea
          rows={3}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          data-first
        />
      </Field>
    </FormDialog>
  );
}
