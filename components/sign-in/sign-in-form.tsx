'use client';

import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Outcome } from '#core/outcome.ts';
import { textOf } from './text-of.ts';
import { useEntry } from './use-entry.ts';

type SignIn = (input: {
  email: string;
  password: string;
  next: string;
}) => Promise<Outcome<{ next: string }>>;

export function SignInForm({
  next,
  canMailLinks,
  signIn,
}: {
  next: string;
  /** Who forgot the password can ask for a mail; else they ask an admin. */
  canMailLinks: boolean;
  signIn: SignIn;
}) {
  const t = useTranslations('signIn');
  const { isPending, problem, at, submit } = useEntry(signIn);
  const [isShown, setIsShown] = useState(false);

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    submit({ email: textOf(given, 'email'), password: textOf(given, 'password'), next });
  };
  return (
    <form onSubmit={onSubmit} noValidate className="grid gap-4">
      {problem && !at('email') && !at('password') && (
        <div role="alert">
          <Notice tone="fail">{problem}</Notice>
        </div>
      )}
      <Field label={t('email')} error={at('email')}>
        <Input name="email" type="email" autoComplete="username" autoFocus required />
      </Field>
      <Field
        label={t('password')}
        error={at('password')}
        aside={
          <button
            type="button"
            className="text-accent hover:underline phone:py-2"
            aria-pressed={isShown}
            onClick={() => setIsShown(!isShown)}
          >
            {t(isShown ? 'hide' : 'show')}
          </button>
        }
      >
        <Input
          name="password"
          type={isShown ? 'text' : 'password'}
          autoComplete="current-password"
          required
        />
      </Field>
      <Button type="submit" variant="primary" pending={isPending} className="mt-1 w-full">
        {t('signIn')}
      </Button>
      <p className="text-meta text-pretty text-ink-3">
        {canMailLinks ? (
          <TextLink href="/sign-in/forgotten" className="phone:inline-block phone:py-2">
            {t('forgottenLink')}
          </TextLink>
        ) : (
          t('forgotten')
        )}
      </p>
    </form>
  );
}
