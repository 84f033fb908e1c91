// The main pages of the console with what keeps each live: the very queries that the page's own code asks.
import { dayQuery, overviewQuery, weekQuery } from '#components/overview/overview-queries.ts';
import { forecastQuery } from '#components/forecast/forecast-queries.ts';
import { healthQuery } from '#components/health/health-queries.ts';
import { jobListFilters, readJobListAddress } from '#components/jobs/job-list-address.ts';
import { jobListQuery } from '#components/jobs/job-list-queries.ts';
import {
  jobChartQuery,
  jobLedgerQuery,
  type JobName,
  jobQuery,
  ledgerCountsQuery,
} from '#components/jobs/job-queries.ts';
import { fetchLog } from '#components/logs/log-queries.ts';
import { queueList } from '#components/queues/queue-queries.ts';
import { readRunListAddress, runFilters } from '#components/runs/run-list-address.ts';
import { runChart, runDetail, runList } from '#components/runs/run-queries.ts';
import { REST_OF_SLOW } from '#components/shell/live-invalidation.ts';
import { shellQuery } from '#components/shell/shell-queries.ts';
import { workerList } from '#components/workers/worker-queries.ts';

export type MainPage = {
  name: string;
  address: string;
  /** Each as its screen asks it. */
  queries: { queryKey: readonly unknown[] }[];
  /** What else the page asks for until it is left. */
  follow?: (left: AbortSignal) => Promise<void>;
};

/** How a log ends that is looked at, for as long as the page is open. */
const LOOK_AGAIN_MS = 250;
const TIME_ZONE = 'Europe/Berlin';

/** The pages that everybody goes round, with a job and a run that are shown. */
export async function mainPages(): Promise<(job: JobName, runId: number) => MainPage[]> {
  const runs = runFilters(await readRunListAddress(Promise.resolve({})));
  const jobs = jobListFilters(await readJobListAddress(Promise.resolve({})));
  return (job, runId) => {
    const stretch = { from: new Date(Date.now() - 3_600_000).toISOString() };
    const all: MainPage[] = [
      {
        name: 'Overview',
        address: '/',
        queries: [overviewQuery, dayQuery, weekQuery(TIME_ZONE)],
      },
      { name: 'Jobs', address: '/jobs', queries: [jobListQuery(jobs)] },
      {
        name: 'Job',
        address: `/jobs/${job.key}`,
        queries: [
          jobQuery(job),
          jobChartQuery(job),
          jobLedgerQuery(job, {}),
          ledgerCountsQuery(job, stretch),
        ],
      },
      {
        name: 'Runs',
        address: '/runs',
        queries: [runList(runs, null), runChart(runs, '1d', TIME_ZONE)],
      },
      runPage(runId),
      { name: 'Forecast', address: '/forecast', queries: [forecastQuery('24h', TIME_ZONE)] },
      { name: 'Queues', address: '/queues', queries: [queueList] },
      { name: 'Workers', address: '/workers', queries: [workerList] },
      { name: 'Health', address: '/health', queries: [healthQuery] },
      { name: 'Settings', address: '/settings', queries: [] },
    ];
    return all.map((page) => ({ ...page, queries: [shellQuery, ...page.queries] }));
  };
}

/** A run with its log, whose end is followed. */
export function runPage(runId: number): MainPage {
  return {
    name: 'Run',
    address: `/runs/${runId}`,
    queries: [runDetail(runId)],
    follow: (left) => followLog(runId, left),
  };
}

// Without a stream; else as useFollowing does it.
async function followLog(runId: number, left: AbortSignal): Promise<void> {
  let place: Parameters<typeof fetchLog>[1] = { from: 'tail' };
  while (!left.aborted) {
    const sinceMs = performance.now();
    try {
      const page = await fetchLog(runId, place, left);
      if (page.lastSeq !== null) place = { from: 'newest', seq: page.lastSeq };
      else if (place.from === 'tail') place = { from: 'newest', seq: -1 };
      if (!page.isLive) return;
    } catch {
      // Counted where it was asked.
    }
    const restMs = Math.max(LOOK_AGAIN_MS, REST_OF_SLOW * (performance.now() - sinceMs));
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
}
