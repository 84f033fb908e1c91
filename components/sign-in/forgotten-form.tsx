'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Outcome, Refusal } from '#core/outcome.ts';
import { textOf } from './text-of.ts';

type AskForLink = (input: { email: string }) => Promise<Outcome<{ email: string }>>;

/** Asks for a mail with a link for another password; what it says then is the same for an address that nobody has. */
export function ForgottenForm({ askForLink }: { askForLink: AskForLink }) {
  const t = useTranslations('signIn');
  const { act, pending } = useAct<'ask'>();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [asked, setAsked] = useState<string | null>(null);
  if (asked !== null) {
    return (
      <>
        <div role="status" className="break-words">
          <Notice tone="info" title={t('linkAskedTitle')}>
            {t('linkAsked', { email: asked })}
          </Notice>
        </div>
        <p className="mt-4 text-meta text-pretty text-ink-3">{t('noMail')}</p>
        <Back />
      </>
    );
  }
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = textOf(new FormData(event.currentTarget), 'email');
    const done = await act('ask', () => askForLink({ email }), setRefusal);
    if (done) setAsked(done.email);
  };
  return (
    <>
      <p className="-mt-3 mb-5 text-body text-pretty text-ink-2">{t('forgottenSentence')}</p>
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
        {refusal && !refusal.fields && (
          <div role="alert">
            <Notice tone="fail">{refusal.message}</Notice>
          </div>
        )}
        <Field label={t('email')} error={refusal?.fields?.[0]?.message}>
          <Input name="email" type="email" autoComplete="username" autoFocus required />
        </Field>
        <Button type="submit" variant="primary" pending={pending !== null} className="mt-1 w-full">
          {t('askForLink')}
        </Button>
      </form>
      <Back />
    </>
  );
}

function Back() {
  const t = useTranslations('signIn');
  return (
    <p className="mt-4 text-table">
      <TextLink href="/sign-in" className="phone:py-2">
        {t('back')}
      </TextLink>
    </p>
  );
}
