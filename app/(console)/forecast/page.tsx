import type { Metadata } from 'next';
import { getTimeZone, getTranslations } from 'next-intl/server';
import { Suspense } from 'react';
import { forecastQuery } from '#components/forecast/forecast-queries.ts';
import { ForecastScreen, ForecastSkeleton } from '#components/forecast/forecast-screen.tsx';
import { NotAllowedPage } from '#components/shell/not-allowed-page.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may, mayForSome } from '#core/auth/permissions.ts';
import { readForecast } from '#core/forecast/read-forecast.ts';
import { STRETCH_NAMES, type StretchName } from '#core/forecast/stretches.ts';
import { requireActor } from '../../session.ts';
import { valueOf } from '../../value-of.ts';
import { saveSpread, takeSpreadBack } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('forecast'))('title') };
}

export default async function ForecastPage({ searchParams }: PageProps<'/forecast'>) {
  const actor = await requireActor('/forecast');
  if (!may(actor, 'forecast:read')) {
    return <NotAllowedPage page="forecast" permission="forecast:read" />;
  }
  const { stretch: asked } = await searchParams;
  const stretch = STRETCH_NAMES.find((name) => name === asked) ?? '24h';
  return (
    <Suspense key={stretch} fallback={<ForecastSkeleton />}>
      <Forecast actor={actor} stretch={stretch} />
    </Suspense>
  );
}

async function Forecast({
  actor,
  stretch,
}: {
  actor: Awaited<ReturnType<typeof requireActor>>;
  stretch: StretchName;
}) {
  const timeZone = await getTimeZone();
  return (
    <ServerQueries
      queries={[
        {
          queryKey: forecastQuery(stretch, timeZone).queryKey,
          queryFn: async () => valueOf(await readForecast(actor, { stretch, timeZone })),
        },
      ]}
    >
      <ForecastScreen
        mayWrite={mayForSome(actor, 'job:write_when')}
        actions={{ saveSpread, takeSpreadBack }}
      />
    </ServerQueries>
  );
}
