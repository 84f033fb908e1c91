import type { Sql } from '../db.ts';
import type { RunState } from '../runs/states.ts';
import type { BackfillRule, BackfillState } from './words.ts';

/** How many of a backfill's runs are in each state. */
export type RunCounts = Partial<Record<RunState, number>>;

export type BackfillRow = {
  id: number;
  jobId: number;
  jobKey: string;
  isJobDeleted: boolean;
  jobLabels: Record<string, string>;
  from: Date;
  to: Date;
  rule: BackfillRule;
  picked: Date[];
  newestFirst: boolean;
  perMinute: number;
  atOnce: number;
  givesWay: boolean;
  parameters: Record<string, unknown>;
  /** What the job said when they were given, as saved. */
  givenTo: unknown;
  reason: string;
  state: BackfillState;
  expected: number;
  made: number;
  cursorAt: Date | null;
  isAllMade: boolean;
  nextDueAt: Date;
  problem: string | null;
  stoppedByJob: boolean;
  createdBy: string;
  createdAt: Date;
  changedBy: string | null;
  endedAt: Date | null;
};

const COLUMNS = `
  b.id, b.job_id AS "jobId", j.key AS "jobKey", j.deleted_at IS NOT NULL AS "isJobDeleted", j.labels AS "jobLabels", b.from_at AS "from",
  b.to_at AS "to", b.rule, b.picked, b.newest_first AS "newestFirst", b.per_minute AS "perMinute",
  b.at_once AS "atOnce", b.gives_way AS "givesWay", b.parameters, b.reason, b.state,
  (SELECT v.definition FROM revision v WHERE v.job_id = b.job_id
    ORDER BY v.number > 1 AND v.created_at > b.created_at, v.number DESC LIMIT 1) AS "givenTo", b.expected, b.made,
  b.cursor_at AS "cursorAt", b.is_all_made AS "isAllMade", b.next_due_at AS "nextDueAt", b.problem,
  b.stopped_by_job AS "stoppedByJob", b.created_by AS "createdBy", b.created_at AS "createdAt",
  b.changed_by AS "changedBy", b.ended_at AS "endedAt"`;

// Counted until the last of its runs has ended, so that they outlive the history of the runs.
const RUNS = `
  coalesce(b.outcomes, (
    SELECT jsonb_object_agg(c.state, c.runs)
      FROM (SELECT r.state, count(*)::int AS runs FROM run r
             WHERE r.is_live IN (true, false) AND r.backfill_id = b.id GROUP BY r.state) AS c), '{}'::jsonb) AS runs`;

export type NewBackfill = Pick<
  BackfillRow,
  | 'jobId'
  | 'from'
  | 'to'
  | 'rule'
  | 'picked'
  | 'newestFirst'
  | 'perMinute'
  | 'atOnce'
  | 'givesWay'
  | 'parameters'
  | 'reason'
  | 'expected'
  | 'createdBy'
>;

/** @throws 23P01 on `backfill_no_overlap` where another of the job is about some of the same occurrences */
export async function insertBackfill(sql: Sql, backfill: NewBackfill): Promise<number> {
  const [row] = await sql<{ id: number }>(INSERT_BACKFILL, [
    backfill.jobId,
    backfill.from.toISOString(),
    backfill.to.toISOString(),
    backfill.rule,
    backfill.picked.map((at) => at.toISOString()),
    backfill.newestFirst,
    backfill.perMinute,
    backfill.atOnce,
    backfill.givesWay,
    JSON.stringify(backfill.parameters),
    backfill.reason,
    backfill.expected,
    backfill.createdBy,
  ]);
  return row!.id;
}

const INSERT_BACKFILL = `
INSERT INTO backfill (job_id, from_at, to_at, rule, picked, newest_first, per_minute, at_once, gives_way, parameters,
                      reason, expected, created_by)
VALUES ($1::int, $2::timestamptz, $3::timestamptz, $4::text, $5::timestamptz[], $6::boolean, $7::int, $8::int,
        $9::boolean, $10::text::jsonb, $11::text, $12::bigint, $13::text)
RETURNING id`;

/** One of the job that isn't over and shares occurrences with [from, to). */
export async function readBackfillUnderWay(
  sql: Sql,
  jobId: number,
  from: Date,
  to: Date,
): Promise<{ id: number } | null> {
  const [row] = await sql<{ id: number }>(
    `SELECT id FROM backfill
      WHERE job_id = $1::int AND state IN ('running', 'paused')
        AND from_at < $3::timestamptz AND to_at > $2::timestamptz
      ORDER BY id LIMIT 1`,
    [jobId, from.toISOString(), to.toISOString()],
  );
  return row ?? null;
}

/** Newest first. */
export async function listBackfills(
  sql: Sql,
  jobId: number,
  limit: number,
): Promise<(BackfillRow & { runs: RunCounts })[]> {
  return sql(LIST_BACKFILLS, [jobId, limit]);
}

const LIST_BACKFILLS = `
SELECT ${COLUMNS}, ${RUNS}
  FROM backfill b JOIN job j ON j.id = b.job_id
 WHERE b.job_id = $1::int
 ORDER BY b.id DESC
 LIMIT $2::int`;

export async function readBackfillRow(
  sql: Sql,
  id: number,
): Promise<(BackfillRow & { runs: RunCounts }) | null> {
  const [row] = await sql<BackfillRow & { runs: RunCounts }>(READ_BACKFILL, [id]);
  return row ?? null;
}

const READ_BACKFILL = `
SELECT ${COLUMNS}, ${RUNS}
  FROM backfill b JOIN job j ON j.id = b.job_id
 WHERE b.id = $1::int`;

/** What keeps a backfill that is under way from making runs, or them from starting; null: nothing of the kind. */
export type Hindrance = 'everything_paused' | 'no_worker' | 'queue_full';

export async function readHindrance(sql: Sql, jobId: number): Promise<Hindrance | null> {
  const [row] = await sql<{ hindrance: Hindrance | null }>(READ_HINDRANCE, [jobId]);
  return row?.hindrance ?? null;
}

const READ_HINDRANCE = `
SELECT CASE
    WHEN i.paused_at IS NOT NULL THEN 'everything_paused'
    WHEN NOT EXISTS (
      SELECT FROM worker w WHERE w.ended_at IS NULL AND w.lease_until > clock_timestamp()) THEN 'no_worker'
    WHEN (SELECT count(*) FROM (
            SELECT FROM run_live r
             WHERE r.state = 'queued' AND r.hold IS NULL AND r.queue = q.name AND r.due_at <= now()
             LIMIT q.max_waiting + q.max_running + 1) AS waiting)
         >= q.max_waiting / 2 + greatest(0, q.max_running - (
              SELECT count(*) FROM run_live r WHERE r.state = 'running' AND r.queue = q.name)) THEN 'queue_full'
  END AS hindrance
  FROM job j JOIN queue q ON q.name = j.queue CROSS JOIN installation i
 WHERE j.id = $1::int`;

/** The backfill, held with its job until the transaction ends. The job comes first, as everywhere. */
export async function lockBackfill(sql: Sql, id: number): Promise<BackfillRow | null> {
  await sql(
    `SELECT FROM job WHERE id = (SELECT job_id FROM backfill WHERE id = $1::int) FOR SHARE`,
    [id],
  );
  const [row] = await sql<BackfillRow>(
    `SELECT ${COLUMNS} FROM backfill b JOIN job j ON j.id = b.job_id WHERE b.id = $1::int FOR UPDATE OF b`,
    [id],
  );
  return row ?? null;
}

/** The same, or null where somebody else holds one of the two. */
export async function lockBackfillToFeed(sql: Sql, id: number): Promise<BackfillRow | null> {
  const jobs = await sql(
    `SELECT id FROM job WHERE id = (SELECT job_id FROM backfill WHERE id = $1::int) FOR SHARE SKIP LOCKED`,
    [id],
  );
  if (jobs.length === 0) return null;
  const [row] = await sql<BackfillRow>(
    `SELECT ${COLUMNS} FROM backfill b JOIN job j ON j.id = b.job_id WHERE b.id = $1::int FOR UPDATE OF b SKIP LOCKED`,
    [id],
  );
  return row ?? null;
}

export type Change = { state: BackfillState; by: string; problem?: string };

/** The caller holds it. Over: `ended_at` is set; going on: what stood in its way is forgotten. */
export async function setBackfillState(
  sql: Sql,
  id: number,
  { state, by, problem }: Change,
): Promise<void> {
  await sql(SET_STATE, [id, state, by, problem ?? null]);
}

const SET_STATE = `
UPDATE backfill
   SET state = $2::text, changed_by = $3::text, problem = $4::text, stopped_by_job = false,
       ended_at = CASE WHEN $2::text IN ('done', 'cancelled') THEN clock_timestamp() END,
       next_due_at = CASE WHEN $2::text = 'running' THEN clock_timestamp() ELSE next_due_at END,
       failures_from = CASE WHEN $2::text = 'running' THEN clock_timestamp() ELSE failures_from END
 WHERE id = $1::int`;

export async function setBackfillRate(
  sql: Sql,
  id: number,
  { perMinute, atOnce, by }: { perMinute: number; atOnce: number; by: string },
): Promise<void> {
  await sql(
    `UPDATE backfill SET per_minute = $2::int, at_once = $3::int, changed_by = $4::text,
            next_due_at = least(next_due_at, clock_timestamp())
      WHERE id = $1::int`,
    [id, perMinute, atOnce, by],
  );
}

/**
 * Takes back what nobody has started of these backfills: the rows go, and the cursors with them. How many went.
 * Their occurrences come again when the backfill goes on.
 */
export async function takeRunsBack(sql: Sql, ids: readonly number[]): Promise<number> {
  const [row] = await sql<{ runs: number }>(TAKE_RUNS_BACK, [ids]);
  return row?.runs ?? 0;
}

// A row that a worker takes at this moment is waited for, and stays. One that is before another that has been started
// leaves the cursor before both: whoever goes on looks which occurrences have a run.
const TAKE_RUNS_BACK = `
WITH gone AS (
  DELETE FROM run
   WHERE is_live AND backfill_id = ANY ($1::int[]) AND state = 'queued' AND attempt = 0
  RETURNING backfill_id, for_tick
), by_backfill AS (
  SELECT backfill_id, count(*)::int AS runs, min(for_tick) AS first, max(for_tick) AS last FROM gone GROUP BY 1
), moved AS (
  UPDATE backfill b
     SET made = b.made - g.runs, is_all_made = false,
         cursor_at = CASE WHEN b.newest_first THEN g.last + interval '1 millisecond'
                          ELSE g.first - interval '1 millisecond' END
    FROM by_backfill g
   WHERE b.id = g.backfill_id
  RETURNING g.runs
)
SELECT coalesce(sum(runs), 0)::int AS runs FROM moved`;

/** The runs of a backfill that have begun and haven't ended. */
export async function readBegunRuns(
  sql: Sql,
  id: number,
): Promise<{ id: number; state: 'queued' | 'running' }[]> {
  return sql(
    `SELECT id, state FROM run WHERE is_live AND backfill_id = $1::int AND attempt > 0 ORDER BY id FOR UPDATE`,
    [id],
  );
}
