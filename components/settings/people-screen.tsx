'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { usePageActions } from '#components/shell/commands.ts';
import { Button } from '#components/ui/button.tsx';
import { FactorPolicy } from './factor-policy.tsx';
import { InvitationTable } from './invitation-table.tsx';
import type { MadeLink, PeopleActions } from './settings-actions.ts';
import { people } from './settings-queries.ts';
import { UserTable } from './user-table.tsx';

// Asked for when somebody acts, not with the page.
const InviteDialog = dynamic(
  () => import('./invite-dialog.tsx').then((file) => file.InviteDialog),
  { ssr: false },
);
const LinkDialog = dynamic(() => import('./link-dialog.tsx').then((file) => file.LinkDialog), {
  ssr: false,
});

/** Who may come in, as what, and who is invited. */
export function PeopleScreen({
  ownId,
  mayRequire,
  actions,
}: {
  ownId: string;
  mayRequire: boolean;
  actions: PeopleActions;
}) {
  const t = useTranslations('settings.list');
  const { data } = useSuspenseQuery(people);
  const [isInviting, setIsInviting] = useState(false);
  const [made, setMade] = useState<MadeLink | null>(null);
  const active = data.users.filter(({ disabledAt }) => disabledAt === null);
  const invite = () => setIsInviting(true);
  usePageActions([{ id: 'invite', label: t('invite'), run: invite }]);
  return (
    <>
      <div className="mt-5 flex items-center justify-between gap-4 phone:block">
        <p className="text-body text-ink-2">
          {t('sentence', {
            people: active.length,
            admins: active.filter(({ grants }) => grants.some(({ role }) => role === 'admin'))
              .length,
          })}
        </p>
        <Button
          variant="primary"
          icon={<Plus aria-hidden />}
          onClick={invite}
          className="phone:mt-3 phone:w-full"
        >
          {t('invite')}
        </Button>
      </div>
      <UserTable
        users={data.users}
        ownId={ownId}
        provider={data.provider}
        isFactorRequired={data.isSecondFactorRequired}
        actions={actions}
        onLink={setMade}
      />
      <FactorPolicy
        isRequired={data.isSecondFactorRequired}
        provider={data.provider}
        mayRequire={mayRequire}
        requireSecondFactor={actions.requireSecondFactor}
      />
      {data.invitations.length > 0 && (
        <InvitationTable
          invitations={data.invitations}
          revokeInvitation={actions.revokeInvitation}
        />
      )}
      {isInviting && (
        <InviteDialog
          invite={actions.invite}
          onMade={(link) => {
            setIsInviting(false);
            setMade(link);
          }}
          onClose={() => setIsInviting(false)}
        />
      )}
      {made && <LinkDialog made={made} onClose={() => setMade(null)} />}
    </>
  );
}
