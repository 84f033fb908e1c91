'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { PersonView } from '#core/users/read-people.ts';
import type { PeopleActions } from './settings-actions.ts';

/** Asks before somebody's second factor is taken away: whoever asks for that may be somebody else. */
export function TakeFactorDialog({
  user: { id: userId, name },
  takeSecondFactor,
  onClose,
}: {
  user: PersonView;
  takeSecondFactor: PeopleActions['takeSecondFactor'];
  onClose: () => void;
}) {
  const t = useTranslations('person');
  const client = useQueryClient();
  const { act, pending } = useAct<'take'>();
  const [problem, setProblem] = useState<string>();
  const submit = async () => {
    const take = () => asDone(takeSecondFactor({ userId }));
    if (!(await act('take', take, ({ message }) => setProblem(message)))) return;
    await client.invalidateQueries({ queryKey: ['user'] });
    notify(t('taken', { name }));
    onClose();
  };
  return (
    <FormDialog
      title={t('takeTitle', { name })}
      sentence={t('takeSentence', { name })}
      problem={problem}
      submit={t('takeSubmit')}
      isDanger
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      {null}
    </FormDialog>
  );
}
