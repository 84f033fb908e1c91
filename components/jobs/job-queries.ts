import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { JobLedger } from '#core/jobs/ledger.ts';
import type { LedgerCounts } from '#core/jobs/ledger-counts.ts';
import type { JobChart, NextTicks } from '#core/jobs/next-ticks.ts';
import type { JobDetail, RevisionSummary, SavedDefinition } from '#core/jobs/read-job.ts';
import { fetchJson } from '#components/shell/fetch-json.ts';

/** A job by id and key: the id says whose changes matter, the key where it is read. */
export type JobName = { id: number; key: string };

export const TICKS_ON_PAGE = 50;

/** Everything that the head and the aside of a job's page say. */
export const jobQuery = ({ id, key }: JobName) =>
  queryOptions({
    queryKey: ['job', id, 'detail', key],
    queryFn: ({ signal }) => get<JobDetail>('job', { key }, signal),
    meta: { topics: ['run', 'installation'] },
  });

export const jobChartQuery = ({ id }: JobName) =>
  queryOptions({
    queryKey: ['job', id, 'chart'],
    queryFn: ({ signal }) => get<JobChart>('job-chart', { jobId: id }, signal),
    meta: { topics: ['run'] },
  });

/** What part of the ledger shows; an absent bound is none. */
export type LedgerPage = { from?: string; to?: string; cursor?: string };

export const jobLedgerQuery = ({ id }: JobName, page: LedgerPage) =>
  queryOptions({
    queryKey: ['job', id, 'ledger', page],
    queryFn: ({ signal }) => get<JobLedger>('job-ledger', { jobId: id, ...page }, signal),
    meta: { topics: ['run'] },
    placeholderData: keepPreviousData,
  });

export const ledgerCountsQuery = ({ id }: JobName, stretch: { from: string; to?: string }) =>
  queryOptions({
    queryKey: ['job', id, 'counts', stretch],
    queryFn: ({ signal }) =>
      get<LedgerCounts>('job-ledger-counts', { jobId: id, ...stretch }, signal),
    meta: { topics: ['run'] },
    placeholderData: keepPreviousData,
  });

/** The ledger's sum counts from where the chart begins. */
export const sumBegins = (chart: JobChart, job: { createdAt: string }): string =>
  chart.bars[0]?.at ?? job.createdAt;

export const nextTicksQuery = ({ id }: JobName) =>
  queryOptions({
    queryKey: ['job', id, 'ticks'],
    queryFn: ({ signal }) =>
      get<NextTicks>('job-ticks', { jobId: id, limit: TICKS_ON_PAGE }, signal),
  });

export const revisionsQuery = ({ id, key }: JobName) =>
  queryOptions({
    queryKey: ['job', id, 'revisions', key],
    queryFn: ({ signal }) => get<RevisionSummary[]>('job-revisions', { key }, signal),
  });

/** What was saved doesn't change: it is asked for once. */
export const revisionQuery = ({ id, key }: JobName, revision: number) =>
  queryOptions({
    queryKey: ['revision', id, revision],
    queryFn: ({ signal }) => get<SavedDefinition>('job-revision', { key, revision }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

function get<Body>(
  read: string,
  query: Readonly<Record<string, string | number | undefined>>,
  signal: AbortSignal,
): Promise<Body> {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return fetchJson<Body>(`/api/console/${read}?${new URLSearchParams(given)}`, signal);
}
