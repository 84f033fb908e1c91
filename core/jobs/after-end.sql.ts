import type { Sql } from '../db.ts';
import type { PlanningState } from './plan-job.ts';
import type { Revision } from './planning.sql.ts';

// Jobs whose ticks are counted from the end of the last run: a tick is made when the one before it has ended, so that a
// job never has two that live.

/** SQL: the tick ahead of the job `j` that is known; null for jobs that don't count from the end of runs. */
export const KNOWN_TICK = `
  CASE WHEN j.counts_from_end THEN coalesce((
    SELECT min(r.scheduled_for) FROM run_live r
     WHERE r.job_id = j.id AND r.trigger = 'tick' AND r.attempt = 0 AND r.scheduled_for > now()), j.next_tick_at) END`;

/** The tick ahead of a job that is known; null also where it, or everything, is paused. */
export async function readKnownTick(sql: Sql, jobId: number): Promise<Date | null> {
  const [row] = await sql<{ at: Date | null }>(READ_KNOWN_TICK, [jobId]);
  return row?.at ?? null;
}

const READ_KNOWN_TICK = `
SELECT ${KNOWN_TICK} AS at FROM job j CROSS JOIN installation i
 WHERE j.id = $1::int AND j.deleted_at IS NULL AND j.paused_at IS NULL AND i.paused_at IS NULL`;

/** Such a job without a tick that lives, and what its next one is reckoned from. */
export type JobAfterEnd = Omit<PlanningState, 'accounted' | 'coverage'> & {
  key: string;
  /** When the run of its last tick ended, whatever its end; null: there was none. */
  lastEndAt: Date | null;
  /** The first instant that lies ahead, by the database's clock. */
  now: Date;
  /** Ticks that lie ahead and have ended: somebody cancelled them ahead of time. In epoch ms. */
  takenMs: number[];
};

/** Ticks that come late may end before ones that came early, where several ran at once before an edit. */
const LATEST_TICKS = 20;

/** An end that lies further ahead is one of a clock that was put back since: counted from, it would stop the schedule. */
const NOT_AHEAD = `<= now() + interval '1 minute'`;

/** SQL: when the run of the last tick of the job `j` ended; null: there was none. */
const LAST_END = `greatest(CASE WHEN j.last_end_at ${NOT_AHEAD} THEN j.last_end_at END, (
       SELECT max(e.finished_at) FROM (
         SELECT r.finished_at FROM run_done r
          WHERE r.job_id = j.id AND r.trigger = 'tick' AND r.finished_at ${NOT_AHEAD}
          ORDER BY r.scheduled_for DESC LIMIT ${LATEST_TICKS}) AS e))`;

/** SQL: when the tick after that is due, by the revision `v`. */
const AFTER_LAST_END = `
       ${LAST_END} + (v.definition -> 'schedule' ->> 'everyMs')::double precision * interval '1 millisecond'`;

const WITHOUT_TICK = `
       j.counts_from_end AND j.deleted_at IS NULL AND j.paused_at IS NULL
   AND NOT EXISTS (SELECT FROM installation WHERE paused_at IS NOT NULL)
   AND NOT EXISTS (SELECT FROM run_live r WHERE r.job_id = j.id AND r.trigger = 'tick')`;

/**
 * Up to `limit` jobs after `afterId`, in the order of their ids, whose next tick isn't known or comes within `reachMs`. None
 * while everything is paused.
 */
export async function findJobsAfterEnd(
  sql: Sql,
  asked: { afterId: number; limit: number; reachMs: number; aside: readonly Revision[] },
): Promise<number[]> {
  const rows = await sql<{ id: number }>(FIND_JOBS_AFTER_END, [
    asked.afterId,
    asked.limit,
    asked.reachMs,
    asked.aside.map(({ jobId }) => jobId),
    asked.aside.map(({ revision }) => revision),
  ]);
  return rows.map(({ id }) => id);
}

const FIND_JOBS_AFTER_END = `
SELECT j.id FROM job j
 WHERE ${WITHOUT_TICK} AND j.id > $1::int
   AND (j.next_tick_at IS NULL OR j.next_tick_at <= now() + $3::double precision * interval '1 millisecond')
   AND (j.id, j.revision) NOT IN (SELECT * FROM unnest($4::int[], $5::int[]))
 ORDER BY j.id LIMIT $2::int`;

export const ANY_COUNTS_FROM_END =
  'EXISTS (SELECT FROM job WHERE counts_from_end AND deleted_at IS NULL AND paused_at IS NULL)';

/** Whether there are such jobs at all. */
export async function anyCountsFromEnd(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ isThere: boolean }>(`SELECT ${ANY_COUNTS_FROM_END} AS "isThere"`);
  return row!.isThere;
}

/**
 * Locks those of the jobs that nobody else holds, and reads them once they are locked: what another worker made of them until
 * then is seen.
 */
export async function lockJobsAfterEnd(
  sql: Sql,
  jobIds: readonly number[],
): Promise<JobAfterEnd[]> {
  const locked = await sql<{ id: number }>(LOCK_JOBS_AFTER_END, [jobIds]);
  return readJobsAfterEnd(
    sql,
    locked.map(({ id }) => id),
  );
}

const LOCK_JOBS_AFTER_END = `
SELECT id FROM job
 WHERE id = ANY ($1::int[]) AND counts_from_end AND deleted_at IS NULL AND paused_at IS NULL
 ORDER BY id
   FOR UPDATE SKIP LOCKED`;

/** Those of the jobs that have no tick that lives. */
export async function readJobsAfterEnd(
  sql: Sql,
  jobIds: readonly number[],
): Promise<JobAfterEnd[]> {
  return jobIds.length === 0 ? [] : sql<JobAfterEnd>(READ_JOBS_AFTER_END, [jobIds]);
}

const READ_JOBS_AFTER_END = `
WITH clock AS MATERIALIZED (
  SELECT date_trunc('milliseconds', clock_timestamp()) + interval '1 millisecond' AS ahead
)
SELECT j.id AS "jobId", j.key, j.revision, j.planned_until AS "plannedUntil", j.replan_from AS "replanFrom",
       j.next_tick_at AS "nextTickAt", ${LAST_END} AS "lastEndAt", clock.ahead AS now,
       coalesce((
         SELECT jsonb_agg((extract(epoch FROM r.scheduled_for) * 1000)::bigint) FROM run_done r
          WHERE r.job_id = j.id AND r.trigger = 'tick' AND r.scheduled_for >= clock.ahead), '[]') AS "takenMs"
  FROM job j CROSS JOIN clock
 WHERE j.id = ANY ($1::int[]) AND ${WITHOUT_TICK}
 ORDER BY j.id`;

/** Keeps what the next ticks were reckoned from: history may be gone before they come. */
export async function keepLastEnds(
  sql: Sql,
  jobs: readonly Pick<JobAfterEnd, 'jobId' | 'lastEndAt'>[],
): Promise<void> {
  const known = jobs.flatMap(({ jobId, lastEndAt }) => (lastEndAt ? [{ jobId, lastEndAt }] : []));
  if (known.length === 0) return;
  await sql(KEEP_LAST_ENDS, [
    known.map(({ jobId }) => jobId),
    known.map(({ lastEndAt }) => lastEndAt.toISOString()),
  ]);
}

const KEEP_LAST_ENDS = `
UPDATE job j SET last_end_at = k.last_end_at
  FROM unnest($1::int[], $2::timestamptz[]) AS k (job_id, last_end_at)
 WHERE j.id = k.job_id AND j.last_end_at IS DISTINCT FROM k.last_end_at`;

/**
 * Lets jobs whose tick came due in a pause count from the end of that pause, `from`, instead of making up for it. The
 * transaction holds them. One that never ran begins at once all the same.
 */
export async function countFromEndOfPause(
  sql: Sql,
  jobIds: readonly number[],
  from: Date,
): Promise<void> {
  await sql(COUNT_FROM_END_OF_PAUSE, [jobIds, from.toISOString()]);
}

const COUNT_FROM_END_OF_PAUSE = `
UPDATE job j SET last_end_at = $2::timestamptz
  FROM revision v
 WHERE j.id = ANY ($1::int[]) AND j.counts_from_end AND v.job_id = j.id AND v.number = j.revision
   AND NOT EXISTS (SELECT FROM run_live r WHERE r.job_id = j.id AND r.trigger = 'tick')
   AND ${AFTER_LAST_END} <= $2::timestamptz`;

/** Of paused jobs, those whose tick came due in the pause: what whoever resumes them is asked about. */
export async function readDueInPause(
  sql: Sql,
  jobIds: readonly number[],
): Promise<{ jobId: number; dueAt: Date }[]> {
  return sql(READ_DUE_IN_PAUSE, [jobIds]);
}

const READ_DUE_IN_PAUSE = `
SELECT * FROM (
  SELECT j.id AS "jobId", ${AFTER_LAST_END} AS "dueAt"
    FROM job j JOIN revision v ON v.job_id = j.id AND v.number = j.revision
   WHERE j.id = ANY ($1::int[]) AND j.counts_from_end
     AND NOT EXISTS (SELECT FROM run_live r WHERE r.job_id = j.id AND r.trigger = 'tick')) AS due
 WHERE "dueAt" <= now()`;
