import type { Sql } from '../db.ts';
import type { WaitingFacts } from './waiting.ts';

/** What a queued run may be waiting for, at this moment; undefined when it isn't queued any more. */
export async function readWaitingFacts(sql: Sql, runId: number): Promise<WaitingFacts | undefined> {
  const [row] = await sql<WaitingFacts>(READ_WAITING_FACTS, [runId]);
  return row;
}

const READ_WAITING_FACTS = `
SELECT clock_timestamp() AS now, r.due_at AS "dueAt", r.attempt, r.hold IS NOT NULL AS "isHeld", r.overlap,
       r.max_parallel AS "maxParallel", r.queue, r.kind,
       coalesce(r.runs_on, '{}'::jsonb) AS "runsOn",
       (SELECT i.paused_at IS NOT NULL FROM installation i) AS "isEverythingPaused",
       q.max_running AS "queueMaxRunning",
       (SELECT count(*)::int FROM (
          SELECT FROM run o WHERE o.is_live AND o.state = 'running' AND o.queue = r.queue LIMIT q.max_running) AS running
       ) AS "queueRunning",
       (SELECT count(*)::int FROM (
          SELECT FROM run o WHERE o.is_live AND o.state = 'running' AND o.job_id = r.job_id AND o.id <> r.id
           LIMIT 10000) AS running
       ) AS "jobRunning",
       (SELECT o.id FROM run o
         WHERE o.is_live AND o.job_id = r.job_id AND o.id <> r.id AND o.hold IS NULL
           AND (o.state = 'running' OR (o.attempt > 0 OR o.due_at <= clock_timestamp() OR o.trigger = r.trigger)
                AND (o.trigger = 'backfill', o.attempt = 0, o.due_at, o.id) < (r.trigger = 'backfill', r.attempt = 0, r.due_at, r.id))
         ORDER BY o.state = 'running' DESC, o.due_at, o.id LIMIT 1) AS "jobRunBefore",
       fit.alive AS "workersThatFit", fit.free AS "freeSlots", fit.draining AS "drainingWorkersThatFit",
       (SELECT count(*)::int FROM worker w
         WHERE w.ended_at IS NULL AND w.lease_until > clock_timestamp()) AS "workersAlive"
  FROM run r
  LEFT JOIN queue q ON q.name = r.queue
 CROSS JOIN LATERAL (
   SELECT count(*) FILTER (WHERE w.state = 'active')::int AS alive,
          count(*) FILTER (WHERE w.state = 'draining')::int AS draining,
          coalesce(sum(greatest(0, w.slots - w.slots_in_use)) FILTER (WHERE w.state = 'active'), 0)::int AS free
     FROM worker w
    WHERE w.ended_at IS NULL AND w.lease_until > clock_timestamp()
      AND (cardinality(w.queues) = 0 OR r.queue = ANY (w.queues))
      AND (cardinality(w.kinds) = 0 OR r.kind = ANY (w.kinds))
      AND coalesce(r.runs_on, '{}'::jsonb) <@ w.labels) AS fit
 WHERE r.is_live AND r.id = $1::bigint AND r.state = 'queued'`;
