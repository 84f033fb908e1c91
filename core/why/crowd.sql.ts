import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';
import { LEVELS } from '../runs/by-key.sql.ts';
import { LIMIT, type RunningRow } from './snapshot.sql.ts';

/** Who runs in a queue and on the workers that fit, and who is due before a run. */
export type CrowdRow = {
  inQueue: RunningRow[];
  onWorkers: RunningRow[];
  ahead: number;
  aheadByPriority: number;
  /** Jobs of the first 100 that are ahead, in their order. */
  aheadJobIds: number[];
};

export type CrowdAsked = {
  runId: number;
  queue: string;
  priority: number;
  dueAt: Date;
  workerIds: readonly number[];
  /** Of which jobs may be told; the others count all the same. */
  scope: Scope;
};

export async function readCrowd(sql: Sql, asked: CrowdAsked): Promise<CrowdRow> {
  const [row] = await sql<CrowdRow>(READ_CROWD, [
    asked.runId,
    asked.queue,
    asked.priority,
    asked.dueAt.toISOString(),
    asked.workerIds,
    scopeParameter(asked.scope),
  ]);
  return row!;
}

const ms = (instant: string) => `(extract(epoch FROM ${instant}) * 1000)::bigint`;

const longestRunning = (condition: string) => `
  coalesce((SELECT jsonb_agg(jsonb_build_object('runId', r.id, 'isOfOther', NOT coalesce(${inScope('j.labels', '$6')}, false),
      'jobId', r.job_id, 'jobKey', coalesce(j.key, ''),
      'sinceMs', ${ms('r.started_at')}, 'limitMs', ${LIMIT('r')}) ORDER BY r.started_at, r.id)
    FROM (SELECT * FROM run_live r WHERE r.state = 'running' AND ${condition}
           ORDER BY r.started_at, r.id LIMIT 100) AS r
    LEFT JOIN job j ON j.id = r.job_id), '[]')`;

// A run whose own job keeps it back takes no place from others: it isn't counted.
const READ_CROWD = `
WITH ahead AS MATERIALIZED (
  SELECT before.*, row_number() OVER (ORDER BY before.priority DESC, before.due_at, before.id) AS place FROM (
    SELECT r.id, r.job_id, r.priority, r.due_at
      FROM ${LEVELS}
     CROSS JOIN LATERAL (
       SELECT r.id, r.job_id, r.priority, r.due_at FROM run_live r
        WHERE r.state = 'queued' AND r.hold IS NULL AND r.queue = $2::text AND r.priority = level.priority
          AND r.due_at <= statement_timestamp() AND r.id <> $1::bigint
          AND (level.priority > $3::smallint OR (r.due_at, r.id) < ($4::timestamptz, $1::bigint))
          AND (r.overlap = 'allow' OR NOT EXISTS (
            SELECT FROM run_live o WHERE o.job_id = r.job_id AND o.state = 'running'))
        ORDER BY r.due_at, r.id
        LIMIT 1000) AS r
     WHERE level.priority >= $3::smallint
     LIMIT 1000) AS before
)
SELECT ${longestRunning('r.queue = $2::text')} AS "inQueue",
  ${longestRunning('r.worker_id = ANY ($5::int[])')} AS "onWorkers",
  (SELECT count(*)::int FROM ahead) AS ahead,
  (SELECT count(*)::int FROM ahead WHERE priority > $3::smallint) AS "aheadByPriority",
  coalesce((SELECT jsonb_agg(job_id ORDER BY place) FROM ahead WHERE place <= 100), '[]') AS "aheadJobIds"`;

/** How long a job's latest successes took. */
export type UsualRow = { jobId: number; usualMs: number; longMs: number };

/** Of each job the last 20 successes among its last 60 runs; a job without any isn't among the answer. */
export async function readUsual(sql: Sql, jobIds: readonly number[]): Promise<UsualRow[]> {
  return sql<UsualRow>(READ_USUAL, [jobIds]);
}

const READ_USUAL = `
SELECT j.id AS "jobId", took."usualMs", took."longMs"
  FROM unnest($1::int[]) AS j (id)
 CROSS JOIN LATERAL (
   SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY ms)::float8 AS "usualMs",
          percentile_disc(0.95) WITHIN GROUP (ORDER BY ms)::float8 AS "longMs"
     FROM (
       SELECT extract(epoch FROM r.finished_at - r.started_at) * 1000 AS ms
         FROM (SELECT r.state, r.started_at, r.finished_at FROM run r
                WHERE r.is_live = false AND r.job_id = j.id AND r.trigger <> 'test'
                ORDER BY r.scheduled_for DESC, r.id DESC LIMIT 60) AS r
        WHERE r.state = 'succeeded' AND r.started_at IS NOT NULL
        LIMIT 20) AS good) AS took
 WHERE took."usualMs" IS NOT NULL`;
