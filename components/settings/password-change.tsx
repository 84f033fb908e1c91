'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { Refusal } from '#core/outcome.ts';
import type { AccountActions } from './settings-actions.ts';

/** Changes one's own password; what is wrong stands at its field, and what was typed stays. */
export function PasswordChange({
  email,
  changePassword,
}: {
  email: string;
  changePassword: AccountActions['changePassword'];
}) {
  const t = useTranslations('settings.password');
  const { act, pending } = useAct<'save'>();
  const [typed, setTyped] = useState({ current: '', next: '' });
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const problem = (field: string) =>
    refusal?.fields?.find(({ path }) => path[0] === field)?.message;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const isSaved = await act('save', () => asDone(changePassword(typed)), setRefusal);
    if (!isSaved) return;
    setRefusal(null);
    setTyped({ current: '', next: '' });
    notify(t('saved'));
  };
  const control = (field: keyof typeof typed) => ({
    type: 'password',
    value: typed[field],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      setTyped({ ...typed, [field]: event.target.value }),
  });
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid max-w-80 gap-4">
      {/* Tells password managers whose password this is. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <Field label={t('current')} error={problem('current')}>
        <Input {...control('current')} name="current-password" autoComplete="current-password" />
      </Field>
      <Field label={t('next')} explanation={t('nextHint')} error={problem('next')}>
        <Input {...control('next')} name="new-password" autoComplete="new-password" />
      </Field>
      {refusal && !refusal.fields?.length && (
        <p role="alert" className="text-table text-fail-ink">
          {refusal.message}
        </p>
      )}
      <Button
        type="submit"
        pending={pending !== null}
        disabled={typed.current === '' || typed.next === ''}
        className="justify-self-start"
      >
        {t('save')}
      </Button>
    </form>
  );
}
