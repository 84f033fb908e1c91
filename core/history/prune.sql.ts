import type { Sql } from '../db.ts';
import { endOfGap } from '../gaps/overlap.sql.ts';
import { CLOCK_IS_TRUSTED, LEAST_DAYS_OF_MONTHS, WHOLE_FROM } from './months.sql.ts';

/** A job of whose history something is to go: all runs that ended and were due before. */
export type PruneJob = { jobId: number; cutAt: Date };

/** SQL: how long a job keeps its history, as `days`; the longest of all, or of what a start deadline needs, as `longest`. */
const RULES = `
rules AS MATERIALIZED (
  SELECT j.id AS job_id, j.keep_runs,
         now() - make_interval(days => coalesce(j.retention_days, i.retention_days)) AS keep_from,
         coalesce(j.retention_days, i.retention_days) < greatest($1::int, i.retention_days, (SELECT max(retention_days) FROM job))
           AND ${CLOCK_IS_TRUSTED} AS is_short,
         -- Less than the installation keeps: that isn't archived.
         coalesce(j.retention_days < i.retention_days, false) AS is_own
    FROM job j CROSS JOIN installation i
), archive_limit AS MATERIALIZED (
  -- Where months are archived, what the installation's own rule would take waits until its month is.
  SELECT CASE WHEN (SELECT place FROM archive) IS NULL THEN 'infinity'::timestamptz
         ELSE (SELECT min(m.month)::timestamp AT TIME ZONE 'UTC'
                 FROM (SELECT to_date(substring(c.relname FROM '[0-9]{4}_[0-9]{2}$'), 'YYYY_MM') AS month
                         FROM pg_inherits n JOIN pg_class c ON c.oid = n.inhrelid
                        WHERE n.inhparent = 'run_done'::regclass) AS m
                WHERE NOT EXISTS (SELECT FROM history_month h WHERE h.month = m.month AND h.archived_at IS NOT NULL)) END AS at
)`;

/**
 * Jobs that keep their history for less time than whole months are kept, or so many runs at most, and that have more; the
 * others' goes with its month. Notes from where on the ledger of each is whole before anything goes.
 */
export async function readJobsToPrune(sql: Sql, limit: number): Promise<PruneJob[]> {
  return sql<PruneJob>(JOBS_TO_PRUNE, [LEAST_DAYS_OF_MONTHS, limit]);
}

// What an open incident names stays, so that its links lead somewhere.
const IS_NAMED = `EXISTS (
  SELECT FROM incident n WHERE n.job_id = r.job_id AND n.ended_at IS NULL AND r.id IN (n.first_run_id, n.last_run_id))`;

// Of run_done itself: the row needn't be read to know that it isn't live.
const JOBS_TO_PRUNE = `
WITH ${RULES}, whole AS (SELECT ${WHOLE_FROM} AS from_at),
cut AS (
  SELECT r.job_id,
         greatest(
           CASE WHEN r.is_short THEN CASE WHEN r.is_own THEN r.keep_from ELSE least(r.keep_from, l.at) END END,
           CASE WHEN r.keep_runs IS NOT NULL THEN (
             SELECT d.scheduled_for FROM run_done d
              WHERE d.job_id = r.job_id
              ORDER BY d.scheduled_for DESC, d.id DESC
             OFFSET r.keep_runs - 1 LIMIT 1) END) AS cut_at
    FROM rules r CROSS JOIN archive_limit l
   WHERE r.is_short OR r.keep_runs IS NOT NULL
), due AS (
  SELECT c.job_id, c.cut_at
    FROM cut c CROSS JOIN whole w
   WHERE c.cut_at > w.from_at
     AND EXISTS (SELECT FROM run_done r
                  WHERE r.job_id = c.job_id AND r.scheduled_for >= w.from_at AND r.scheduled_for < c.cut_at AND NOT ${IS_NAMED})
   ORDER BY c.job_id
   LIMIT $2::int
), noted AS (
  INSERT INTO job_history AS h (job_id, kept_from)
  SELECT job_id, cut_at FROM due
  ON CONFLICT (job_id) DO UPDATE SET kept_from = greatest(h.kept_from, excluded.kept_from)
)
SELECT job_id AS "jobId", cut_at AS "cutAt" FROM due`;

/** How much one batch takes: rows of runs, chunks of logs, and bytes of logs beyond the first run's. */
export type PruneLimits = { runs: number; chunks: number; logBytes: number };

/** A run that is to go. */
export type DoomedRun = { id: number; scheduledFor: Date };

/** The oldest runs of these jobs that are to go, and whether there are more. Months that were brought back are left out. */
export async function readRunsToPrune(
  sql: Sql,
  jobs: readonly PruneJob[],
  limits: PruneLimits,
): Promise<{ runs: DoomedRun[]; isMore: boolean }> {
  const runs = await sql<DoomedRun & { found: number }>(RUNS_TO_PRUNE, [
    jobs.map(({ jobId }) => jobId),
    jobs.map(({ cutAt }) => cutAt.toISOString()),
    limits.runs,
    limits.logBytes,
  ]);
  const found = runs[0]?.found ?? 0;
  return { runs, isMore: found > runs.length || found === limits.runs };
}

const RUNS_TO_PRUNE = `
WITH whole AS (SELECT ${WHOLE_FROM} AS from_at),
old AS (
  SELECT r.id, r.scheduled_for, r.log_bytes
    FROM unnest($1::int[], $2::timestamptz[]) AS j (job_id, cut_at)
   CROSS JOIN LATERAL (
     SELECT r.id, r.scheduled_for, r.log_bytes FROM run_done r, whole w
      WHERE r.job_id = j.job_id AND r.scheduled_for >= w.from_at AND r.scheduled_for < j.cut_at AND NOT ${IS_NAMED}
      ORDER BY r.scheduled_for
      LIMIT $3::int) AS r
   LIMIT $3::int
), summed AS (
  SELECT id, scheduled_for, log_bytes, sum(log_bytes) OVER (ORDER BY scheduled_for, id) AS upto FROM old
)
SELECT id, scheduled_for AS "scheduledFor", (SELECT count(*) FROM old)::int AS found FROM summed WHERE upto - log_bytes < $4::bigint`;

/** Deletes at most `limit` chunks of their logs. Returns how many went. */
export async function pruneLogs(
  sql: Sql,
  runs: readonly DoomedRun[],
  limit: number,
): Promise<number> {
  const [row] = await sql<{ chunks: number }>(PRUNE_LOGS, [...columns(runs), limit]);
  return row!.chunks;
}

const columns = (runs: readonly DoomedRun[]) => [
  runs.map(({ id }) => id),
  runs.map(({ scheduledFor }) => scheduledFor.toISOString()),
];

const PRUNE_LOGS = `
WITH doomed AS MATERIALIZED (
  SELECT c.run_id, c.scheduled_for, c.seq
    FROM unnest($1::bigint[], $2::timestamptz[]) AS d (id, scheduled_for)
   CROSS JOIN LATERAL (
     SELECT run_id, scheduled_for, seq FROM log_chunk
      WHERE run_id = d.id AND scheduled_for = d.scheduled_for LIMIT $3::int) AS c
   LIMIT $3::int
), chunks AS (
  DELETE FROM log_chunk c USING doomed d
   WHERE c.run_id = d.run_id AND c.scheduled_for = d.scheduled_for AND c.seq = d.seq
  RETURNING 1
)
SELECT count(*)::int AS chunks FROM chunks`;

/** Deletes runs with their attempts; their logs went before. Returns how many went. */
export async function pruneRuns(sql: Sql, runs: readonly DoomedRun[]): Promise<number> {
  const [row] = await sql<{ runs: number }>(PRUNE_RUNS, columns(runs));
  return row!.runs;
}

const PRUNE_RUNS = `
WITH doomed AS MATERIALIZED (
  SELECT * FROM unnest($1::bigint[], $2::timestamptz[]) AS d (id, scheduled_for)
), attempts AS (
  DELETE FROM attempt a USING doomed d WHERE a.run_id = d.id AND a.scheduled_for = d.scheduled_for
), runs AS (
  DELETE FROM run_done r USING doomed d WHERE r.id = d.id AND r.scheduled_for = d.scheduled_for
  RETURNING 1
)
SELECT count(*)::int AS runs FROM runs`;

/**
 * Deletes at most `limit` counted gaps that ended before their job's history is kept: with their month, or by the job's own
 * rule. Returns how many went.
 */
export async function pruneGaps(sql: Sql, limit: number): Promise<number> {
  const [row] = await sql<{ gaps: number }>(PRUNE_GAPS, [LEAST_DAYS_OF_MONTHS, limit]);
  return row?.gaps ?? 0;
}

const PRUNE_GAPS = `
WITH ${RULES}, still_there AS MATERIALIZED (
  -- Brought back to be read, or not quite gone yet: its gaps go after it.
  SELECT m.month::timestamp AT TIME ZONE 'UTC' AS from_at, (m.month + interval '1 month') AT TIME ZONE 'UTC' AS to_at
    FROM history_month m
   WHERE m.dropped_at IS NOT NULL AND to_regclass('run_done_' || to_char(m.month, 'YYYY_MM')) IS NOT NULL
), doomed AS (
  SELECT g.id
    FROM gap g
    JOIN rules r ON r.job_id = g.job_id
   CROSS JOIN archive_limit l
    LEFT JOIN job_history h ON h.job_id = g.job_id
   WHERE g.ticks IS NOT NULL
     AND ${endOfGap('g')} <= greatest(
           ${WHOLE_FROM}, h.kept_from,
           CASE WHEN r.is_short THEN CASE WHEN r.is_own THEN r.keep_from ELSE least(r.keep_from, l.at) END END)
     AND NOT EXISTS (SELECT FROM still_there t WHERE ${endOfGap('g')} > t.from_at AND lower(g.span) <= t.to_at)
   LIMIT $2::int
), gaps AS (
  DELETE FROM gap g USING doomed d WHERE g.id = d.id
  RETURNING 1
)
SELECT count(*)::int AS gaps FROM gaps`;
