import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Sql } from '../db.ts';
import type { GapReason } from '../gaps/reasons.ts';
import { IS_OF_JOB } from '../runs/by-key.sql.ts';
import type { RunState, Trigger } from '../runs/states.ts';
import { overlapsGap } from '../gaps/overlap.sql.ts';

export type RecentRun = {
  jobId: number;
  id: number;
  state: RunState;
  trigger: Trigger;
  scheduledFor: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  attempt: number;
  cause: string | null;
};

/** The latest runs of each job, newest first; ticks that are still to come and tests aren't among them. */
export async function readRecentRuns(
  sql: Sql,
  jobIds: readonly number[],
  most: number,
): Promise<RecentRun[]> {
  return sql<RecentRun>(READ_RECENT_RUNS, [jobIds, most]);
}

const OF_RUN = `
  r.job_id AS "jobId", r.id, r.state, r.trigger, r.scheduled_for AS "scheduledFor", r.started_at AS "startedAt",
  r.finished_at AS "finishedAt", r.attempt, r.cause`;

// Asked of 200 jobs, a plan that goes through all that lives by its time took 20 s with a million runs: one made before they
// were due, when none of them counted. Ordered by job_id, and with a condition that says nothing of how many, only the
// job's own index serves.
const READ_RECENT_RUNS = `
SELECT recent.*
  FROM unnest($1::int[]) WITH ORDINALITY AS asked (job_id, place)
 CROSS JOIN LATERAL (
   (SELECT ${OF_RUN} FROM run_live r
     WHERE ${IS_OF_JOB('r', 'asked')} AND r.scheduled_for - statement_timestamp() <= interval '0' AND r.trigger <> 'test'
     ORDER BY r.job_id, r.scheduled_for DESC, r.id DESC LIMIT $2::int)
   UNION ALL
   (SELECT ${OF_RUN} FROM run_done r
     WHERE r.job_id = asked.job_id AND r.scheduled_for <= statement_timestamp() AND r.trigger <> 'test'
     ORDER BY r.scheduled_for DESC, r.id DESC LIMIT $2::int)
   ORDER BY "scheduledFor" DESC, id DESC LIMIT $2::int) AS recent
 ORDER BY asked.place, recent."scheduledFor" DESC, recent.id DESC`;

export type RecentGap = {
  jobId: number;
  from: Date;
  /** Null: it is still open. */
  to: Date | null;
  reason: GapReason;
  /** Null: not counted yet. */
  ticks: number | null;
  /** Of the gap's revision, as saved; to count by where nobody has yet. */
  savedSchedule: unknown;
};

/** The latest gaps of each job that end after its `since`, newest first. */
export async function readRecentGaps(
  sql: Sql,
  jobs: readonly { jobId: number; since: Date }[],
  most: number,
): Promise<RecentGap[]> {
  const gaps = await sql<RecentGap>(READ_RECENT_GAPS, [
    jobs.map(({ jobId }) => jobId),
    jobs.map(({ since }) => since),
    most,
  ]);
  await knowCalendars(
    sql,
    gaps.map(({ savedSchedule }) => savedSchedule),
  );
  return gaps;
}

const READ_RECENT_GAPS = `
SELECT recent.*
  FROM unnest($1::int[], $2::timestamptz[]) WITH ORDINALITY AS asked (job_id, since, place)
 CROSS JOIN LATERAL (
   SELECT g.job_id AS "jobId", lower(g.span) AS "from", upper(g.span) AS "to", g.reason, g.ticks,
          CASE WHEN g.ticks IS NULL THEN v.definition -> 'schedule' END AS "savedSchedule"
     FROM gap g
     LEFT JOIN revision v ON v.job_id = g.job_id AND v.number = g.revision
    WHERE g.job_id = asked.job_id AND ${overlapsGap('g', 'asked.since')}
    ORDER BY lower(g.span) DESC LIMIT $3::int) AS recent
 ORDER BY asked.place, recent."from" DESC`;

/** The current definitions, as saved. */
export async function readCurrentDefinitions(
  sql: Sql,
  jobIds: readonly number[],
): Promise<{ jobId: number; definition: unknown }[]> {
  return sql(
    `SELECT j.id AS "jobId", v.definition
       FROM job j JOIN revision v ON v.job_id = j.id AND v.number = j.revision WHERE j.id = ANY ($1::int[])`,
    [jobIds],
  );
}
