import { PeopleScreen } from '#components/settings/people-screen.tsx';
import { people } from '#components/settings/settings-queries.ts';
import { NotAllowedState } from '#components/shell/not-allowed-state.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may } from '#core/auth/permissions.ts';
import { readPeople } from '#core/users/read-people.ts';
import { requireActor } from '../../../session.ts';
import { actions } from './all-actions.ts';

export default async function PeoplePage() {
  const actor = await requireActor('/settings/people');
  if (!may(actor, 'user:read')) return <NotAllowedState permission="user:read" />;
  return (
    <ServerQueries queries={[{ queryKey: people.queryKey, queryFn: () => readPeople(actor) }]}>
      <PeopleScreen
        ownId={actor.id}
        mayRequire={may(actor, 'installation:write')}
        actions={actions}
      />
    </ServerQueries>
  );
}
