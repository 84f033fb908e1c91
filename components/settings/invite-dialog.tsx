'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { RadioGroup } from '#components/ui/radio-group.tsx';
import { type Role, ROLES } from '#core/auth/permissions.ts';
import type { Refusal } from '#core/outcome.ts';
import type { MadeLink, PeopleActions } from './settings-actions.ts';
import { people } from './settings-queries.ts';

/** Asks as what, and for whom; gives the link on. */
export function InviteDialog({
  invite,
  onMade,
  onClose,
}: {
  invite: PeopleActions['invite'];
  onMade: (link: MadeLink) => void;
  onClose: () => void;
}) {
  const t = useTranslations('settings.invite');
  const roles = useTranslations('settings.role');
  const common = useTranslations('common');
  const client = useQueryClient();
  const { act, pending } = useAct<'invite'>();
  const [role, setRole] = useState<Role>('viewer');
  const [email, setEmail] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const atEmail = refusal?.fields?.find(({ path }) => path[0] === 'email')?.message;

  const submit = async () => {
    const input = { role, email: email.trim() === '' ? null : email };
    const made = await act('invite', () => invite(input), setRefusal);
    if (!made) return;
    await client.invalidateQueries({ queryKey: people.queryKey });
    onMade({ link: made.link, expiresAt: made.expiresAt, name: null });
  };
  return (
    <FormDialog
      title={t('title')}
      sentence={t('sentence')}
      problem={atEmail ? undefined : refusal?.message}
      submit={t('make')}
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field group label={t('role')}>
        <RadioGroup
          layout="list"
          value={role}
          onValueChange={setRole}
          options={ROLES.map((name) => ({
            value: name,
            label: roles(name),
            hint: roles(`${name}Hint`),
          }))}
          className="px-3"
        />
      </Field>
      <Field
        label={t('email')}
        aside={common('optional')}
        explanation={t('emailHint')}
        error={atEmail}
      >
        <Input
          type="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          autoComplete="off"
        />
      </Field>
    </FormDialog>
  );
}
