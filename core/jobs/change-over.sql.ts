import type { Sql } from '../db.ts';
import { overlapsGap } from '../gaps/overlap.sql.ts';

/** A job that this transaction holds; deleted ones can't be held. */
export type LockedJob = {
  id: number;
  key: string;
  revision: number;
  hasSchedule: boolean;
  countsFromEnd: boolean;
  isSample: boolean;
  labels: Record<string, string>;
  plannedUntil: Date;
  replanFrom: Date | null;
  nextTickAt: Date | null;
  pausedAt: Date | null;
};

const LOCKED_JOB = `
       id, key, revision, has_schedule AS "hasSchedule", counts_from_end AS "countsFromEnd",
       is_sample AS "isSample", planned_until AS "plannedUntil",
       replan_from AS "replanFrom", next_tick_at AS "nextTickAt", paused_at AS "pausedAt", labels`;

/** Waits for planners and for other people's changes of these jobs; in the order of their ids, so that none deadlock. */
export async function lockJobs(sql: Sql, jobIds: readonly number[]): Promise<LockedJob[]> {
  return sql<LockedJob>(LOCK_JOBS, [jobIds]);
}

const LOCK_JOBS = `
SELECT ${LOCKED_JOB}
  FROM job
 WHERE id = ANY ($1::int[]) AND deleted_at IS NULL
 ORDER BY id
   FOR UPDATE`;

export async function lockJobsWithSchedule(sql: Sql): Promise<LockedJob[]> {
  return sql<LockedJob>(LOCK_JOBS_WITH_SCHEDULE);
}

const LOCK_JOBS_WITH_SCHEDULE = `
SELECT ${LOCKED_JOB}
  FROM job
 WHERE has_schedule AND deleted_at IS NULL
 ORDER BY id
   FOR UPDATE`;

/** Whether everything is paused; it stays so until this transaction ends. */
export async function lockInstallation(
  sql: Sql,
  strength: 'SHARE' | 'UPDATE',
): Promise<{ pausedAt: Date | null }> {
  const [row] = await sql<{ pausedAt: Date | null }>(
    `SELECT paused_at AS "pausedAt" FROM installation WHERE id = 1 FOR ${strength}`,
  );
  if (!row) throw new Error('The row of the installation is missing.');
  return row;
}

/** [fromMs, toMs) in epoch ms; no end: an open gap. */
export type Accounted = { jobId: number; fromMs: number; toMs: number | null };

/**
 * What is accounted for although it lies after where planning goes on: ticks that a person cancelled before they were due,
 * and gaps that were cut by an edit before a pause ended at a time before that.
 */
export async function accountedAfterMark(
  sql: Sql,
  jobIds: readonly number[],
): Promise<Accounted[]> {
  return sql<Accounted>(ACCOUNTED_AFTER_MARK, [jobIds]);
}

const ACCOUNTED_AFTER_MARK = `
SELECT j.id AS "jobId", (extract(epoch FROM r.scheduled_for) * 1000)::bigint AS "fromMs",
       (extract(epoch FROM r.scheduled_for) * 1000)::bigint + 1 AS "toMs"
  FROM job j
  JOIN run r ON r.job_id = j.id AND r.is_live IN (true, false) AND r.trigger = 'tick'
            AND r.scheduled_for > j.replan_from AND r.scheduled_for <= j.planned_until
 WHERE j.id = ANY ($1::int[]) AND j.replan_from IS NOT NULL
UNION ALL
SELECT j.id, (extract(epoch FROM lower(g.span)) * 1000)::bigint, (extract(epoch FROM upper(g.span)) * 1000)::bigint
  FROM job j
  JOIN gap g ON g.job_id = j.id AND ${overlapsGap('g', 'coalesce(j.replan_from, j.planned_until)')}
 WHERE j.id = ANY ($1::int[])`;

/** Keeps workers from claiming ticks that lie ahead, until this transaction ends. */
export async function lockTicksAhead(sql: Sql, jobIds: readonly number[]): Promise<void> {
  await sql(LOCK_TICKS_AHEAD, [jobIds]);
}

const LOCK_TICKS_AHEAD = `
WITH ahead AS MATERIALIZED (
  SELECT id FROM run
   WHERE is_live AND job_id = ANY ($1::int[]) AND trigger = 'tick' AND state = 'queued' AND attempt = 0
     AND scheduled_for > now()
     FOR UPDATE
)
SELECT count(*)::int AS ticks FROM ahead`;

/** The first millisecond that lies wholly ahead, by the database's clock. */
export async function firstInstantAhead(sql: Sql): Promise<Date> {
  const [row] = await sql<{ at: Date }>(
    `SELECT date_trunc('milliseconds', clock_timestamp()) + interval '1 millisecond' AS at`,
  );
  return row!.at;
}

/** Takes back ticks at or after `from` that nobody has started: rows that never were due. */
export async function deleteTicksFrom(
  sql: Sql,
  jobIds: readonly number[],
  from: Date,
): Promise<void> {
  await sql(DELETE_TICKS_FROM, [jobIds, from.toISOString()]);
}

const DELETE_TICKS_FROM = `
DELETE FROM run
 WHERE is_live AND job_id = ANY ($1::int[]) AND trigger = 'tick' AND state = 'queued' AND attempt = 0
   AND scheduled_for >= $2::timestamptz`;

/** Ticks at or after `from` that a person cancelled before they were due: their rows stay when others are taken back. */
export async function cancelledTicksFrom(sql: Sql, jobId: number, from: Date): Promise<Date[]> {
  const rows = await sql<{ at: Date }>(CANCELLED_TICKS_FROM, [jobId, from.toISOString()]);
  return rows.map(({ at }) => at);
}

const CANCELLED_AHEAD = `
       NOT is_live AND job_id = $1::int AND trigger = 'tick' AND state = 'cancelled' AND attempt = 0
   AND scheduled_for >= $2::timestamptz`;

const CANCELLED_TICKS_FROM = `
SELECT scheduled_for AS at FROM run WHERE ${CANCELLED_AHEAD} ORDER BY scheduled_for`;

/** Of those, the ones in `kept` become ticks of the given revision; the others are no ticks any more and go. */
export async function carryCancelledTicks(
  sql: Sql,
  jobId: number,
  from: Date,
  { revision, kept }: { revision: number; kept: readonly Date[] },
): Promise<void> {
  const instants = kept.map((at) => at.toISOString());
  await sql(DROP_CANCELLED_TICKS_FROM, [jobId, from.toISOString(), instants]);
  await sql(RENAME_CANCELLED_TICKS_FROM, [jobId, from.toISOString(), revision]);
}

const DROP_CANCELLED_TICKS_FROM = `
DELETE FROM run WHERE ${CANCELLED_AHEAD} AND scheduled_for <> ALL ($3::timestamptz[])`;

const RENAME_CANCELLED_TICKS_FROM = `
UPDATE run SET revision = $3::int WHERE ${CANCELLED_AHEAD}`;

/** All before `from` is accounted for; what was planned from there on is to be planned again. */
export async function restartPlanningFrom(
  sql: Sql,
  jobIds: readonly number[],
  from: Date,
): Promise<void> {
  await sql(RESTART_PLANNING_FROM, [jobIds, new Date(from.getTime() - 1).toISOString()]);
}

// The cursor and the mark are exclusive: planning begins after them. A next tick that has passed is one in a gap or in
// the ledger; until a planner has looked, the next one may be at once. What counts from the end of the last run is
// reckoned anew (worker/follower.ts).
const RESTART_PLANNING_FROM = `
UPDATE job
   SET planned_until = greatest(planned_until, $2::timestamptz),
       replan_from = CASE WHEN planned_until > $2::timestamptz THEN $2::timestamptz END,
       next_tick_at = CASE WHEN counts_from_end THEN NULL
                           WHEN next_tick_at < $2::timestamptz THEN $2::timestamptz ELSE next_tick_at END
 WHERE id = ANY ($1::int[])`;
