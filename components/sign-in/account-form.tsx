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

export type AcceptInvitation = (input: {
  token: string;
  name: string;
  email: string;
  password: string;
}) => Promise<Outcome<{ next: string }>>;

/** Name, address and password of a new account. `email`: the only one that the invitation is for. */
export function AccountForm({
  token,
  email,
  acceptInvitation,
}: {
  token: string;
  email: string | null;
  acceptInvitation: AcceptInvitation;
}) {
  const t = useTranslations('signIn');
  const { isPending, problem, at, submit } = useEntry(acceptInvitation);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    submit({
      token,
      name: textOf(given, 'name'),
      email: email ?? textOf(given, 'email'),
      password: textOf(given, 'password'),
    });
  };
  const hasFieldProblem = at('name') ?? at('email') ?? at('password');
  return (
    <form onSubmit={onSubmit} noValidate className="grid gap-4">
      {problem && !hasFieldProblem && (
        <div role="alert">
          <Notice tone="fail">{problem}</Notice>
        </div>
      )}
      <Field label={t('name')} explanation={t('nameExplanation')} error={at('name')}>
        <Input name="name" autoComplete="name" autoFocus required />
      </Field>
      <Field label={t('email')} error={at('email')}>
        <Input
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={email ?? ''}
          readOnly={email !== null}
          required
        />
      </Field>
      <Field label={t('password')} explanation={t('passwordExplanation')} error={at('password')}>
        <Input name="password" type="password" autoComplete="new-password" required />
      </Field>
      <Button type="submit" variant="primary" pending={isPending} className="mt-1 w-full">
        {t('createAccount')}
      </Button>
    </form>
  );
}
