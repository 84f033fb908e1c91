import type { Sql } from '../db.ts';

/** Keys of the jobs that the worker with this process id on this host runs now, with how many runs. */
export async function readRunningJobs(
  sql: Sql,
  host: string,
  pid: number,
): Promise<{ key: string; runs: number }[]> {
  return sql(RUNNING_JOBS, [host, pid]);
}

const RUNNING_JOBS = `
  SELECT job.key, count(*)::int AS runs
    FROM run JOIN job ON job.id = run.job_id
   WHERE run.is_live AND run.state = 'running'
     AND run.worker_id IN (SELECT id FROM worker WHERE host = $1 AND pid = $2 AND ended_at IS NULL)
   GROUP BY job.key
   ORDER BY job.key`;
