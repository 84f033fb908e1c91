import type { Sql } from '../db.ts';
import type { PlanRules } from './plan-rules.ts';
import { overlapsGap } from '../gaps/overlap.sql.ts';

/** A gap whose covering tick was taken back. */
export type GapToCover = { id: number; jobId: number; revision: number; from: Date; to: Date };

/** The gaps of jobs that wait for a tick to stand for them, those of a job in order. */
export async function readGapsToCover(sql: Sql, jobIds: readonly number[]): Promise<GapToCover[]> {
  return sql<GapToCover>(
    `SELECT id, job_id AS "jobId", revision, lower(span) AS "from", upper(span) AS "to"
       FROM gap WHERE to_cover AND job_id = ANY ($1::int[])
      ORDER BY job_id, lower(span)`,
    [jobIds],
  );
}

/** Which tick stands for gaps that wait for one. */
export type CoverPlan = {
  gapIds: number[];
  /** Null: none can. */
  coveredBy: Date | null;
  /** The latest tick of the gaps, where it is to run itself: it leaves its gap. */
  released: {
    gapId: number;
    /** How many ticks stay in that gap. */
    ticksLeft: number;
    revision: number;
    rules: PlanRules;
    at: Date;
    dueAt: Date;
    heldBy: number | null;
  } | null;
};

/** Writes what plans say of the gaps that wait for a tick. The transaction must hold the jobs. */
export async function recordCovers(
  sql: Sql,
  plans: readonly { jobId: number; cover: CoverPlan | null }[],
): Promise<void> {
  const covers = plans.flatMap(({ jobId, cover }) => (cover ? [{ jobId, ...cover }] : []));
  if (covers.length === 0) return;
  const released = covers.flatMap(({ jobId, released: tick }) =>
    tick ? [{ jobId, ...tick }] : [],
  );
  const emptied = released.filter(({ ticksLeft }) => ticksLeft === 0).map(({ gapId }) => gapId);
  const kept = released.filter(({ ticksLeft }) => ticksLeft > 0);
  await sql('DELETE FROM gap WHERE id = ANY ($1::int[])', [emptied]);
  await sql(CUT_GAPS, [
    kept.map(({ gapId }) => gapId),
    kept.map(({ at }) => at.toISOString()),
    kept.map(({ ticksLeft }) => ticksLeft),
  ]);
  const gaps = covers.flatMap(({ gapIds, coveredBy }) =>
    gapIds.map((id) => ({ id, coveredBy: coveredBy?.toISOString() ?? null })),
  );
  await sql(COVER_GAPS, [gaps.map(({ id }) => id), gaps.map(({ coveredBy }) => coveredBy)]);
  if (released.length > 0) await sql(RELEASE_TICKS, [JSON.stringify(released.map(releasedRow))]);
}

function releasedRow({ jobId, revision, at, dueAt, heldBy, rules }: Released) {
  return {
    job_id: jobId,
    revision,
    at,
    due_at: dueAt,
    held_by: heldBy,
    queue: rules.queue,
    kind: rules.kind,
    priority: rules.priority,
    overlap: rules.overlap,
    max_parallel: rules.maxParallel,
    may_run_twice: rules.mayRunTwice,
    runs_on: Object.keys(rules.runsOn).length > 0 ? rules.runsOn : null,
    start_deadline_ms: rules.startDeadlineMs,
  };
}

type Released = NonNullable<CoverPlan['released']> & { jobId: number };

const CUT_GAPS = `
UPDATE gap g SET span = tstzrange(lower(g.span), c.at), ticks = c.ticks
  FROM unnest($1::int[], $2::timestamptz[], $3::bigint[]) AS c (id, at, ticks)
 WHERE g.id = c.id`;

const COVER_GAPS = `
UPDATE gap g SET covered_by = c.covered_by, to_cover = false
  FROM unnest($1::int[], $2::timestamptz[]) AS c (id, covered_by)
 WHERE g.id = c.id`;

const RELEASE_TICKS = `
INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, start_by, held_by,
                 queue, kind, priority, overlap, max_parallel, may_run_twice, runs_on)
SELECT true, r.job_id, r.revision, 'tick', 'queued', r.at, r.due_at,
       r.due_at + r.start_deadline_ms * interval '1 millisecond', r.held_by,
       r.queue, r.kind, r.priority, r.overlap, r.max_parallel, r.may_run_twice, r.runs_on
  FROM jsonb_to_recordset($1::text::jsonb) AS r (
    job_id int, revision int, at timestamptz, due_at timestamptz, held_by int, queue text, kind text,
    priority smallint, overlap text, max_parallel int, may_run_twice boolean, runs_on jsonb, start_deadline_ms bigint)
ON CONFLICT DO NOTHING`;

/** A tick that was to stand for a gap was missed itself: whatever stands for it stands for the gap as well. */
export async function coverAsTheMissed(
  sql: Sql,
  missed: readonly { jobId: number; from: Date; to: Date; coveredBy: Date | null }[],
): Promise<void> {
  await sql(COVER_AS_THE_MISSED, [
    missed.map(({ jobId }) => jobId),
    missed.map(({ from }) => from.toISOString()),
    missed.map(({ to }) => to.toISOString()),
    missed.map(({ coveredBy }) => coveredBy?.toISOString() ?? null),
  ]);
}

const COVER_AS_THE_MISSED = `
UPDATE gap g SET covered_by = m.covered_by
  FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[]) AS m (job_id, from_at, to_at, covered_by)
 WHERE g.job_id = m.job_id AND lower(g.span) < m.from_at
   AND g.covered_by >= m.from_at AND g.covered_by < m.to_at`;

/**
 * Takes the part of blackouts' gaps back that lies at or after `from`, as `deleteTicksFrom` does with ticks. Gaps whose
 * covering tick went with them wait for the planner to name another.
 */
export async function cutGapsAhead(sql: Sql, jobIds: readonly number[], from: Date): Promise<void> {
  const given = [jobIds, from.toISOString()];
  await sql(DROP_GAPS_AHEAD, given);
  await sql(CUT_GAPS_AHEAD, given);
  await sql(UNCOVER_GAPS, given);
}

const IS_AHEAD = `
       job_id = ANY ($1::int[]) AND ${overlapsGap('gap', '$2::timestamptz')}
   AND reason IN ('blackout', 'held')`;

const DROP_GAPS_AHEAD = `
DELETE FROM gap WHERE ${IS_AHEAD} AND lower(span) >= $2::timestamptz`;

// Its ticks are counted anew.
const CUT_GAPS_AHEAD = `
UPDATE gap SET span = tstzrange(lower(span), $2::timestamptz), ticks = NULL
 WHERE ${IS_AHEAD}`;

const UNCOVER_GAPS = `
UPDATE gap SET covered_by = NULL, to_cover = true
 WHERE job_id = ANY ($1::int[]) AND covered_by >= $2::timestamptz`;
