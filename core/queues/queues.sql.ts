import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';

export type QueueRow = {
  name: string;
  description: string;
  maxRunning: number;
  maxWaiting: number;
  defaultTimeoutMs: number;
  rateStarts: number | null;
  rateMs: number | null;
  rateLog: unknown;
  nowMs: number;
  jobs: number;
  running: number;
  waiting: number;
  oldestDueAt: Date | null;
  held: number;
  workers: number;
  slots: number;
  runningNow: { runId: number; jobKey: string | null; startedMs: number }[] | null;
};

/** Beyond so many, waiting runs aren't counted: the queue's page stays as fast with a million. */
export const MOST_COUNTED = 10_000;
const MOST_NAMED = 10;

/** Every queue with what runs and waits in it now; of what runs only the jobs that the scope tells of are named. */
export async function readQueueRows(sql: Sql, scope: Scope): Promise<QueueRow[]> {
  return sql<QueueRow>(READ_QUEUES, [MOST_COUNTED, MOST_NAMED, scopeParameter(scope)]);
}

const WAITS = `r.queue = q.name AND r.state = 'queued' AND r.hold IS NULL`;

// Ordered by due_at and id only run_live_claim gives what waits; without it an index of all that is due was read from end to
// end for each queue and priority, 7 s with 200,000 waiting runs.
const READ_QUEUES = `
SELECT q.name, q.description, q.max_running AS "maxRunning", q.max_waiting AS "maxWaiting",
       q.default_timeout_ms AS "defaultTimeoutMs",
       q.rate_starts AS "rateStarts", q.rate_ms AS "rateMs", q.rate_log AS "rateLog",
       (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "nowMs",
       (SELECT count(*) FROM job j WHERE j.queue = q.name AND j.deleted_at IS NULL)::int AS jobs,
       (SELECT count(*) FROM run_live r WHERE r.state = 'running' AND r.queue = q.name)::int AS running,
       (SELECT jsonb_agg(jsonb_build_object('runId', r.id, 'jobKey', j.key,
                                            'startedMs', round(extract(epoch FROM r.started_at) * 1000)::bigint)
                         ORDER BY r.started_at)
          FROM (SELECT * FROM run_live r WHERE r.state = 'running' AND r.queue = q.name
                   AND ($3::jsonb[] IS NULL OR EXISTS (
                     SELECT FROM job j WHERE j.id = r.job_id AND ${inScope('j.labels', '$3')}))
                 ORDER BY r.started_at LIMIT $2::int) AS r
          LEFT JOIN job j ON j.id = r.job_id) AS "runningNow",
       (SELECT count(*) FROM (
          SELECT FROM unnest('{2,1,0,-1,-2}'::smallint[]) AS level (priority)
           CROSS JOIN LATERAL (
             SELECT FROM run_live r
              WHERE ${WAITS} AND r.priority = level.priority AND r.due_at <= statement_timestamp()
              ORDER BY r.due_at, r.id LIMIT $1::int) AS due
           LIMIT $1::int) AS waiting)::int AS waiting,
       (SELECT min(oldest.due_at)
          FROM unnest('{2,1,0,-1,-2}'::smallint[]) AS level (priority)
         CROSS JOIN LATERAL (
           SELECT r.due_at FROM run_live r
            WHERE ${WAITS} AND r.priority = level.priority AND r.due_at <= statement_timestamp()
            ORDER BY r.due_at, r.id LIMIT 1) AS oldest) AS "oldestDueAt",
       (SELECT count(*) FROM run_live r WHERE r.queue = q.name AND r.state = 'queued' AND r.hold IS NOT NULL)::int AS held,
       serving.workers, serving.slots
  FROM queue q
 CROSS JOIN LATERAL (
   SELECT count(*)::int AS workers, coalesce(sum(w.slots), 0)::int AS slots FROM worker w
    WHERE w.ended_at IS NULL AND w.state = 'active' AND w.lease_until > clock_timestamp()
      AND (cardinality(w.queues) = 0 OR q.name = ANY (w.queues))) AS serving
 ORDER BY q.name`;
