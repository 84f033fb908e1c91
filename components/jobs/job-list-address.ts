import { createLoader, parseAsArrayOf, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { JobOrder, ListJobs } from '#core/jobs/job-filters.ts';
import { JOB_STATES } from '#core/jobs/job-state.ts';
import type { KindName } from '#core/jobs/kinds/kinds.ts';
import type { z } from 'zod';

// Written out, since their own files bring the schemas of every kind into the page.
export const ORDERS = ['needs', 'name', 'next', 'latest'] as const satisfies JobOrder[];
export const KINDS = ['http', 'command', 'script'] as const satisfies KindName[];

/** Columns that one may show or hide; the job itself always shows. */
export const JOB_COLUMNS = [
  'bars',
  'median',
  'next',
  'schedule',
  'queue',
  'labels',
  'owner',
  'kind',
] as const;
export type JobColumn = (typeof JOB_COLUMNS)[number];

const USUAL_COLUMNS: JobColumn[] = ['bars', 'median', 'next', 'schedule', 'queue', 'labels'];

/** What of the list stands in the address. `after` is the cursor of the page. */
export const jobListParsers = {
  q: parseAsString.withDefault(''),
  state: parseAsArrayOf(parseAsStringLiteral(JOB_STATES)).withDefault([]),
  label: parseAsArrayOf(parseAsString).withDefault([]),
  queue: parseAsArrayOf(parseAsString).withDefault([]),
  kind: parseAsArrayOf(parseAsStringLiteral(KINDS)).withDefault([]),
  order: parseAsStringLiteral(ORDERS).withDefault('needs'),
  after: parseAsString,
  columns: parseAsArrayOf(parseAsStringLiteral(JOB_COLUMNS)).withDefault(USUAL_COLUMNS),
};

export const readJobListAddress = createLoader(jobListParsers);
export type JobListAddress = Awaited<ReturnType<typeof readJobListAddress>>;

/** Goes to the first page of what was changed to. */
export type ChangeJobList = (change: Partial<JobListAddress>) => void;

export const JOBS_ON_PAGE = 100;

/** What the server is asked for. The same on both sides, since it is part of the query's key. */
export function jobListFilters(address: JobListAddress) {
  return {
    search: address.q.trim(),
    states: address.state,
    labels: address.label,
    queues: address.queue,
    kinds: address.kind,
    order: address.order,
    cursor: address.after,
    limit: JOBS_ON_PAGE,
  } satisfies z.input<typeof ListJobs>;
}
export type JobListFilters = ReturnType<typeof jobListFilters>;

/** The address without any filter. */
export const NO_FILTERS = {
  q: '',
  state: [],
  label: [],
  queue: [],
  kind: [],
} satisfies Partial<JobListAddress>;

/** Whether anything narrows the list. */
export function isFiltered({ q, state, label, queue, kind }: JobListAddress): boolean {
  return q.trim() !== '' || [state, label, queue, kind].some((chosen) => chosen.length > 0);
}
