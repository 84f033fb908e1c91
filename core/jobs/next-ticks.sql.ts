import type { Sql } from '../db.ts';

/** A job that waits for its next tick, and where its planning stands. */
export type WaitingJob = {
  jobId: number;
  revision: number;
  plannedUntil: Date;
  nextTickAt: Date | null;
};

/** Jobs with a schedule after `afterId`, in the order of their ids. */
export async function readWaitingJobs(
  sql: Sql,
  { afterId, limit }: { afterId: number; limit: number },
): Promise<WaitingJob[]> {
  return sql<WaitingJob>(READ_WAITING_JOBS, [afterId, limit]);
}

const READ_WAITING_JOBS = `
SELECT id AS "jobId", revision, planned_until AS "plannedUntil", next_tick_at AS "nextTickAt"
  FROM job
 WHERE id > $1::int AND has_schedule AND deleted_at IS NULL AND paused_at IS NULL AND replan_from IS NULL
 ORDER BY id
 LIMIT $2::int`;

/** Corrects next ticks of jobs that nobody has planned or changed since they were read. */
export async function correctNextTicks(
  sql: Sql,
  jobs: readonly { jobId: number; revision: number; plannedUntil: Date; nextTickAt: Date | null }[],
): Promise<number> {
  const corrected = await sql(CORRECT_NEXT_TICKS, [
    jobs.map(({ jobId }) => jobId),
    jobs.map(({ revision }) => revision),
    jobs.map(({ plannedUntil }) => plannedUntil.toISOString()),
    jobs.map(({ nextTickAt }) => nextTickAt?.toISOString() ?? null),
  ]);
  return corrected.length;
}

const CORRECT_NEXT_TICKS = `
UPDATE job j SET next_tick_at = c.next_tick_at
  FROM unnest($1::int[], $2::int[], $3::timestamptz[], $4::timestamptz[]) AS c (id, revision, planned_until, next_tick_at)
 WHERE j.id = c.id AND j.revision = c.revision AND j.planned_until = c.planned_until AND j.replan_from IS NULL
RETURNING j.id`;
