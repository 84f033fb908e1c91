import type { Sql } from '../db.ts';

export type CancelRequest = { id: number; attempt: number; cancelledBy: string | null };

/** The runs of a worker that a person, a key or a newer run asked to cancel. */
export async function readCancelRequests(sql: Sql, workerId: number): Promise<CancelRequest[]> {
  return sql<CancelRequest>(READ_CANCEL_REQUESTS, [workerId]);
}

const READ_CANCEL_REQUESTS = `
SELECT r.id, r.attempt, r.cancelled_by AS "cancelledBy" FROM run r
WHERE r.is_live AND r.state = 'running' AND r.worker_id = $1::int AND r.cancel_requested_at IS NOT NULL`;
