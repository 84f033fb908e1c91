'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { Refusal } from '#core/outcome.ts';
import type { SecretActions } from './secret-actions.ts';
import { secretList } from './secret-queries.ts';
import { ValueField } from './value-field.tsx';

export function ReplaceSecretDialog({
  name,
  replace,
  onClose,
}: {
  name: string;
  replace: SecretActions['replace'];
  onClose: () => void;
}) {
  const t = useTranslations('secrets.form');
  const client = useQueryClient();
  const { act, pending } = useAct<'replace'>();
  const [value, setValue] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  const submit = async () => {
    const isDone = await act('replace', () => asDone(replace({ name, value })), setRefusal);
    if (!isDone) return;
    await client.invalidateQueries({ queryKey: secretList.queryKey });
    notify(t('replaced', { name }));
    onClose();
  };
  return (
    <FormDialog
      title={t('replaceTitle', { name })}
      sentence={t('replaceSentence')}
      problem={refusal?.fields?.length ? undefined : refusal?.message}
      submit={t('replace')}
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      <ValueField
        value={value}
        onChange={setValue}
        error={refusal?.fields?.find(({ path }) => path[0] === 'value')?.message}
      />
    </FormDialog>
  );
}
