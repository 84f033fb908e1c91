import type { Sql } from '../db.ts';
import type { PlannedGap } from '../schedules/plan.ts';
import { type MissedTicks, openForMissed } from '../incidents/open.sql.ts';
import { IS_OF_JOB } from '../runs/by-key.sql.ts';
import { assignTicks } from '../trials/assign.ts';
import { coverAsTheMissed, type CoverPlan, recordCovers } from './cover.sql.ts';
import type { PlanRules } from './plan-rules.ts';
import { endOfGap } from '../gaps/overlap.sql.ts';

/** What a planner decided for one job, and the state that it decided on. */
export type JobPlan = {
  jobId: number;
  revision: number;
  /** What its runs copy; null where the plan has none. */
  rules: PlanRules | null;
  from: { plannedUntil: Date; replanFrom: Date | null };
  to: { plannedUntil: Date; replanFrom: Date | null; nextTickAt: Date | null };
  ticks: {
    at: Date;
    dueAt: Date;
    /** What its start deadline counts from. */
    promisedAt: Date;
    isLate: boolean;
    /** The blackout that it waits for. */
    heldBy: number | null;
  }[];
  /** `ticks` is null where they can't be counted. */
  gaps: (Pick<PlannedGap, 'from' | 'to' | 'reason' | 'blackoutId' | 'coveredBy'> & {
    ticks: number | null;
  })[];
  /** The tick that stands for what was missed. */
  standIn: Date | null;
  /** What becomes of the job's gaps that wait for a tick to stand for them. */
  cover: CoverPlan | null;
};

/**
 * Writes the runs and gaps of many plans and advances the cursors, in one statement: a job whose cursor, mark or
 * revision is no longer what its plan began with, that is paused or deleted, gets nothing (rule 1).
 */
export async function recordPlans(
  sql: Sql,
  plans: readonly JobPlan[],
): Promise<{ jobs: number; ticks: number; gaps: number }> {
  const ticks = plans.flatMap(({ jobId, ticks: own }) => own.map((tick) => ({ jobId, ...tick })));
  const gaps = plans.flatMap(({ jobId, gaps: own }) => own.map((gap) => ({ jobId, ...gap })));
  await recordCovers(sql, plans);
  const [row] = await sql<{ jobs: number; ticks: number; gaps: number }>(RECORD_PLANS, [
    JSON.stringify(plans.map(planRow)),
    ticks.map(({ jobId }) => jobId),
    ticks.map(({ at }) => at.toISOString()),
    ticks.map(({ dueAt }) => dueAt.toISOString()),
    ticks.map(({ isLate }) => isLate),
    gaps.map(({ jobId }) => jobId),
    gaps.map(({ from }) => from.toISOString()),
    gaps.map(({ to }) => to.toISOString()),
    gaps.map((gap) => gap.ticks),
    ticks.map(({ promisedAt }) => promisedAt.toISOString()),
    ticks.map(({ heldBy }) => heldBy),
    gaps.map(({ reason }) => reason),
    gaps.map(({ blackoutId }) => blackoutId),
    gaps.map(({ coveredBy }) => coveredBy?.toISOString() ?? null),
  ]);
  await assignTicks(sql, ticks);
  const missed = gaps.filter(({ reason }) => reason === 'missed');
  if (missed.length > 0) await coverAsTheMissed(sql, missed);
  await openForMissed(sql, missedForGood(ticks, missed));
  return row ?? { jobs: 0, ticks: 0, gaps: 0 };
}

/** Ticks that nothing makes up for: those past their start deadline, and those that stand in a gap without a cover. */
function missedForGood(
  ticks: readonly { jobId: number; isLate: boolean }[],
  gaps: readonly { jobId: number; ticks: number | null; coveredBy: Date | null }[],
): MissedTicks[] {
  return [
    ...ticks.flatMap(({ jobId, isLate }) =>
      isLate ? [{ jobId, ticks: 1, cause: LATE_CAUSE }] : [],
    ),
    ...gaps.flatMap(({ jobId, ticks: number, coveredBy }) =>
      coveredBy === null ? [{ jobId, ticks: number, cause: MISSED_CAUSE }] : [],
    ),
  ];
}

const LATE_CAUSE = 'Nothing ran when it was due, and its start deadline is over.';
const MISSED_CAUSE = 'No worker planned at the time, and nothing makes up for it.';

function planRow({ jobId, revision, rules, from, to }: JobPlan) {
  return {
    job_id: jobId,
    revision,
    planned_until: from.plannedUntil,
    replan_from: from.replanFrom,
    to_planned_until: to.plannedUntil,
    to_replan_from: to.replanFrom,
    to_next_tick_at: to.nextTickAt,
    queue: rules?.queue,
    kind: rules?.kind,
    priority: rules?.priority,
    overlap: rules?.overlap,
    max_parallel: rules?.maxParallel,
    may_run_twice: rules?.mayRunTwice ?? false,
    runs_on: rules && Object.keys(rules.runsOn).length > 0 ? rules.runsOn : null,
    start_deadline_ms: rules?.startDeadlineMs,
  };
}

const RECORD_PLANS = `
WITH plan AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::text::jsonb) AS p (
    job_id int, revision int, planned_until timestamptz, replan_from timestamptz,
    to_planned_until timestamptz, to_replan_from timestamptz, to_next_tick_at timestamptz,
    queue text, kind text, priority smallint, overlap text, max_parallel int, may_run_twice boolean,
    runs_on jsonb, start_deadline_ms bigint)
), advanced AS (
  UPDATE job j
     SET planned_until = p.to_planned_until, replan_from = p.to_replan_from, next_tick_at = p.to_next_tick_at
    FROM plan p
   -- In forms that no plan made while there were few jobs reads all of them for (core/runs/by-key.sql.ts).
   WHERE j.id = ANY (ARRAY[p.job_id])
     AND j.revision = p.revision
     AND j.planned_until = p.planned_until
     AND j.replan_from IS NOT DISTINCT FROM p.replan_from
     AND coalesce(j.paused_at, j.deleted_at) IS NULL
     AND NOT EXISTS (SELECT FROM installation WHERE paused_at IS NOT NULL)
  RETURNING p.job_id, p.revision, p.queue, p.kind, p.priority, p.overlap, p.max_parallel,
            p.may_run_twice, p.runs_on, p.start_deadline_ms
), ticks AS (
  INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, start_by, held_by,
                   queue, kind, priority, overlap, max_parallel, may_run_twice, runs_on, skip_reason, cause, finished_at)
  SELECT NOT t.is_late, a.job_id, a.revision, 'tick', CASE WHEN t.is_late THEN 'skipped' ELSE 'queued' END,
         t.at, t.due_at, t.promised_at + a.start_deadline_ms * interval '1 millisecond', t.held_by,
         a.queue, a.kind, a.priority, a.overlap, a.max_parallel, a.may_run_twice, a.runs_on,
         CASE WHEN t.is_late THEN 'late' END,
         CASE WHEN t.is_late THEN '${LATE_CAUSE}' END,
         CASE WHEN t.is_late THEN now() END
    FROM unnest($2::int[], $3::timestamptz[], $4::timestamptz[], $5::boolean[], $10::timestamptz[], $11::int[])
           AS t (job_id, at, due_at, is_late, promised_at, held_by)
    JOIN advanced a ON a.job_id = t.job_id
  ON CONFLICT DO NOTHING
  RETURNING 1
), piece AS MATERIALIZED (
  SELECT g.*, a.revision
    FROM unnest($6::int[], $7::timestamptz[], $8::timestamptz[], $9::bigint[], $12::text[], $13::int[], $14::timestamptz[])
           AS g (job_id, from_at, to_at, ticks, reason, blackout_id, covered_by)
    JOIN advanced a ON a.job_id = g.job_id
), prolonged AS (
  -- A blackout is planned piece by piece: each goes on with the row of the one before it. The forms of
  -- core/runs/by-key.sql.ts: gaps may be few when this is planned, and a row for each of 10,000 jobs a minute later.
  UPDATE gap g SET span = tstzrange(lower(g.span), p.to_at), ticks = g.ticks + p.ticks
    FROM piece p
   WHERE p.blackout_id IS NOT NULL
     AND ${IS_OF_JOB('g', 'p')} AND ${endOfGap('g')} = ANY (ARRAY[p.from_at])
     AND g.revision = p.revision AND g.reason = p.reason AND g.blackout_id = p.blackout_id
     AND g.covered_by IS NOT DISTINCT FROM p.covered_by AND NOT g.to_cover
  RETURNING p.job_id, p.from_at
), gaps AS (
  INSERT INTO gap (job_id, revision, span, reason, ticks, blackout_id, covered_by, note, created_by)
  SELECT p.job_id, p.revision, tstzrange(p.from_at, p.to_at), p.reason, p.ticks, p.blackout_id, p.covered_by,
         coalesce(b.name, ''), coalesce(b.created_by, '')
    FROM piece p LEFT JOIN blackout b ON b.id = p.blackout_id
   WHERE NOT EXISTS (SELECT FROM prolonged d WHERE d.job_id = p.job_id AND d.from_at = p.from_at)
  RETURNING 1
)
SELECT (SELECT count(*) FROM advanced)::int AS jobs,
       (SELECT count(*) FROM ticks)::int AS ticks,
       (SELECT count(*) FROM piece)::int AS gaps
  -- Named, so that it is carried out before the piece is counted.
  FROM (SELECT count(*) FROM gaps) AS inserted`;
