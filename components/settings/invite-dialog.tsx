'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFoot } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
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

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = { role, email: email.trim() === '' ? null : email };
    const made = await act('invite', () => invite(input), setRefusal);
    if (!made) return;
    await client.invalidateQueries({ queryKey: people.queryKey });
    onMade({ link: made.link, expiresAt: made.expiresAt, name: null });
  };
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent width={480} title={t('title')} sentence={t('sentence')}>
        <form onSubmit={(event) => void submit(event)} className="contents" noValidate>
          <DialogBody className="grid content-start gap-4">
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
            {refusal && !atEmail && (
              <p role="alert" className="text-table text-fail-ink">
                {refusal.message}
              </p>
            )}
          </DialogBody>
          <DialogFoot>
            <Button onClick={onClose}>{common('cancel')}</Button>
            <Button type="submit" variant="primary" pending={pending !== null}>
              {t('make')}
            </Button>
          </DialogFoot>
        </form>
      </DialogContent>
    </Dialog>
  );
}
