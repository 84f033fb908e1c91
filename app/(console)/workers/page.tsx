import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { NotAllowedPage } from '#components/shell/not-allowed-page.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { workerList } from '#components/workers/worker-queries.ts';
import { WorkerScreen } from '#components/workers/worker-screen.tsx';
import { may } from '#core/auth/permissions.ts';
import { listWorkers } from '#core/workers/workers.ts';
import { requireActor } from '../../session.ts';
import { drain, takeBack } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('workers'))('title') };
}

export default async function WorkersPage() {
  const actor = await requireActor('/workers');
  if (!may(actor, 'worker:read')) return <NotAllowedPage page="workers" permission="worker:read" />;
  return (
    <ServerQueries queries={[{ queryKey: workerList.queryKey, queryFn: () => listWorkers(actor) }]}>
      <WorkerScreen mayDrain={may(actor, 'worker:drain')} actions={{ drain, takeBack }} />
    </ServerQueries>
  );
}
