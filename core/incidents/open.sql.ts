import type { Sql } from '../db.ts';
import { signalWorkers } from '../events/events.ts';
import { wakeWorkers } from '../runs/told.sql.ts';

/** A moment in which others of the same problem arrive, so that they are told together. */
export const SETTLE = `interval '2 seconds'`;

/** Longer causes are in the run; a message has no room for them. */
const CAUSE_LENGTH = 500;

// Whoever asked for a test or a backfill looks at how it ends, and what went wrong with last week's ticks says nothing of
// today's.
const COUNTS = `trigger NOT IN ('test', 'backfill')`;

/**
 * CTEs for the statement that records ended attempts, over its CTE `owned`: runs that ended badly for good open their
 * job's incident or count in it, and a success that began after the last of them closes it. Without an open incident
 * anywhere the second looks no further than the index that says so. Rows are met by job id, after runs and progress. The
 * statement must read `owed`, which wakes whoever tells people.
 */
export const FOLLOW_INCIDENTS = `went_wrong AS MATERIALIZED (
  SELECT job_id, count(*)::int AS runs, min(ended_at) AS first_at, max(ended_at) AS last_at,
    (array_agg(id ORDER BY ended_at, id))[1] AS first_id, (array_agg(id ORDER BY ended_at DESC, id DESC))[1] AS last_id,
    (array_agg(state ORDER BY ended_at, id))[1] AS kind,
    (array_agg(left(cause, ${CAUSE_LENGTH}) ORDER BY ended_at, id))[1] AS first_cause,
    (array_agg(left(cause, ${CAUSE_LENGTH}) ORDER BY ended_at DESC, id DESC))[1] AS last_cause
  FROM owned WHERE state IN ('failed', 'timed_out', 'lost') AND ${COUNTS} AND NOT is_job_deleted
  GROUP BY job_id
), incident_went_on AS (
  INSERT INTO incident AS i (job_id, kind, opened_at, first_run_id, cause, runs, last_at, last_run_id, last_cause, tell_at)
  SELECT job_id, kind, first_at, first_id, first_cause, runs, last_at, last_id, last_cause, clock_timestamp() + ${SETTLE}
  FROM went_wrong ORDER BY job_id
  ON CONFLICT (job_id) WHERE ended_at IS NULL DO UPDATE
  SET runs = i.runs + excluded.runs, last_at = greatest(i.last_at, excluded.last_at),
    last_run_id = excluded.last_run_id, last_cause = excluded.last_cause
), incident_ended AS (
  UPDATE incident i
  SET ended_at = greatest(well.ended_at, i.last_at), ended_by_run = well.id, tell_at = clock_timestamp() + ${SETTLE}
  FROM (
    SELECT DISTINCT ON (job_id) job_id, id, started_at, ended_at FROM owned
    WHERE state = 'succeeded' AND ${COUNTS} ORDER BY job_id, started_at DESC
  ) AS well
  WHERE EXISTS (SELECT 1 FROM incident WHERE ended_at IS NULL)
    AND i.job_id = well.job_id AND i.ended_at IS NULL AND i.paused_at IS NULL AND i.last_at <= well.started_at
    AND NOT EXISTS (SELECT 1 FROM went_wrong w WHERE w.job_id = well.job_id)
  RETURNING i.id
), owed AS MATERIALIZED (
  SELECT ${wakeWorkers('message')}
  WHERE EXISTS (SELECT 1 FROM went_wrong) OR EXISTS (SELECT 1 FROM incident_ended)
)`;

/** Ticks that became no run, of one job. */
export type MissedTicks = {
  jobId: number;
  /** Null where they can't be counted. */
  ticks: number | null;
  cause: string;
};

/** Opens the jobs' incidents for ticks that were missed, or counts them in, in the transaction that records them. */
export async function openForMissed(sql: Sql, missed: readonly MissedTicks[]): Promise<void> {
  if (missed.length === 0) return;
  await sql(OPEN_FOR_MISSED, [
    missed.map(({ jobId }) => jobId),
    missed.map(({ ticks }) => ticks ?? 1),
    missed.map(({ cause }) => cause),
  ]);
  await signalWorkers(sql, 'message');
}

const OPEN_FOR_MISSED = `
INSERT INTO incident AS i (job_id, kind, opened_at, cause, missed, last_at, last_cause, tell_at)
SELECT m.job_id, 'missed', now_at, (array_agg(m.cause))[1], sum(m.ticks)::bigint, now_at, (array_agg(m.cause))[1],
       now_at + ${SETTLE}
  FROM unnest($1::int[], $2::bigint[], $3::text[]) AS m (job_id, ticks, cause)
 CROSS JOIN (SELECT clock_timestamp()::timestamptz(3) AS now_at) AS clock
 GROUP BY m.job_id, now_at ORDER BY m.job_id
ON CONFLICT (job_id) WHERE ended_at IS NULL DO UPDATE
SET missed = i.missed + excluded.missed, last_at = greatest(i.last_at, excluded.last_at),
    last_cause = excluded.last_cause`;

/** Punctual has paused the job, in this transaction: that is a problem of its own, or the next thing to say of one. */
export async function openForAutoPause(sql: Sql, jobId: number, reason: string): Promise<void> {
  await sql(OPEN_FOR_AUTO_PAUSE, [jobId, reason]);
  await signalWorkers(sql, 'message');
}

const OPEN_FOR_AUTO_PAUSE = `
INSERT INTO incident AS i (job_id, kind, opened_at, cause, last_at, last_cause, paused_at, pauses, pause_reason, tell_at)
SELECT $1::int, 'auto_paused', now_at, $2::text, now_at, $2::text, now_at, 1, $2::text, now_at + ${SETTLE}
  FROM (SELECT clock_timestamp()::timestamptz(3) AS now_at) AS clock
ON CONFLICT (job_id) WHERE ended_at IS NULL DO UPDATE
SET paused_at = excluded.paused_at, pauses = i.pauses + 1, pause_reason = excluded.pause_reason,
    tell_at = excluded.tell_at`;

/** Somebody resumed the jobs: from now on a success shows that all is well. */
export async function endAutoPauses(sql: Sql, jobIds: readonly number[]): Promise<void> {
  await sql(END_AUTO_PAUSES, [jobIds.toSorted((a, b) => a - b)]);
}

const END_AUTO_PAUSES = `
UPDATE incident SET paused_at = NULL
 WHERE ended_at IS NULL AND paused_at IS NOT NULL AND job_id = ANY ($1::int[])`;
