import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';
import { IS_DUE_IN, LEVELS, WAITS_IN } from '../runs/by-key.sql.ts';
import { LIMIT, type RunningRow } from './snapshot.sql.ts';

/** Who runs in a queue and on the workers that fit, and whose turn comes before a run's. */
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
  jobId: number;
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
    asked.jobId,
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

const MOST_AHEAD = 1_000;
const MOST_JOBS = 10_000;

// A run whose own job keeps it back takes no place from others: it isn't counted.
const MAY_START = `(r.overlap = 'allow' OR NOT EXISTS (
  SELECT FROM run_live o WHERE o.job_id = r.job_id AND o.state = 'running'))`;

// In the claim's order (core/runs/candidates.sql.ts), as things stand: higher priorities; then whose turn comes before, by
// the number of runs of their job that run or wait before them; then the time.
const READ_CROWD = `
WITH RECURSIVE had AS MATERIALIZED (
  SELECT r.job_id, count(*)::int AS turns FROM run_live r
   WHERE r.state = 'running' AND r.queue = $2::text GROUP BY r.job_id
), mine AS MATERIALIZED (
  SELECT 1 + coalesce((SELECT had.turns FROM had WHERE had.job_id = $7::int), 0) + (
    SELECT count(*)::int FROM (
      SELECT FROM run_live r
       WHERE ${IS_DUE_IN('r', '$2::text', '$3::smallint')} AND r.job_id = $7::int
         AND (r.due_at, r.id) < ($4::timestamptz, $1::bigint)
       LIMIT ${MOST_AHEAD}) AS own) AS turn
), circle AS (
  (SELECT r.job_id FROM run_live r WHERE ${WAITS_IN('r', '$2::text', '$3::smallint')}
    ORDER BY r.job_id, r.due_at, r.id LIMIT 1)
  UNION ALL
  SELECT next.job_id FROM circle CROSS JOIN LATERAL (
    SELECT r.job_id FROM run_live r
     WHERE ${WAITS_IN('r', '$2::text', '$3::smallint')} AND r.job_id > circle.job_id
     ORDER BY r.job_id, r.due_at, r.id LIMIT 1) AS next
), ahead AS MATERIALIZED (
  SELECT before.*, row_number() OVER (ORDER BY before.priority DESC, before.turn, before.due_at, before.id) AS place FROM (
    (SELECT r.id, r.job_id, r.priority, r.due_at, 0::bigint AS turn
       FROM ${LEVELS}
      CROSS JOIN LATERAL (
        SELECT r.id, r.job_id, r.priority, r.due_at FROM run_live r
         WHERE ${IS_DUE_IN('r', '$2::text', 'level.priority')} AND ${MAY_START}
         ORDER BY r.due_at, r.id LIMIT ${MOST_AHEAD}) AS r
      WHERE level.priority > $3::smallint
      LIMIT ${MOST_AHEAD})
    UNION ALL
    (SELECT r.id, r.job_id, r.priority, r.due_at, r.turn
       FROM (SELECT job_id FROM circle LIMIT ${MOST_JOBS}) AS job
       LEFT JOIN had ON had.job_id = job.job_id
      CROSS JOIN mine
      CROSS JOIN LATERAL (
        SELECT r.*, coalesce(had.turns, 0) + row_number() OVER (ORDER BY r.due_at, r.id) AS turn FROM (
          SELECT r.id, r.job_id, r.priority, r.due_at, r.overlap FROM run_live r
           WHERE ${IS_DUE_IN('r', '$2::text', '$3::smallint')} AND r.job_id = job.job_id
           ORDER BY r.due_at, r.id
           LIMIT greatest(0, mine.turn - coalesce(had.turns, 0))) AS r) AS r
      WHERE r.id <> $1::bigint AND (r.turn, r.due_at, r.id) < (mine.turn, $4::timestamptz, $1::bigint) AND ${MAY_START}
      LIMIT ${MOST_AHEAD})
    LIMIT ${MOST_AHEAD}) AS before
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
