'use client';

import { Ellipsis } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Button, IconButton } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { LabelChip } from '#components/ui/label-chip.tsx';
import { LaterMenu } from '#components/ui/later-menu.tsx';
import { Link } from '#components/ui/link.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { ROLES } from '#core/auth/permission-table.ts';
import type { UserView } from '#core/users/read-people.ts';
import { GrantWords } from './grant-words.tsx';
import type { MadeLink, PeopleActions } from './settings-actions.ts';
import { useUserActs } from './use-user-acts.ts';

const UserMenu = dynamic(() => import('./user-menu.tsx').then((file) => file.UserMenu), {
  ssr: false,
});

const GrantsDialog = dynamic(
  () => import('./grants-dialog.tsx').then((file) => file.GrantsDialog),
  { ssr: false },
);

type Props = {
  users: readonly UserView[];
  ownId: string;
  provider: string | null;
  isFactorRequired: boolean;
  actions: PeopleActions;
  onLink: (link: MadeLink) => void;
};

export function UserTable({ users, ...rest }: Props) {
  const t = useTranslations('settings.list');
  const roles = useTranslations('settings.role');
  return (
    <>
      <Table className="mt-3">
        <colgroup className="phone:hidden">
          <col />
          <col className="w-56" />
          <col className="w-36" />
          <col className="w-12" />
        </colgroup>
        <TableHead>
          <Th>{t('name')}</Th>
          <Th>{t('role')}</Th>
          <Th>{t('seen')}</Th>
          <Th>
            <span className="sr-only">{t('acts', { name: '' })}</span>
          </Th>
        </TableHead>
        <TableBody>
          {users.map((user) => (
            <UserRow key={user.id} user={user} {...rest} />
          ))}
        </TableBody>
      </Table>
      <ul className="mt-2 text-meta text-ink-3">
        {ROLES.map((role) => (
          <li key={role}>{`${roles(role)}: ${roles(`${role}Hint`)}`}</li>
        ))}
      </ul>
    </>
  );
}

function UserRow({
  user,
  ownId,
  provider,
  isFactorRequired,
  actions,
  onLink,
}: Omit<Props, 'users'> & { user: UserView }) {
  const t = useTranslations('settings.list');
  const person = useTranslations('person');
  const grantsOf = useTranslations('settings.grants');
  const [isChanging, setIsChanging] = useState(false);
  const { change, isPending } = useUserActs(user, actions, onLink);
  const isOwn = user.id === ownId;
  const isOff = user.disabledAt !== null;
  const lacksFactor = isFactorRequired && user.hasPassword && !user.hasSecondFactor && !isOff;
  const whyFixed = user.areGrantsFromProvider
    ? person('fromProvider', { provider: provider ?? '' })
    : isOwn
      ? t('ownRole')
      : undefined;
  return (
    <Tr className="h-12 phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td phone="first" className="whitespace-normal phone:col-start-1">
        <Link
          href={`/settings/people/${user.id}`}
          className={cn('break-words hover:underline', isOff && 'text-ink-3 line-through')}
        >
          {user.name}
        </Link>
        {isOwn && <LabelChip className="ml-2">{t('you')}</LabelChip>}
        {isOff && <LabelChip className="ml-2">{t('off')}</LabelChip>}
        {user.hasSecondFactor && <LabelChip className="ml-2">{person('chipFactor')}</LabelChip>}
        {lacksFactor && (
          <LabelChip tone="time" className="ml-2">
            {person('chipNoFactor')}
          </LabelChip>
        )}
        <span className="block truncate text-meta text-ink-3" title={user.email}>
          {user.email}
        </span>
      </Td>
      <Td phone="second" className="phone:col-span-2 phone:col-start-1 phone:pt-1">
        <span title={whyFixed}>
          <Button
            size="small"
            variant="quiet"
            disabled={whyFixed !== undefined || isOff || isPending}
            aria-label={grantsOf('change', { name: user.name })}
            onClick={() => setIsChanging(true)}
            className="-ml-2 h-auto max-w-full justify-start py-1 text-left"
          >
            <span className="grid min-w-0">
              <GrantWords grants={user.grants} most={2} />
            </span>
          </Button>
        </span>
        {isChanging && (
          <GrantsDialog
            user={user}
            changeGrants={actions.changeGrants}
            onClose={() => setIsChanging(false)}
          />
        )}
      </Td>
      <Td className="text-ink-2">
        {user.seenAt ? (
          <RelativeTime at={user.seenAt} />
        ) : (
          <span className="text-ink-3">{t('never')}</span>
        )}
      </Td>
      <Td phone="first-end" className="py-0 text-right phone:col-start-2">
        <LaterMenu
          button={
            <IconButton size="small" label={t('acts', { name: user.name })} pending={isPending}>
              <Ellipsis aria-hidden />
            </IconButton>
          }
        >
          {(state) => (
            <UserMenu
              {...state}
              label={t('acts', { name: user.name })}
              isOwn={isOwn}
              isOff={isOff}
              onPasswordLink={() => void change.passwordLink()}
              onSwitch={(isOff) => void change.isOff(isOff)}
            />
          )}
        </LaterMenu>
      </Td>
    </Tr>
  );
}
