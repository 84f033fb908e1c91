import type { Sql } from '../db.ts';
import { takeRunsBack } from './backfill.sql.ts';

/** Of jobs that are being paused: their backfills stand still as long as they do. */
export async function stopBackfillsOf(
  sql: Sql,
  jobIds: readonly number[],
  by: string,
): Promise<void> {
  const running = await sql<{ id: number }>(
    `SELECT id FROM backfill WHERE job_id = ANY ($1::int[]) AND state = 'running' ORDER BY id FOR UPDATE`,
    [jobIds],
  );
  if (running.length === 0) return;
  const ids = running.map(({ id }) => id);
  await takeRunsBack(sql, ids);
  // Where all have begun there is nothing left to stop.
  await sql(
    `UPDATE backfill SET state = 'paused', stopped_by_job = true, changed_by = $2::text
      WHERE id = ANY ($1::int[]) AND NOT is_all_made`,
    [ids, by],
  );
}

/** Of jobs that go on: their backfills that stopped with them. */
export async function goOnWithJobs(sql: Sql, jobIds: readonly number[]): Promise<void> {
  await sql(
    `UPDATE backfill SET state = 'running', stopped_by_job = false, next_due_at = clock_timestamp()
      WHERE job_id = ANY ($1::int[]) AND state = 'paused' AND stopped_by_job`,
    [jobIds],
  );
}

/** Of a job that is being deleted: whatever wasn't over is. */
export async function endBackfillsOf(sql: Sql, jobId: number, by: string): Promise<void> {
  await sql(
    `UPDATE backfill SET state = 'cancelled', stopped_by_job = false, changed_by = $2::text, ended_at = clock_timestamp(),
            problem = 'Its job was deleted.'
      WHERE job_id = $1::int AND state IN ('running', 'paused')`,
    [jobId, by],
  );
}
