import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { BlackoutList } from '#components/blackouts/blackout-list.tsx';
import { blackoutList } from '#components/blackouts/blackout-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may } from '#core/auth/permissions.ts';
import { listBlackouts } from '#core/blackouts/read-blackouts.ts';
import { requireActor } from '../../../session.ts';
import { end, remove } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('blackouts'))('title') };
}

export default async function BlackoutsPage() {
  const actor = await requireActor('/calendars/blackouts');
  return (
    <ServerQueries
      queries={[{ queryKey: blackoutList.queryKey, queryFn: () => listBlackouts(actor) }]}
    >
      <BlackoutList mayWrite={may(actor, 'blackout:write')} actions={{ end, remove }} />
    </ServerQueries>
  );
}
