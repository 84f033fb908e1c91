'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { parseAsString } from 'nuqs/server';
import { useState } from 'react';
import type { UserView } from '#core/users/read-people.ts';
import { ListSearch } from '#components/list/list-search.tsx';
import { addressHook } from '#components/shell/address-hook.ts';
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

const usePeopleAddress = addressHook({ find: parseAsString.withDefault('') }, 'replace');

// So many are taken in at a glance.
const FEW = 12;

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
  const [{ find }, change] = usePeopleAddress();
  const isFound = useIsFound(find);
  const found = data.users.filter(isFound);
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
      {(data.users.length > FEW || find !== '') && (
        <div className="mt-4 phone:[&>span]:w-full">
          <ListSearch
            label={t('find')}
            text={find}
            onText={(text) => change({ find: text })}
            pauseMs={0}
          />
        </div>
      )}
      {found.length === 0 ? (
        <p className="mt-6 text-body text-ink-2">{t('noneFound', { text: find })}</p>
      ) : (
        <UserTable
          users={found}
          ownId={ownId}
          provider={data.provider}
          isFactorRequired={data.isSecondFactorRequired}
          actions={actions}
          onLink={setMade}
        />
      )}
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

/** Each word that was typed has to stand somewhere: in the name, the address, a role, or a label such as team=billing. */
function useIsFound(typed: string): (user: UserView) => boolean {
  const roles = useTranslations('settings.role');
  const words = typed.toLowerCase().split(/\s+/);
  return ({ name, email, grants }) => {
    const held = grants.map(
      ({ role, label }) => `${roles(role)} ${label ? `${label.name}=${label.value}` : ''}`,
    );
    const all = [name, email, ...held].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  };
}
