'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { Refusal } from '#core/outcome.ts';
import type { SecretView } from '#core/secrets/read-secrets.ts';
import { LimitFields, type LimitProblem } from './limit-fields.tsx';
import type { SecretActions } from './secret-actions.ts';
import { secretList } from './secret-queries.ts';
import { limitsOf, typedOf } from './typed-limits.ts';

export function LimitSecretDialog({
  secret: { name, limits },
  limit,
  onClose,
}: {
  secret: SecretView;
  limit: SecretActions['limit'];
  onClose: () => void;
}) {
  const t = useTranslations('secrets.form');
  const client = useQueryClient();
  const { act, pending } = useAct<'limit'>();
  const [typed, setTyped] = useState(() => typedOf(limits));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [problem, setProblem] = useState<LimitProblem | null>(null);

  // Once it was said whose runs would fail, another press of the button means it.
  const isSure = refusal?.code === 'conflict';
  const change = (next: typeof typed) => {
    setTyped(next);
    setRefusal(null);
  };
  const submit = async () => {
    const read = limitsOf(typed);
    setProblem(read.ok ? null : read.problem);
    if (!read.ok) return;
    const isDone = await act(
      'limit',
      () => asDone(limit({ name, limits: read.limits, isSure })),
      setRefusal,
    );
    if (!isDone) return;
    await client.invalidateQueries({ queryKey: secretList.queryKey });
    notify(t('limited', { name }));
    onClose();
  };
  return (
    <FormDialog
      title={t('limitTitle', { name })}
      sentence={t('limitSentence')}
      problem={refusal?.fields?.length ? undefined : refusal?.message}
      submit={t(isSure ? 'saveAnyway' : 'save')}
      isDanger={isSure}
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      <LimitFields typed={typed} onChange={change} problem={problem} refusal={refusal} />
    </FormDialog>
  );
}
