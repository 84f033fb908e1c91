import type { Sql } from '../db.ts';
import type { EarlierAttempt } from './retry.ts';
import type { AttemptOutcome, Trigger } from './states.ts';

/** A run that is `running` although its worker has ended or its lease is over. */
export type LostRun = {
  id: number;
  scheduledFor: Date;
  jobId: number;
  revision: number;
  trigger: Trigger;
  workerId: number;
  workerName: string;
  /** The lease ran out; false: the worker ended in order and left the run behind. */
  isWorkerLost: boolean;
  /** How long ago its worker was last heard, ms. */
  silentForMs: number;
  attempt: number;
  dueAt: Date;
  startedAt: Date;
  losses: number;
  isCancelRequested: boolean;
  cancelledBy: string | null;
  /** What is stored of its log, which the worker had no time to count. */
  logLines: number;
  logBytes: number;
  earlier: EarlierAttempt[];
};

/**
 * Locks runs of ended workers until the transaction ends, at most `limit`. A worker that comes to life again waits for
 * the lock with its own write, and finds that the fence doesn't match any more.
 */
export async function lockLostRuns(sql: Sql, limit: number): Promise<LostRun[]> {
  const rows = await sql<LostRow>(LOCK_LOST_RUNS, [limit]);
  return rows.map((row) => ({
    ...row,
    earlier: (row.earlier ?? []).map((attempt) => ({
      ...attempt,
      startedAt: new Date(attempt.startedAt),
    })),
  }));
}

type LostRow = Omit<LostRun, 'earlier'> & {
  earlier: { outcome: AttemptOutcome; startedAt: string; retryRule: string | null }[] | null;
};

const IS_LOST = `r.state = 'running' AND (w.id IS NULL OR w.ended_at IS NOT NULL)`;

export const ANY_LOST = `EXISTS (
  SELECT FROM run_live r LEFT JOIN worker w ON w.id = r.worker_id WHERE ${IS_LOST})`;

const LOCK_LOST_RUNS = `
WITH lost AS MATERIALIZED (
  SELECT r.id, r.scheduled_for, r.job_id, r.revision, r.trigger, r.worker_id, r.attempt, r.due_at, r.started_at, r.losses,
    r.cancel_requested_at, r.cancelled_by, r.log_lines, r.log_bytes,
    w.name AS worker_name, w.state AS worker_state, w.heartbeat_at
  FROM run r LEFT JOIN worker w ON w.id = r.worker_id
  WHERE r.is_live AND ${IS_LOST}
  LIMIT $1::int
  FOR UPDATE OF r SKIP LOCKED
)
SELECT lost.id, lost.scheduled_for AS "scheduledFor", lost.job_id AS "jobId", lost.revision, lost.trigger,
  lost.worker_id AS "workerId", coalesce(lost.worker_name, 'unknown') AS "workerName",
  coalesce(lost.worker_state = 'lost', true) AS "isWorkerLost",
  coalesce(extract(epoch FROM clock_timestamp() - lost.heartbeat_at) * 1000, 0)::float8 AS "silentForMs",
  lost.attempt, lost.due_at AS "dueAt", lost.started_at AS "startedAt", lost.losses,
  lost.cancel_requested_at IS NOT NULL AS "isCancelRequested", lost.cancelled_by AS "cancelledBy",
  greatest(lost.log_lines, stored.lines)::int AS "logLines",
  greatest(lost.log_bytes, stored.bytes)::bigint AS "logBytes",
  CASE WHEN lost.attempt > 1 THEN (
    SELECT json_agg(json_build_object(
        'outcome', a.outcome, 'startedAt', a.started_at, 'retryRule', a.retry_rule) ORDER BY a.number)
    FROM attempt a WHERE a.run_id = lost.id AND a.scheduled_for = lost.scheduled_for
  ) END AS earlier
FROM lost
CROSS JOIN LATERAL (
  SELECT max(c.first_line + c.line_count - 1) AS lines, sum(c.byte_count) AS bytes
  FROM log_chunk c WHERE c.run_id = lost.id AND c.scheduled_for = lost.scheduled_for
) AS stored`;
