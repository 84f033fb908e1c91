'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { Refusal } from '#core/outcome.ts';
import { LimitFields, type LimitProblem } from './limit-fields.tsx';
import type { SecretActions } from './secret-actions.ts';
import { secretList } from './secret-queries.ts';
import { EVERY_JOB, limitsOf } from './typed-limits.ts';
import { ValueField } from './value-field.tsx';

/** A name, a value, and who may use it. What is typed stays when it is refused. */
export function AddSecretDialog({
  add,
  onClose,
}: {
  add: SecretActions['add'];
  onClose: () => void;
}) {
  const t = useTranslations('secrets.form');
  const client = useQueryClient();
  const { act, pending } = useAct<'add'>();
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [typed, setTyped] = useState(EVERY_JOB);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [problem, setProblem] = useState<LimitProblem | null>(null);
  const at = (field: string) => refusal?.fields?.find(({ path }) => path[0] === field)?.message;

  const submit = async () => {
    const read = limitsOf(typed);
    setProblem(read.ok ? null : read.problem);
    if (!read.ok) return;
    const isDone = await act(
      'add',
      () => asDone(add({ name: name.trim(), value, limits: read.limits })),
      setRefusal,
    );
    if (!isDone) return;
    await client.invalidateQueries({ queryKey: secretList.queryKey });
    notify(t('added', { name: name.trim() }));
    onClose();
  };
  return (
    <FormDialog
      title={t('addTitle')}
      sentence={t('addSentence')}
      problem={refusal?.fields?.length ? undefined : refusal?.message}
      submit={t('save')}
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={t('name')} explanation={t('nameHint')} error={at('name')}>
        <Input
          mono
          value={name}
          onChange={({ target }) => setName(target.value)}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="characters"
        />
      </Field>
      <ValueField value={value} onChange={setValue} error={at('value')} />
      <LimitFields typed={typed} onChange={setTyped} problem={problem} refusal={refusal} />
    </FormDialog>
  );
}
