import type { Metadata } from 'next';
import { getTimeZone, getTranslations } from 'next-intl/server';
import { Suspense } from 'react';
import { dayQuery, overviewQuery, weekQuery } from '#components/overview/overview-queries.ts';
import { OverviewScreen, OverviewSkeleton } from '#components/overview/overview-screen.tsx';
import { installationSettings } from '#components/settings/settings-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may, mayForSome } from '#core/auth/permissions.ts';
import { readInstallation } from '#core/installation/read-installation.ts';
import { readDay } from '#core/overview/day.ts';
import { readOverview } from '#core/overview/overview.ts';
import { readWeek } from '#core/overview/week.ts';
import { sampleRights } from '#core/samples/sample-rights.ts';
import { requireActor } from '../session.ts';
import { valueOf } from '../value-of.ts';
import { addSamples, removeSamples } from './settings/installation/actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('overview.title');
  return { title: t('page') };
}

export default function OverviewPage() {
  return (
    <Suspense fallback={<OverviewSkeleton />}>
      <Overview />
    </Suspense>
  );
}

async function Overview() {
  const actor = await requireActor();
  const timeZone = await getTimeZone();
  return (
    <ServerQueries
      queries={[
        { queryKey: overviewQuery.queryKey, queryFn: () => readOverview(actor) },
        { queryKey: dayQuery.queryKey, queryFn: () => readDay(actor) },
        {
          queryKey: weekQuery(timeZone).queryKey,
          queryFn: async () => valueOf(await readWeek(actor, { timeZone })),
        },
        { queryKey: installationSettings.queryKey, queryFn: () => readInstallation(actor) },
      ]}
    >
      <OverviewScreen
        samples={{ addSamples, removeSamples }}
        mayPause={may(actor, 'installation:pause')}
        mayCreate={mayForSome(actor, 'job:write')}
        maySample={sampleRights(actor)}
      />
    </ServerQueries>
  );
}
