'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { Refusal } from '#core/outcome.ts';
import type { UserView } from '#core/users/read-people.ts';
import { GrantFields } from './grant-fields.tsx';
import type { PeopleActions } from './settings-actions.ts';

/** What one person may do; nobody changes their own. */
export function GrantsDialog({
  user,
  changeGrants,
  onClose,
}: {
  user: UserView;
  changeGrants: PeopleActions['changeGrants'];
  onClose: () => void;
}) {
  const t = useTranslations('settings.grants');
  const client = useQueryClient();
  const { act, pending } = useAct<'save'>();
  const [grants, setGrants] = useState(user.grants);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const submit = async () => {
    const save = () => asDone(changeGrants({ userId: user.id, grants }));
    if (!(await act('save', save, setRefusal))) return;
    await client.invalidateQueries({ queryKey: ['user'] });
    notify(t('saved', { name: user.name }));
    onClose();
  };
  return (
    <FormDialog
      width={560}
      title={t('title', { name: user.name })}
      sentence={t('sentence')}
      problem={refusal?.fields?.some(({ path }) => path.length > 2) ? undefined : refusal?.message}
      submit={t('save')}
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      <GrantFields grants={grants} onChange={setGrants} refusal={refusal} />
    </FormDialog>
  );
}
