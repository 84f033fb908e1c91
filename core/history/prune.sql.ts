import type { Sql } from '../db.ts';
import { LEAST_DAYS_OF_MONTHS } from './months.sql.ts';

/**
 * Deletes at most `limit` finished runs, with their attempts and logs, of jobs that keep their history for less time
 * than whole months are kept: the others' goes with its month. Returns how many runs went.
 */
export async function pruneRuns(sql: Sql, limit: number): Promise<number> {
  const [row] = await sql<{ runs: number }>(PRUNE_RUNS, [limit, LEAST_DAYS_OF_MONTHS]);
  return row?.runs ?? 0;
}

const SHORT_RETENTION = `
short AS MATERIALIZED (
  SELECT j.id AS job_id, now() - make_interval(days => coalesce(j.retention_days, i.retention_days)) AS keep_from
    FROM job j CROSS JOIN installation i
   WHERE coalesce(j.retention_days, i.retention_days) < greatest($2::int, i.retention_days,
                                                                 (SELECT max(retention_days) FROM job))
)`;

const PRUNE_RUNS = `
WITH ${SHORT_RETENTION},
doomed AS MATERIALIZED (
  SELECT r.id, r.scheduled_for
    FROM short s
    CROSS JOIN LATERAL (
      SELECT id, scheduled_for FROM run
       WHERE NOT is_live AND job_id = s.job_id AND scheduled_for < s.keep_from
       ORDER BY scheduled_for
       LIMIT $1::int
    ) r
   LIMIT $1::int
), attempts AS (
  DELETE FROM attempt a USING doomed d WHERE a.run_id = d.id AND a.scheduled_for = d.scheduled_for
), chunks AS (
  DELETE FROM log_chunk c USING doomed d WHERE c.run_id = d.id AND c.scheduled_for = d.scheduled_for
), runs AS (
  DELETE FROM run r USING doomed d WHERE NOT r.is_live AND r.id = d.id AND r.scheduled_for = d.scheduled_for
  RETURNING 1
)
SELECT count(*)::int AS runs FROM runs`;

/** Deletes at most `limit` counted gaps that ended before their job's retention. Returns how many went. */
export async function pruneGaps(sql: Sql, limit: number): Promise<number> {
  const [row] = await sql<{ gaps: number }>(PRUNE_GAPS, [limit]);
  return row?.gaps ?? 0;
}

const PRUNE_GAPS = `
WITH doomed AS (
  SELECT g.id
    FROM gap g
    JOIN job j ON j.id = g.job_id
    CROSS JOIN installation i
   WHERE g.ticks IS NOT NULL
     AND upper(g.span) < now() - make_interval(days => coalesce(j.retention_days, i.retention_days))
   LIMIT $1::int
), gaps AS (
  DELETE FROM gap g USING doomed d WHERE g.id = d.id
  RETURNING 1
)
SELECT count(*)::int AS gaps FROM gaps`;
