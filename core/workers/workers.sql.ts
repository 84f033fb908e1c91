import type { Sql } from '../db.ts';

export type WorkerRow = {
  id: number;
  name: string;
  host: string;
  pid: number;
  version: string;
  state: 'active' | 'draining' | 'stopped' | 'lost';
  labels: Record<string, string>;
  queues: string[];
  kinds: string[];
  slots: number;
  slotsInUse: number;
  clockOffsetMs: number;
  startedAt: Date;
  heartbeatAt: Date;
  isSilent: boolean;
  drainRequestedBy: string | null;
  endedAt: Date | null;
  running: { runId: number; jobKey: string | null; startedMs: number }[] | null;
};

/** Those that haven't ended, and the latest of those that ended within the last day. */
export async function readWorkerRows(sql: Sql): Promise<WorkerRow[]> {
  return sql<WorkerRow>(READ_WORKERS, []);
}

const READ_WORKERS = `
WITH shown AS (
  (SELECT * FROM worker WHERE ended_at IS NULL ORDER BY name, id LIMIT 1000)
  UNION ALL
  (SELECT * FROM worker WHERE ended_at > now() - interval '1 day' ORDER BY ended_at DESC LIMIT 50)
)
SELECT w.id, w.name, w.host, w.pid, w.version, w.state, w.labels, w.queues, w.kinds, w.slots,
       w.slots_in_use AS "slotsInUse", w.clock_offset_ms AS "clockOffsetMs", w.started_at AS "startedAt",
       w.heartbeat_at AS "heartbeatAt", w.ended_at IS NULL AND w.lease_until <= clock_timestamp() AS "isSilent",
       w.drain_requested_by AS "drainRequestedBy", w.ended_at AS "endedAt",
       CASE WHEN w.ended_at IS NULL THEN (
         SELECT jsonb_agg(jsonb_build_object('runId', r.id, 'jobKey', j.key,
                                             'startedMs', round(extract(epoch FROM r.started_at) * 1000)::bigint)
                          ORDER BY r.started_at)
           FROM (SELECT * FROM run r WHERE r.is_live AND r.state = 'running' AND r.worker_id = w.id
                  ORDER BY r.started_at LIMIT 50) AS r
           LEFT JOIN job j ON j.id = r.job_id) END AS running
  FROM shown w
 ORDER BY w.ended_at DESC NULLS FIRST, w.name, w.id`;

/** No more runs for a worker that is active. @returns whether it was */
export async function drainIfActive(sql: Sql, id: number, by: string): Promise<boolean> {
  const rows = await sql(
    `UPDATE worker SET state = 'draining', drain_requested_by = $2::text
      WHERE id = $1::int AND state = 'active' RETURNING id`,
    [id, by],
  );
  return rows.length > 0;
}

/** Lets a worker take runs again that a person drained; one that drains because it ends goes on ending. */
export async function undrainIfDrained(sql: Sql, id: number): Promise<boolean> {
  const rows = await sql(
    `UPDATE worker SET state = 'active', drain_requested_by = NULL
      WHERE id = $1::int AND state = 'draining' AND drain_requested_by IS NOT NULL RETURNING id`,
    [id],
  );
  return rows.length > 0;
}
