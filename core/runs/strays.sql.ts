import type { Sql } from '../db.ts';
import { TELL_CONSOLE, wakeWorkers } from './told.sql.ts';

/** A claim: the same worker may claim the same attempt again, once it was given back. */
export type Held = { id: number; attempt: number; startedAt: Date };

/** Runs that the ledger says are this worker's, and have been for longer than `olderThanMs`. */
export async function readOwnRuns(
  sql: Sql,
  workerId: number,
  olderThanMs: number,
): Promise<Held[]> {
  return sql<Held>(READ_OWN_RUNS, [workerId, olderThanMs]);
}

const READ_OWN_RUNS = `
SELECT r.id, r.attempt, r.started_at AS "startedAt" FROM run_live r
WHERE r.state = 'running' AND r.worker_id = $1::int
  AND r.started_at < clock_timestamp() - $2::float8 * interval '1 millisecond'`;

/**
 * Takes back the claim of runs that were never started, as if it hadn't been made: also where a job may not run twice
 * they can start again. A statement that comes late, since the line or the database hung, finds none of them. Where the job was deleted meanwhile they are cancelled. Answers which were still this worker's.
 */
export async function giveBackUnstartedRuns(
  sql: Sql,
  workerId: number,
  runs: readonly Held[],
): Promise<number[]> {
  const rows = await sql<{ id: number }>(GIVE_BACK, [
    workerId,
    runs.map(({ id }) => id),
    runs.map(({ attempt }) => attempt),
    runs.map(({ startedAt }) => startedAt.toISOString()),
  ]);
  return rows.map(({ id }) => id);
}

// As where an attempt ends: the job is looked at once its run is locked.
const GIVE_BACK = `
WITH locked AS MATERIALIZED (
  SELECT live.id, job_now(live.job_id) AS job
  FROM unnest($2::bigint[], $3::smallint[], $4::timestamptz[]) AS stray (id, attempt, started_at)
  CROSS JOIN LATERAL (
    SELECT r.id, r.job_id FROM run_live r
    WHERE r.id = stray.id AND r.attempt = stray.attempt AND r.worker_id = $1::int
      AND date_trunc('milliseconds', r.started_at) = stray.started_at
    FOR UPDATE
  ) AS live
), by_id AS MATERIALIZED (
  SELECT array_agg(id) AS ids, coalesce(array_agg(id) FILTER (WHERE (job).deleted_at IS NOT NULL), '{}') AS deleted,
    jsonb_object_agg(id, (job).queue) AS queues
  FROM locked
), changed AS (
  UPDATE run r
  SET (is_live, state, finished_at, cause, queue, worker_id, started_at, attempt) = (
    SELECT NOT gone.is_deleted, CASE WHEN gone.is_deleted THEN 'cancelled' ELSE 'queued' END,
      CASE WHEN gone.is_deleted THEN clock_timestamp() END,
      CASE WHEN gone.is_deleted THEN 'Its job was deleted.' ELSE r.cause END,
      coalesce((SELECT queues FROM by_id) ->> r.id::text, r.queue), NULL::int, NULL::timestamptz, r.attempt - 1
    FROM (SELECT r.id = ANY ((SELECT deleted FROM by_id)::bigint[]) AS is_deleted) AS gone)
  WHERE r.is_live AND r.id = ANY ((SELECT ids FROM by_id)::bigint[])
  RETURNING r.id
), woken AS MATERIALIZED (SELECT ${wakeWorkers('look')} WHERE EXISTS (SELECT 1 FROM changed)
), ${TELL_CONSOLE}
SELECT id, (SELECT count(*) FROM told) AS told, (SELECT count(*) FROM woken) AS woken FROM changed`;
