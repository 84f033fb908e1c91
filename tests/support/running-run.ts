import type { Sql } from '#core/db.ts';

/** A run that is being executed: what a log writer's fence looks at. */
export type RunningRun = { id: number; workerId: number; attempt: number };

/** Inserts a running run without a job of its own; parallel ones don't exclude each other. */
export async function makeRunningRun(
  { sql }: { sql: Sql },
  { workerId = 7, attempt = 1, scheduledFor = new Date() } = {},
): Promise<RunningRun> {
  const [row] = await sql<{ id: number }>(
    `INSERT INTO run (scheduled_for, job_id, revision, trigger, state, queue, kind, overlap, due_at, attempt, worker_id,
                      started_at)
     VALUES ($1::timestamptz, 1, 1, 'manual', 'running', 'default', 'script', 'allow', now(), $2::smallint, $3::int, now())
     RETURNING id`,
    [scheduledFor, attempt, workerId],
  );
  return { id: row!.id, workerId, attempt };
}
