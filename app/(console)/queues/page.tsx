import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { QueueScreen } from '#components/queues/queue-screen.tsx';
import { queueList } from '#components/queues/queue-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may } from '#core/auth/permissions.ts';
import { listQueues } from '#core/queues/reads.ts';
import { requireActor } from '../../session.ts';
import { change, create } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('queues'))('title') };
}

export default async function QueuesPage() {
  const actor = await requireActor('/queues');
  return (
    <ServerQueries queries={[{ queryKey: queueList.queryKey, queryFn: () => listQueues(actor) }]}>
      <QueueScreen mayWrite={may(actor, 'queue:write')} actions={{ create, change }} />
    </ServerQueries>
  );
}
