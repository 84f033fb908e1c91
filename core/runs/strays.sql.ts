import type { Sql } from '../db.ts';
import { TELL_CONSOLE, wakeWorkers } from './told.sql.ts';

export type Held = { id: number; attempt: number };

/** Runs that the ledger says are this worker's, and have been for longer than `olderThanMs`. */
export async function readOwnRuns(
  sql: Sql,
  workerId: number,
  olderThanMs: number,
): Promise<Held[]> {
  return sql<Held>(READ_OWN_RUNS, [workerId, olderThanMs]);
}

const READ_OWN_RUNS = `
SELECT r.id, r.attempt FROM run_live r
WHERE r.state = 'running' AND r.worker_id = $1::int
  AND r.started_at < clock_timestamp() - $2::float8 * interval '1 millisecond'`;

/**
 * Takes back the claim of runs that were never started, as if it hadn't been made: also where a job may not run twice
 * they can start again. Answers which were still this worker's.
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
  ]);
  return rows.map(({ id }) => id);
}

const GIVE_BACK = `
WITH changed AS (
  UPDATE run_live r SET state = 'queued', worker_id = NULL, started_at = NULL, attempt = r.attempt - 1
  FROM unnest($2::bigint[], $3::smallint[]) AS stray (id, attempt)
  WHERE r.id = ANY (ARRAY[stray.id]) AND r.attempt = stray.attempt AND r.worker_id = $1::int
  RETURNING r.id
), woken AS MATERIALIZED (SELECT ${wakeWorkers('look')} WHERE EXISTS (SELECT 1 FROM changed)
), ${TELL_CONSOLE}
SELECT id, (SELECT count(*) FROM told) AS told, (SELECT count(*) FROM woken) AS woken FROM changed`;
