'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { Field } from '#components/ui/field.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Input } from '#components/ui/input.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { Grant } from '#core/auth/grants.ts';
import { usualGrant } from '#core/auth/usual-grant.ts';
import type { Refusal } from '#core/outcome.ts';
import { GrantFields } from './grant-fields.tsx';
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
  const common = useTranslations('common');
  const client = useQueryClient();
  const { act, pending } = useAct<'invite'>();
  const [grants, setGrants] = useState<Grant[]>([usualGrant('viewer')]);
  const [email, setEmail] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const atEmail = refusal?.fields?.find(({ path }) => path[0] === 'email')?.message;

  const submit = async () => {
    const input = { grants, email: email.trim() === '' ? null : email };
    const made = await act('invite', () => invite(input), setRefusal);
    if (!made) return;
    await client.invalidateQueries({ queryKey: people.queryKey });
    if (made.link === null) {
      notify(t('mailed', { email: made.mailedTo ?? '' }));
      onClose();
      return;
    }
    const { link, expiresAt, mailProblem } = made;
    onMade({ link, expiresAt, name: null, mailProblem });
  };
  return (
    <FormDialog
      width={560}
      title={t('title')}
      sentence={t('sentence')}
      problem={refusal?.fields ? undefined : refusal?.message}
      submit={t('make')}
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      <GrantFields grants={grants} onChange={setGrants} refusal={refusal} />
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
