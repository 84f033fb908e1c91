import { notFound } from 'next/navigation';
import { PersonScreen } from '#components/settings/person-screen.tsx';
import { people, personQuery } from '#components/settings/settings-queries.ts';
import { NotAllowedState } from '#components/shell/not-allowed-state.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may } from '#core/auth/permissions.ts';
import { readPeople, readPerson } from '#core/users/read-people.ts';
import { requireActor } from '../../../../session.ts';
import { actions } from '../all-actions.ts';

export default async function PersonPage({ params }: PageProps<'/settings/people/[id]'>) {
  const { id } = await params;
  const actor = await requireActor(`/settings/people/${encodeURIComponent(id)}`);
  if (!may(actor, 'user:read')) return <NotAllowedState permission="user:read" />;
  const person = /^[\w-]{1,100}$/.test(id) ? await readPerson(actor, id) : null;
  if (!person?.ok) notFound();
  return (
    <ServerQueries
      queries={[
        { queryKey: personQuery(id).queryKey, queryFn: () => Promise.resolve(person.value) },
        { queryKey: people.queryKey, queryFn: () => readPeople(actor) },
      ]}
    >
      <PersonScreen userId={id} ownId={actor.id} actions={actions} />
    </ServerQueries>
  );
}
