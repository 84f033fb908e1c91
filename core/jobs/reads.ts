import type { z } from 'zod';
import { type Actor, type Scope, scopeOf } from '../auth/permissions.ts';
import { databaseNow } from '../database-now.ts';
import { type Sql, sqlOf } from '../db.ts';
import { done, type Outcome } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { readTogether } from '../read-together.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { scheduleIn } from '../schedules/saved-schedule.ts';
import type { JobFacts } from './job-facts.sql.ts';
import { ListJobs, writeJobCursor } from './job-filters.ts';
import { readCurrentDefinitions, readRecentGaps, readRecentRuns } from './job-history.sql.ts';
import { listJobRows, readLabelsInUse } from './job-list.sql.ts';
import type { JobState } from './job-state.ts';
import { nextStarts } from './next-starts.ts';
import { type JobSummary, jobSummary, RECENT_RUNS } from './job-summary.ts';

export type JobList = {
  jobs: JobSummary[];
  /** Of the next page; null: there is none. */
  next: string | null;
  /** Jobs that fit the filters, of those that the actor may know of: all numbers are of these. */
  total: number;
  /** All jobs, whatever the filters. */
  byState: Record<JobState, number>;
};

const NONE: Record<JobState, number> = {
  failing: 0,
  overdue: 0,
  running: 0,
  paused: 0,
  healthy: 0,
  never_ran: 0,
};

export async function listJobs(
  actor: Actor,
  input: z.input<typeof ListJobs>,
): Promise<Outcome<JobList>> {
  const scope = scopeOf(actor, 'job:read');
  const parsed = ListJobs.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  return readTogether(actor, ['jobs', parsed.data], () => pageOfJobs(parsed.data, scope));
}

async function pageOfJobs(query: ListJobs, scope: Scope): Promise<Outcome<JobList>> {
  const sql = sqlOf(webPool());
  const { rows, total, byState } = await listJobRows(sql, query, query.limit + 1, scope);
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return done({
    jobs: await withHistory(sql, page, await databaseNow(sql)),
    next: last ? writeJobCursor({ place: last.place, key: last.key }) : null,
    total,
    byState: { ...NONE, ...byState },
  });
}

/** Summaries with bars, durations, gaps and blackouts: a few statements, however many jobs. */
export async function withHistory(
  sql: Sql,
  facts: readonly JobFacts[],
  now: Date,
  mostBars?: number,
): Promise<JobSummary[]> {
  const jobIds = facts.map(({ id }) => id);
  const [definitions, runs] = await Promise.all([
    readCurrentDefinitions(sql, jobIds),
    readRecentRuns(sql, jobIds, RECENT_RUNS),
  ]);
  const runsOf = Map.groupBy(runs, ({ jobId }) => jobId);
  const gaps = await readRecentGaps(
    sql,
    facts.map(({ id, createdAt }) => ({
      jobId: id,
      since: runsOf.get(id)?.[RECENT_RUNS - 1]?.scheduledFor ?? createdAt,
    })),
    RECENT_RUNS,
  );
  const gapsOf = Map.groupBy(gaps, ({ jobId }) => jobId);
  const definitionOf = new Map(definitions.map(({ jobId, definition }) => [jobId, definition]));
  const scheduleOf = (jobId: number) => scheduleIn(definitionOf.get(jobId));
  const starts = await nextStarts(
    sql,
    facts.map(({ id, nextTickAt }) => ({ id, nextTickAt, schedule: scheduleOf(id) })),
    now,
  );
  return facts.map((job) =>
    jobSummary(
      job,
      {
        definition: definitionOf.get(job.id),
        runs: runsOf.get(job.id) ?? [],
        gaps: gapsOf.get(job.id) ?? [],
        nextStart: starts.get(job.id) ?? null,
      },
      now,
      mostBars,
    ),
  );
}

export type LabelInUse = { name: string; value: string; jobs: number };

/** The labels that jobs carry, the commonest first, for the filter's choices. */
export async function listLabels(actor: Actor): Promise<LabelInUse[]> {
  return readLabelsInUse(sqlOf(webPool()), scopeOf(actor, 'job:read'));
}
