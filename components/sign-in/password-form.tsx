'use client';

import { useTranslations } from 'next-intl';
import type { FormEvent } from 'react';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { Outcome } from '#core/outcome.ts';
import { textOf } from './text-of.ts';
import { useEntry } from './use-entry.ts';

export type SetPassword = (input: {
  token: string;
  password: string;
}) => Promise<Outcome<{ next: string }>>;

/** Another password for an account that there is. */
export function PasswordForm({
  token,
  email,
  setPassword,
}: {
  token: string;
  email: string;
  setPassword: SetPassword;
}) {
  const t = useTranslations('signIn');
  const { isPending, problem, at, submit } = useEntry(setPassword);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    submit({ token, password: textOf(new FormData(event.currentTarget), 'password') });
  };
  return (
    <form onSubmit={onSubmit} noValidate className="grid gap-4">
      {problem && !at('password') && (
        <div role="alert">
          <Notice tone="fail">{problem}</Notice>
        </div>
      )}
      <Field label={t('email')}>
        <Input name="email" type="email" autoComplete="username" value={email} readOnly />
      </Field>
      <Field label={t('newPassword')} explanation={t('passwordExplanation')} error={at('password')}>
        <Input name="password" type="password" autoComplete="new-password" autoFocus required />
      </Field>
      <Button type="submit" variant="primary" pending={isPending} className="mt-1 w-full">
        {t('setPassword')}
      </Button>
    </form>
  );
}
