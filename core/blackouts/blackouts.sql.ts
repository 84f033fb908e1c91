import type { Sql } from '../db.ts';
import { type BlackoutScope, HITS } from './scope.ts';

/** Jobs that any of the scopes hits, also those without a schedule; deleted ones aren't. */
export async function readJobsHit(
  sql: Sql,
  scopes: readonly BlackoutScope[],
): Promise<{ id: number; key: string }[]> {
  return sql(READ_JOBS_HIT, [scopes.map((scope) => JSON.stringify(scope))]);
}

const READ_JOBS_HIT = `
SELECT j.id, j.key FROM job j
 WHERE j.deleted_at IS NULL
   AND EXISTS (SELECT FROM unnest($1::text[]) AS s (scope) WHERE ${HITS('s.scope::jsonb')})
 ORDER BY j.id`;

/** A run that waits for the end of a blackout. */
export type HeldRun = { id: number; jobId: number; dueAt: Date };

/** Those of the jobs that nobody has started and that wait beyond `from`. */
export async function lockHeldRuns(
  sql: Sql,
  jobIds: readonly number[],
  from: Date,
): Promise<HeldRun[]> {
  return sql<HeldRun>(LOCK_HELD_RUNS, [jobIds, from.toISOString()]);
}

const LOCK_HELD_RUNS = `
SELECT id, job_id AS "jobId", due_at AS "dueAt"
  FROM run
 WHERE is_live AND job_id = ANY ($1::int[]) AND held_by IS NOT NULL AND state = 'queued' AND attempt = 0
   AND due_at > $2::timestamptz
 ORDER BY id
   FOR UPDATE`;

/** Gives held runs another time, and start deadlines that counted from the old one as well. */
export async function moveHeldRuns(
  sql: Sql,
  moves: readonly { id: number; dueAt: Date; heldBy: number | null }[],
): Promise<void> {
  if (moves.length === 0) return;
  await sql(MOVE_HELD_RUNS, [
    moves.map(({ id }) => id),
    moves.map(({ dueAt }) => dueAt.toISOString()),
    moves.map(({ heldBy }) => heldBy),
  ]);
}

const MOVE_HELD_RUNS = `
UPDATE run r
   SET due_at = m.due_at, held_by = m.held_by,
       start_by = CASE WHEN r.start_by > r.due_at THEN r.start_by + (m.due_at - r.due_at) ELSE r.start_by END
  FROM unnest($1::bigint[], $2::timestamptz[], $3::int[]) AS m (id, due_at, held_by)
 WHERE r.is_live AND r.id = m.id`;

/** Names of queues, and ids of jobs, that aren't there. */
export async function readUnknownOfScope(sql: Sql, scope: BlackoutScope): Promise<string[]> {
  const [row] = await sql<{ unknown: string[] | null }>(READ_UNKNOWN, [
    scope.type === 'queues' ? scope.queues : [],
    scope.type === 'jobs' ? scope.jobIds : [],
  ]);
  return row?.unknown ?? [];
}

const READ_UNKNOWN = `
SELECT array_agg(name) AS unknown FROM (
  SELECT q.name FROM unnest($1::text[]) AS q (name) WHERE NOT EXISTS (SELECT FROM queue k WHERE k.name = q.name)
  UNION ALL
  SELECT j.id::text FROM unnest($2::int[]) AS j (id) WHERE NOT EXISTS (SELECT FROM job k WHERE k.id = j.id)) AS u`;
