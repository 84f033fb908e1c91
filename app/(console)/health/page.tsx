import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { healthQuery } from '#components/health/health-queries.ts';
import { HealthScreen } from '#components/health/health-screen.tsx';
import { NotAllowedPage } from '#components/shell/not-allowed-page.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may } from '#core/auth/permissions.ts';
import { readHealth } from '#core/health/read-health.ts';
import { requireActor } from '../../session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('health'))('title') };
}

export default async function HealthPage() {
  const actor = await requireActor('/health');
  if (!may(actor, 'health:read')) return <NotAllowedPage page="health" permission="health:read" />;
  return (
    <ServerQueries queries={[{ queryKey: healthQuery.queryKey, queryFn: () => readHealth(actor) }]}>
      <HealthScreen />
    </ServerQueries>
  );
}
