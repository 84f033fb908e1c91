import type { Sql } from '../db.ts';
import { endOfGap } from '../gaps/overlap.sql.ts';

/** Rows of the ledger that belong to nothing. Reads everything: seconds for millions of rows. */
export type LedgerFacts = {
  /** Ended attempts, and pieces of logs, of runs that aren't there. */
  attemptsWithoutRun: number;
  logsWithoutRun: number;
  /** Runs of jobs that aren't there; not even deleted. */
  runsWithoutJob: number;
  /** Jobs whose revision isn't there, by key. */
  jobsWithoutRevision: string[];
  /** Runs that are going on by a worker that ended, or was last heard more than a minute past its lease. */
  runsWithoutWorker: number;
  /** Jobs with gaps over each other, by key. */
  overlappingGaps: string[];
};

export async function readLedgerFacts(sql: Sql): Promise<LedgerFacts> {
  const [row] = await sql<LedgerFacts>(READ_LEDGER);
  return row!;
}

const WITHOUT_RUN = (row: string) => `NOT EXISTS (
         SELECT FROM run r WHERE r.is_live IN (true, false) AND r.id = ${row}.run_id AND r.scheduled_for = ${row}.scheduled_for)`;

const READ_LEDGER = `
SELECT (SELECT count(*) FROM attempt a WHERE ${WITHOUT_RUN('a')})::int AS "attemptsWithoutRun",
       (SELECT count(*) FROM log_chunk c WHERE ${WITHOUT_RUN('c')})::int AS "logsWithoutRun",
       (SELECT count(*) FROM run r WHERE NOT EXISTS (SELECT FROM job j WHERE j.id = r.job_id))::int AS "runsWithoutJob",
       coalesce((SELECT array_agg(j.key ORDER BY j.key) FROM job j
         WHERE j.deleted_at IS NULL
           AND NOT EXISTS (SELECT FROM revision v WHERE v.job_id = j.id AND v.number = j.revision)), '{}') AS "jobsWithoutRevision",
       (SELECT count(*) FROM run r
         WHERE r.is_live AND r.state = 'running'
           AND NOT EXISTS (SELECT FROM worker w WHERE w.id = r.worker_id
                              AND coalesce(w.ended_at, w.lease_until) > now() - interval '1 minute'))::int AS "runsWithoutWorker",
       coalesce((SELECT array_agg(DISTINCT j.key) FROM (
           SELECT g.job_id, lower(g.span) < max(${endOfGap('g')}) OVER (
                    PARTITION BY g.job_id ORDER BY lower(g.span), g.id
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS is_doubled
             FROM gap g) AS o
         JOIN job j ON j.id = o.job_id WHERE o.is_doubled), '{}') AS "overlappingGaps"`;

/** Deletes at most `limit` of each. An hour passes first: what has just been written may have its run in a moment. */
export async function deleteRowsWithoutRun(
  sql: Sql,
  limit: number,
): Promise<{ attempts: number; logs: number }> {
  const [row] = await sql<{ attempts: number; logs: number }>(DELETE_ORPHANS, [limit]);
  return row!;
}

const DELETE_ORPHANS = `
WITH attempts AS (
  DELETE FROM attempt a USING (
    SELECT a.run_id, a.number, a.scheduled_for FROM attempt a
     WHERE a.finished_at < now() - interval '1 hour' AND ${WITHOUT_RUN('a')} LIMIT $1::int) AS o
   WHERE a.run_id = o.run_id AND a.number = o.number AND a.scheduled_for = o.scheduled_for RETURNING 1
), logs AS (
  DELETE FROM log_chunk c USING (
    SELECT c.run_id, c.seq, c.scheduled_for FROM log_chunk c
     WHERE c.stored_at < now() - interval '1 hour' AND ${WITHOUT_RUN('c')} LIMIT $1::int) AS o
   WHERE c.run_id = o.run_id AND c.seq = o.seq AND c.scheduled_for = o.scheduled_for RETURNING 1
)
SELECT (SELECT count(*) FROM attempts)::int AS attempts, (SELECT count(*) FROM logs)::int AS logs`;
