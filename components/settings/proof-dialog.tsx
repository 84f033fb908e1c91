'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { CodeField } from '#components/sign-in/code-field.tsx';
import { textOf } from '#components/sign-in/text-of.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { done, type Outcome, type Refusal } from '#core/outcome.ts';
import type { AccountActions } from './settings-actions.ts';

/** Password and code, before new recovery codes are made or the second factor is switched off. */
export function ProofDialog({
  act: asked,
  email,
  actions,
  onDone,
  onClose,
}: {
  act: 'renew' | 'remove';
  email: string;
  actions: AccountActions['secondFactor'];
  /** With the recovery codes where there are new ones. */
  onDone: (recoveryCodes: string[] | null) => void;
  onClose: () => void;
}) {
  const t = useTranslations('secondFactor');
  const { act, pending } = useAct<'send'>();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const at = (field: string) => refusal?.fields?.find(({ path }) => path[0] === field)?.message;
  const submit = async (event: React.FormEvent<HTMLFormElement>) => {
    const given = new FormData(event.currentTarget);
    const proof = { password: textOf(given, 'password'), code: textOf(given, 'code') };
    const carryOut = async (): Promise<Outcome<{ recoveryCodes: string[] | null }>> => {
      if (asked === 'renew') return actions.renew(proof);
      const outcome = await actions.remove(proof);
      return outcome.ok ? done({ recoveryCodes: null }) : outcome;
    };
    const changed = await act('send', carryOut, setRefusal);
    if (changed) onDone(changed.recoveryCodes);
  };
  return (
    <FormDialog
      title={t(`${asked}Title`)}
      sentence={t(`${asked}Sentence`)}
      problem={refusal?.fields ? undefined : refusal?.message}
      submit={t(`${asked}Submit`)}
      isDanger={asked === 'remove'}
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      <input type="hidden" name="email" autoComplete="username" value={email} readOnly />
      <Field label={t('password')} error={at('password')}>
        <Input
          name="password"
          type="password"
          autoComplete="current-password"
          data-first
          required
        />
      </Field>
      <CodeField takesEither error={at('code')} />
    </FormDialog>
  );
}
