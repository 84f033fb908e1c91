import type { Sql } from '../db.ts';

/**
 * How far the planner is behind: the age, in ms, of the oldest tick that is due and has no row yet. 0 when none is, and
 * while everything is paused, when nothing is planned.
 */
export async function readPlannerLagMs(sql: Sql): Promise<number> {
  const [row] = await sql<{ lag_ms: number }>(PLANNER_LAG);
  return row?.lag_ms ?? 0;
}

/** Keys of the jobs that the worker with this process id on this host runs now, with how many runs. */
export async function readRunningJobs(
  sql: Sql,
  host: string,
  pid: number,
): Promise<{ key: string; runs: number }[]> {
  return sql(RUNNING_JOBS, [host, pid]);
}

const PLANNER_LAG = `
  SELECT coalesce(greatest(0, extract(epoch FROM now() - min(next_tick_at)) * 1000), 0)::float8 AS lag_ms
    FROM job
   WHERE deleted_at IS NULL AND paused_at IS NULL
     AND NOT EXISTS (SELECT FROM installation WHERE paused_at IS NOT NULL)`;

const RUNNING_JOBS = `
  SELECT job.key, count(*)::int AS runs
    FROM run JOIN job ON job.id = run.job_id
   WHERE run.is_live AND run.state = 'running'
     AND run.worker_id IN (SELECT id FROM worker WHERE host = $1 AND pid = $2 AND ended_at IS NULL)
   GROUP BY job.key
   ORDER BY job.key`;
