import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTimeZone, getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { Suspense } from 'react';
import {
  readRunListAddress,
  runFilters,
  RUNS_ON_PAGE,
  SPANS,
} from '#components/runs/run-list-address.ts';
import { RunListScreen, RunListSkeleton } from '#components/runs/run-list-screen.tsx';
import { runChart, runList } from '#components/runs/run-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { rightOf } from '#core/auth/right-of.ts';
import { readRunChart } from '#core/runs/run-chart.ts';
import { listRuns } from '#core/runs/reads.ts';
import { requireActor } from '../../session.ts';
import { valueOf } from '../../value-of.ts';
import { cancel, retry, runAgainWith } from './actions.ts';

type Props = { searchParams: Promise<SearchParams> };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('runs');
  return { title: t('title') };
}

export default function RunsPage(props: Props) {
  return (
    <Suspense fallback={<RunListSkeleton />}>
      <Runs {...props} />
    </Suspense>
  );
}

async function Runs({ searchParams }: Props) {
  const actor = await requireActor('/runs');
  const [address, timeZone] = await Promise.all([readRunListAddress(searchParams), getTimeZone()]);
  const { cursor, span } = address;
  const filters = runFilters(address);
  const [list, chart] = await Promise.all([
    listRuns(actor, { ...filters, cursor, limit: RUNS_ON_PAGE }),
    readRunChart(actor, { ...filters, spanMs: SPANS[span], timeZone }),
  ]);
  // A link that was cut off in a message: the whole list is what is left of it.
  if (!list.ok && list.refusal.code === 'invalid') redirect('/runs');
  return (
    <ServerQueries
      queries={[
        {
          queryKey: runList(filters, cursor).queryKey,
          queryFn: () => Promise.resolve(valueOf(list)),
        },
        {
          queryKey: runChart(filters, span, timeZone).queryKey,
          queryFn: () => Promise.resolve(valueOf(chart)),
        },
      ]}
    >
      <RunListScreen
        may={{ retry: rightOf(actor, 'run:retry'), cancel: rightOf(actor, 'run:cancel') }}
        actions={{ cancel, retry, runAgainWith }}
      />
    </ServerQueries>
  );
}
