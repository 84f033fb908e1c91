import type { Sql } from '../db.ts';

/** What stands around a backfill. */
export type Surroundings = {
  maxRunning: number;
  maxWaiting: number;
  /** Of the job's latest runs that succeeded, ms; null: none has. */
  medianMs: number | null;
};

export async function readSurroundings(
  sql: Sql,
  jobId: number,
  queue: string,
): Promise<Surroundings> {
  const [row] = await sql<Surroundings>(READ_SURROUNDINGS, [jobId, queue]);
  return row!;
}

const READ_SURROUNDINGS = `
SELECT coalesce(q.max_running, 1) AS "maxRunning", coalesce(q.max_waiting, 0) AS "maxWaiting",
       (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.finished_at - r.started_at) * 1000)::int
          FROM (
            SELECT d.state, d.started_at, d.finished_at FROM run_done d
             WHERE d.job_id = $1::int AND d.scheduled_for <= now()
             ORDER BY d.scheduled_for DESC, d.id DESC
             LIMIT 200) AS r
         WHERE r.state = 'succeeded' AND r.started_at IS NOT NULL) AS "medianMs"
  FROM (SELECT) AS always
  LEFT JOIN queue q ON q.name = $2::text`;
