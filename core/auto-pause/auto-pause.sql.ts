import type { Sql } from '../db.ts';
import type { FinalState } from '../runs/states.ts';
import { LONGEST_ERROR_WINDOW_MS } from './auto-pause-rule.ts';

/** Has these jobs looked at soon: something of theirs went wrong. */
export async function askForAutoPause(sql: Sql, jobIds: readonly number[]): Promise<void> {
  if (jobIds.length > 0) await sql(ASK, [[...new Set(jobIds)].toSorted((a, b) => a - b)]);
}

const ASK = `
INSERT INTO auto_pause_check (job_id)
SELECT job_id FROM unnest($1::int[]) WITH ORDINALITY AS asked (job_id, place) ORDER BY place
ON CONFLICT (job_id) DO UPDATE SET asked_at = clock_timestamp()`;

export type AskedCheck = { jobId: number; askedAt: string };

/** Those that were asked for longest ago. As text: an instant of the driver's has milliseconds only. */
export async function readAskedChecks(sql: Sql, limit: number): Promise<AskedCheck[]> {
  return sql(READ_ASKED, [limit]);
}

export const ANY_CHECK_ASKED = 'EXISTS (SELECT FROM auto_pause_check)';

const READ_ASKED = `
SELECT job_id AS "jobId", asked_at::text AS "askedAt" FROM auto_pause_check ORDER BY asked_at LIMIT $1::int`;

/** The check is done, unless it was asked for again meanwhile. */
export async function endCheck(sql: Sql, { jobId, askedAt }: AskedCheck): Promise<void> {
  await sql(END_CHECK, [jobId, askedAt]);
}

const END_CHECK = `
DELETE FROM auto_pause_check WHERE job_id = $1::int AND asked_at = $2::text::timestamptz`;

export type SavedAutoPause = {
  /** As the current revision has it. */
  saved: unknown;
  /** Of the current revision's schedule, to give the pause an end. */
  failuresFrom: Date | null;
  nowMs: number;
};

/** Of a job that the transaction holds. */
export async function readAutoPause(sql: Sql, jobId: number): Promise<SavedAutoPause> {
  const [row] = await sql<SavedAutoPause>(READ_AUTO_PAUSE, [jobId]);
  return row!;
}

const READ_AUTO_PAUSE = `
SELECT v.definition -> 'autoPause' AS saved, j.failures_from AS "failuresFrom",
       (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "nowMs"
  FROM job j JOIN revision v ON v.job_id = j.id AND v.number = j.revision
 WHERE j.id = $1::int`;

/** However many runs a rule looks at, no more are read: the newest by their time. */
const MOST_RUNS = 2_000;

/**
 * A job's latest runs that are over, tests and backfills left out; those that ended before `from` are left out too.
 * What a backfill runs says nothing of whether the job does well now, and never the last of it.
 */
export async function readLatestEnds(
  sql: Sql,
  jobId: number,
  from: Date | null,
): Promise<{ runId: number; state: FinalState; finishedAtMs: number }[]> {
  return sql(READ_LATEST_ENDS, [jobId, from?.toISOString() ?? null]);
}

const READ_LATEST_ENDS = `
SELECT e.id AS "runId", e.state, (extract(epoch FROM e.finished_at) * 1000)::bigint AS "finishedAtMs"
  FROM (
    SELECT r.id, r.state, r.trigger, r.finished_at FROM run r
     WHERE r.is_live = false AND r.job_id = $1::int
     ORDER BY r.scheduled_for DESC, r.id DESC LIMIT ${MOST_RUNS}) AS e
 WHERE e.trigger NOT IN ('test', 'backfill') AND ($2::timestamptz IS NULL OR e.finished_at > $2::timestamptz)`;

/** Lines that read as errors, counted by run and 10 s. */
export type ErrorLinesRow = { jobId: number; runId: number; atMs: number; lines: number };

/** Adds to what is counted, and asks for a look at the jobs. */
export async function addErrorLines(sql: Sql, rows: readonly ErrorLinesRow[]): Promise<void> {
  await sql(ADD_ERROR_LINES, [
    JSON.stringify(rows.map((row) => ({ ...row, at: new Date(row.atMs) }))),
  ]);
}

const ADD_ERROR_LINES = `
WITH seen AS MATERIALIZED (
  SELECT "jobId" AS job_id, at, "runId" AS run_id, sum(lines)::int AS lines
    FROM jsonb_to_recordset($1::text::jsonb) AS s ("jobId" int, at timestamptz, "runId" bigint, lines int)
   GROUP BY 1, 2, 3
), added AS (
  INSERT INTO error_lines AS e (job_id, at, run_id, lines)
  SELECT job_id, at, run_id, lines FROM seen ORDER BY job_id, at, run_id
  ON CONFLICT (job_id, at, run_id) DO UPDATE SET lines = e.lines + excluded.lines
)
INSERT INTO auto_pause_check (job_id)
SELECT DISTINCT job_id FROM seen ORDER BY job_id
ON CONFLICT (job_id) DO UPDATE SET asked_at = clock_timestamp()`;

/** @param backfillId of its runs; null: of the runs of no backfill */
export async function readErrorLines(
  sql: Sql,
  jobId: number,
  from: Date | null,
  backfillId: number | null = null,
): Promise<{ runId: number; atMs: number; lines: number }[]> {
  return sql(READ_ERROR_LINES, [jobId, from?.toISOString() ?? null, backfillId]);
}

const IS_OF_BACKFILL = `
       (SELECT r.backfill_id FROM run r WHERE r.id = e.run_id AND r.is_live IN (true, false) LIMIT 1)`;

const ERROR_WINDOW = `${LONGEST_ERROR_WINDOW_MS} * interval '1 millisecond'`;

const READ_ERROR_LINES = `
SELECT e.run_id AS "runId", (extract(epoch FROM e.at) * 1000)::bigint AS "atMs", e.lines FROM error_lines e
 WHERE e.job_id = $1::int AND e.at > greatest(now() - ${ERROR_WINDOW}, $2::timestamptz)
   AND ${IS_OF_BACKFILL} IS NOT DISTINCT FROM $3::int`;

/** A backfill that goes, which may have gone wrong. */
export type RunningBackfill = { id: number; failuresFrom: Date };

/** Of a job that the transaction holds. */
export async function lockRunningBackfills(sql: Sql, jobId: number): Promise<RunningBackfill[]> {
  return sql(LOCK_RUNNING_BACKFILLS, [jobId]);
}

const LOCK_RUNNING_BACKFILLS = `
SELECT id, failures_from AS "failuresFrom" FROM backfill
 WHERE job_id = $1::int AND state = 'running' AND NOT is_all_made ORDER BY id FOR UPDATE`;

/** Of a job's latest runs that are over, those of a backfill that ended since its failures count. */
export async function readEndsOfBackfill(
  sql: Sql,
  jobId: number,
  { id, failuresFrom }: RunningBackfill,
): Promise<{ runId: number; state: FinalState; finishedAtMs: number }[]> {
  return sql(READ_ENDS_OF_BACKFILL, [jobId, id, failuresFrom.toISOString()]);
}

const READ_ENDS_OF_BACKFILL = `
SELECT e.id AS "runId", e.state, (extract(epoch FROM e.finished_at) * 1000)::bigint AS "finishedAtMs"
  FROM (
    SELECT r.id, r.state, r.backfill_id, r.finished_at FROM run r
     WHERE r.is_live = false AND r.job_id = $1::int
     ORDER BY r.scheduled_for DESC, r.id DESC LIMIT ${MOST_RUNS}) AS e
 WHERE e.backfill_id = $2::int AND e.finished_at > $3::timestamptz`;

/** Counts that are twice as old as any rule looks back, at most 5,000 rows a call. */
export async function dropOldErrorLines(sql: Sql): Promise<number> {
  const rows = await sql(DROP_OLD);
  return rows.length;
}

const DROP_OLD = `
DELETE FROM error_lines
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM error_lines WHERE at < now() - 2 * ${ERROR_WINDOW} ORDER BY at LIMIT 5000))
RETURNING run_id`;
