import type { Sql } from '../db.ts';
import type { LiveState } from './states.ts';

export type LiveRun = { id: number; jobId: number; state: LiveState };

/** The jobs of these runs, as far as they are live, deleted ones too: their labels stay until the transaction ends. */
export async function lockJobsOfLiveRuns(
  sql: Sql,
  runIds: readonly number[],
): Promise<{ id: number; key: string; labels: Record<string, string> }[]> {
  return sql(
    `SELECT id, key, labels FROM job
      WHERE id IN (SELECT job_id FROM run WHERE is_live AND id = ANY ($1::bigint[]))
      ORDER BY id FOR SHARE`,
    [runIds],
  );
}

/** Holds these runs, as far as they are live, until the transaction ends: none is claimed, finished or put back meanwhile. */
export async function lockLiveRuns(sql: Sql, ids: readonly number[]): Promise<LiveRun[]> {
  return sql<LiveRun>(
    `SELECT id, job_id AS "jobId", state FROM run WHERE is_live AND id = ANY ($1::bigint[]) ORDER BY id FOR UPDATE`,
    [ids],
  );
}

/** Ends waiting runs at once; a run that isn't `queued` isn't touched. */
export async function cancelIfQueued(
  sql: Sql,
  ids: readonly number[],
  by: string,
): Promise<number[]> {
  const rows = await sql<{ id: number }>(
    `UPDATE run SET is_live = false, state = 'cancelled', finished_at = clock_timestamp(), hold = NULL,
            cancel_requested_at = clock_timestamp(), cancelled_by = $2::text,
            cause = 'cancelled by ' || $2::text || ' before it started'
      WHERE is_live AND state = 'queued' AND id = ANY ($1::bigint[])
     RETURNING id`,
    [ids, by],
  );
  return rows.map(({ id }) => id);
}

/** Asks the worker of a running run to end it; the first who asks is named. */
export async function requestCancelIfRunning(
  sql: Sql,
  ids: readonly number[],
  by: string,
): Promise<number[]> {
  const rows = await sql<{ id: number }>(
    `UPDATE run SET cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp()),
            cancelled_by = coalesce(cancelled_by, $2::text)
      WHERE is_live AND state = 'running' AND id = ANY ($1::bigint[])
     RETURNING id`,
    [ids, by],
  );
  return rows.map(({ id }) => id);
}
