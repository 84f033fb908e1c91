'use client';

import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';

/** The session is over in the middle of a save: sign in again where one is, and the save goes on. */
export function SignInDialog({
  email,
  onSignedIn,
  onClose,
}: {
  email: string;
  onSignedIn: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('editor');
  const [isPending, setIsPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    const given = new FormData(event.currentTarget);
    const text = (name: string) => {
      const value = given.get(name);
      return typeof value === 'string' ? value : '';
    };
    setIsPending(true);
    try {
      const refused = await signInAgain(text('email'), text('password'));
      if (refused === null) {
        onClose();
        onSignedIn();
        return;
      }
      setProblem(refused === '' ? t('signInRefused') : refused);
    } catch {
      setProblem(t('unreachable'));
    } finally {
      setIsPending(false);
    }
  };

  return (
    <FormDialog
      width={400}
      title={t('signInAgain')}
      sentence={t('signInAgainSentence')}
      submit={t('signInAndSave')}
      isPending={isPending}
      cancel={t('notNow')}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={t('email')}>
        <Input name="email" type="email" autoComplete="username" defaultValue={email} required />
      </Field>
      <Field label={t('password')} error={problem}>
        <Input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          data-first
        />
      </Field>
    </FormDialog>
  );
}

/**
 * Asks the sign-in's own address, and not a server action: an action that sets a cookie renders the page again, and for
 * that request one is still signed out, so it would lead away from what was typed.
 * @returns null when one is signed in, else the server's sentence, which may be empty
 */
async function signInAgain(email: string, password: string): Promise<string | null> {
  const response = await fetch('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (response.ok) return null;
  const body: unknown = await response.json().catch(() => null);
  const isWorded = typeof body === 'object' && body !== null && 'message' in body;
  // Its words for a wrong password are the library's; ours are kinder.
  return response.status !== 401 && isWorded && typeof body.message === 'string'
    ? body.message
    : '';
}
