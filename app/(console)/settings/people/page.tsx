import { PeopleScreen } from '#components/settings/people-screen.tsx';
import { people } from '#components/settings/settings-queries.ts';
import { NotAllowedState } from '#components/shell/not-allowed-state.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may } from '#core/auth/permissions.ts';
import { listInvitations } from '#core/users/invitations.ts';
import { listUsers } from '#core/users/users.ts';
import { requireActor } from '../../../session.ts';
import {
  changeGrants,
  invite,
  makePasswordLink,
  revokeInvitation,
  switchOff,
  switchOn,
} from './actions.ts';

const actions = { changeGrants, invite, makePasswordLink, revokeInvitation, switchOff, switchOn };

export default async function PeoplePage() {
  const actor = await requireActor('/settings/people');
  if (!may(actor, 'user:read')) return <NotAllowedState permission="user:read" />;
  const read = async () => {
    const [users, invitations] = await Promise.all([listUsers(actor), listInvitations(actor)]);
    return { users, invitations };
  };
  return (
    <ServerQueries queries={[{ queryKey: people.queryKey, queryFn: read }]}>
      <PeopleScreen ownId={actor.id} actions={actions} />
    </ServerQueries>
  );
}
