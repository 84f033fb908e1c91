'use client';

import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFoot } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { EditorActions } from './editor-view.ts';

/** The session is over in the middle of a save: sign in again where one is, and the save goes on. */
export function SignInDialog({
  email,
  signIn,
  onSignedIn,
  onClose,
}: {
  email: string;
  signIn: EditorActions['signIn'];
  onSignedIn: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('editor');
  const [isPending, setIsPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // The dialog stands inside the editor's React tree: its submit must not reach the editor's form.
    event.stopPropagation();
    const given = new FormData(event.currentTarget);
    const text = (name: string) => {
      const value = given.get(name);
      return typeof value === 'string' ? value : '';
    };
    setIsPending(true);
    try {
      const result = await signIn({
        email: text('email'),
        password: text('password'),
      });
      if (result.ok) {
        onClose();
        onSignedIn();
        return;
      }
      setProblem(result.refusal.message);
    } catch {
      setProblem(t('unreachable'));
    } finally {
      setIsPending(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <DialogContent title={t('signInAgain')} sentence={t('signInAgainSentence')} width={400}>
        <form onSubmit={(event) => void submit(event)}>
          <DialogBody className="grid gap-4">
            <Field label={t('email')}>
              <Input
                name="email"
                type="email"
                autoComplete="username"
                defaultValue={email}
                required
              />
            </Field>
            <Field label={t('password')} error={problem}>
              <Input
                name="password"
                type="password"
                autoComplete="current-password"
                autoFocus
                required
              />
            </Field>
          </DialogBody>
          <DialogFoot>
            <Button onClick={onClose}>{t('notNow')}</Button>
            <Button type="submit" variant="primary" pending={isPending}>
              {t('signInAndSave')}
            </Button>
          </DialogFoot>
        </form>
      </DialogContent>
    </Dialog>
  );
}
