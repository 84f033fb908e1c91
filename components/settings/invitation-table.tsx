'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Button } from '#components/ui/button.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { InvitationView } from '#core/users/invitations.ts';
import { GrantWords } from './grant-words.tsx';
import type { PeopleActions } from './settings-actions.ts';
import { people } from './settings-queries.ts';

type Revoke = { revokeInvitation: PeopleActions['revokeInvitation'] };

/** Invitations that can still be accepted. */
export function InvitationTable({
  invitations,
  revokeInvitation,
}: { invitations: readonly InvitationView[] } & Revoke) {
  const t = useTranslations('settings.open');
  return (
    <section className="mt-8">
      <SectionHead title={t('title')} note={invitations.length} />
      <Table className="mt-2">
        <colgroup className="phone:hidden">
          <col />
          <col className="w-40" />
          <col className="w-36" />
          <col className="w-40" />
          <col className="w-28" />
        </colgroup>
        <TableHead>
          <Th>{t('for')}</Th>
          <Th>{t('role')}</Th>
          <Th>{t('by')}</Th>
          <Th>{t('ends')}</Th>
          <Th>
            <span className="sr-only">{t('revoke')}</span>
          </Th>
        </TableHead>
        <TableBody>
          {invitations.map((invitation) => (
            <InvitationRow
              key={invitation.id}
              invitation={invitation}
              revokeInvitation={revokeInvitation}
            />
          ))}
        </TableBody>
      </Table>
    </section>
  );
}

function InvitationRow({ invitation, revokeInvitation }: { invitation: InvitationView } & Revoke) {
  const t = useTranslations('settings.open');
  const client = useQueryClient();
  const { act, pending } = useAct<'revoke'>();
  const name = invitation.email ?? t('anyone');
  const revoke = async () => {
    const isRevoked = await act('revoke', () => asDone(revokeInvitation({ id: invitation.id })));
    await client.invalidateQueries({ queryKey: people.queryKey });
    if (isRevoked) notify(t('revoked'));
  };
  return (
    <Tr className="phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td phone="first" className="phone:col-start-1">
        {name}
      </Td>
      <Td phone="second" className="phone:col-start-1">
        <GrantWords grants={invitation.grants} />
      </Td>
      <Td>{invitation.invitedBy ?? t('firstStart')}</Td>
      <Td>
        <AbsoluteTime at={invitation.expiresAt} />
      </Td>
      <Td phone="first-end" className="py-0 text-right phone:col-start-2">
        <Button
          size="small"
          pending={pending !== null}
          aria-label={t('revokeOf', { name })}
          onClick={() => void revoke()}
        >
          {t('revoke')}
        </Button>
      </Td>
    </Tr>
  );
}
