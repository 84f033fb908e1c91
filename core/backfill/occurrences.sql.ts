import type { Sql } from '../db.ts';
import type { GapReason } from '../gaps/reasons.ts';
import type { RunFacts } from '../runs/outcomes.ts';
import { endOfGap, overlapsGap } from '../gaps/overlap.sql.ts';

/** How the run went that covers all ticks of a gap; `live`: it has yet to end, or to be planned. */
export type CoverState = 'succeeded' | 'live' | 'failed';

/** What stands in the ledger about the ticks of a job from one instant to another, both included. Epoch ms. */
export type OccurrenceFacts = {
  ticks: (RunFacts & { ms: number; runId: number; isAhead: boolean })[];
  /** Runs that stand for ticks, together by tick. */
  standIns: {
    ms: number;
    hasSucceeded: boolean;
    hasBegun: boolean;
    isLive: boolean;
    isOwn: boolean;
  }[];
  gaps: { fromMs: number; toMs: number | null; reason: GapReason; cover: CoverState | null }[];
};

/** @param backfillId whose runs are `isOwn` */
export async function readOccurrenceFacts(
  sql: Sql,
  jobId: number,
  fromMs: number,
  toMs: number,
  backfillId: number | null,
): Promise<OccurrenceFacts> {
  const [row] = await sql<{ [Part in keyof OccurrenceFacts]: OccurrenceFacts[Part] | null }>(
    READ_OCCURRENCE_FACTS,
    [jobId, new Date(fromMs).toISOString(), new Date(toMs).toISOString(), backfillId],
  );
  return { ticks: row?.ticks ?? [], standIns: row?.standIns ?? [], gaps: row?.gaps ?? [] };
}

const IS_OF_COVER = `r.job_id = g.job_id AND (r.trigger = 'tick' AND r.scheduled_for = g.covered_by OR r.for_tick = g.covered_by)`;

/** SQL: the `CoverState` of the gap `g` of the job `j`. */
const COVER_STATE = `
CASE WHEN g.to_cover THEN 'live'
     WHEN g.covered_by IS NULL THEN NULL
     WHEN EXISTS (SELECT FROM run r WHERE NOT r.is_live AND r.state = 'succeeded' AND ${IS_OF_COVER}) THEN 'succeeded'
     WHEN EXISTS (SELECT FROM run r WHERE r.is_live AND ${IS_OF_COVER}) THEN 'live'
     WHEN g.covered_by > coalesce(j.replan_from, j.planned_until) THEN 'live'
     ELSE 'failed' END`;

const MS = (instant: string) => `round(extract(epoch FROM ${instant}) * 1000)::bigint`;

const READ_OCCURRENCE_FACTS = `
SELECT (SELECT jsonb_agg(jsonb_build_object(
                 'ms', ${MS('r.scheduled_for')}, 'runId', r.id, 'state', r.state, 'isStarted', r.attempt > 0,
                 'hold', coalesce(r.hold, CASE WHEN r.held_by IS NOT NULL AND r.attempt = 0 AND r.due_at > now() THEN 'blackout' END), 'skipReason', r.skip_reason,
                 'isAhead', r.attempt = 0 AND r.finished_at < r.scheduled_for))
          FROM run r
         WHERE r.is_live IN (true, false) AND r.trigger = 'tick' AND r.job_id = $1::int
           AND r.scheduled_for >= $2::timestamptz AND r.scheduled_for <= $3::timestamptz) AS ticks,
       (SELECT jsonb_agg(jsonb_build_object(
                 'ms', ${MS('s.for_tick')}, 'hasSucceeded', s.has_succeeded, 'hasBegun', s.has_begun,
                 'isLive', s.is_live, 'isOwn', s.is_own))
          FROM (
            SELECT r.for_tick, bool_or(r.state = 'succeeded') AS has_succeeded, bool_or(r.attempt > 0) AS has_begun,
                   bool_or(r.is_live) AS is_live, coalesce(bool_or(r.backfill_id = $4::int), false) AS is_own
              FROM run r
             WHERE r.is_live IN (true, false) AND r.job_id = $1::int AND r.for_tick IS NOT NULL
               AND r.for_tick >= $2::timestamptz AND r.for_tick <= $3::timestamptz
             GROUP BY r.for_tick) AS s) AS "standIns",
       (SELECT jsonb_agg(jsonb_build_object(
                 'fromMs', ${MS('lower(g.span)')}, 'toMs', ${MS('upper(g.span)')}, 'reason', g.reason,
                 'cover', ${COVER_STATE})
               ORDER BY lower(g.span))
          FROM gap g JOIN job j ON j.id = g.job_id
         WHERE g.job_id = $1::int AND ${endOfGap('g')} > $2::timestamptz AND lower(g.span) <= $3::timestamptz) AS gaps`;

/** How many ticks ended badly by themselves in [from, to), in the index of states alone. */
export async function countFailedTicks(
  sql: Sql,
  jobId: number,
  from: Date,
  to: Date,
): Promise<{ state: 'failed' | 'timed_out' | 'lost'; ticks: number }[]> {
  return sql(COUNT_FAILED_TICKS, [jobId, from.toISOString(), to.toISOString()]);
}

const COUNT_FAILED_TICKS = `
SELECT s.state, (
         SELECT count(*)::int FROM run_done r
          WHERE r.job_id = $1::int AND r.state = s.state AND r.state <> 'succeeded' AND r.trigger = 'tick'
            AND r.scheduled_for >= $2::timestamptz AND r.scheduled_for < $3::timestamptz) AS ticks
  FROM unnest('{failed,timed_out,lost}'::text[]) AS s (state)`;

/** Of ticks in [from, to) whose own run didn't succeed and isn't live. */
export type StandInCounts = {
  /** A run that stands for the tick succeeded. */
  madeGood: number;
  /** None did, and one has yet to end. */
  toCome: number;
};

export async function countStandIns(
  sql: Sql,
  jobId: number,
  from: Date,
  to: Date,
): Promise<StandInCounts> {
  const [row] = await sql<StandInCounts>(COUNT_STAND_INS, [
    jobId,
    from.toISOString(),
    to.toISOString(),
  ]);
  return row!;
}

/** The gaps in [from, to) that a run covers. */
export async function readCoveredGaps(
  sql: Sql,
  jobId: number,
  from: Date,
  to: Date,
): Promise<Map<number, CoverState>> {
  const rows = await sql<{ id: number; cover: CoverState }>(READ_COVERED_GAPS, [
    jobId,
    from.toISOString(),
    to.toISOString(),
  ]);
  return new Map(rows.map(({ id, cover }) => [id, cover]));
}

const READ_COVERED_GAPS = `
SELECT g.id, ${COVER_STATE} AS cover
  FROM gap g JOIN job j ON j.id = g.job_id
 WHERE g.job_id = $1::int AND (g.to_cover OR g.covered_by IS NOT NULL)
   AND ${overlapsGap('g', '$2::timestamptz', '$3::timestamptz')}`;

// Gaps of a job don't overlap: no other one can hold the tick.
const GAP_THAT_ENDS_NEXT = `
SELECT n.id FROM gap n
 WHERE n.job_id = $1::int AND ${endOfGap('n')} > s.for_tick
 ORDER BY ${endOfGap('n')} LIMIT 1`;

// A tick that a later run covered has its success by that.
const COUNT_STAND_INS = `
SELECT count(*) FILTER (WHERE s.has_succeeded)::int AS "madeGood",
       count(*) FILTER (WHERE NOT s.has_succeeded AND s.is_live)::int AS "toCome"
  FROM (
    SELECT r.for_tick, bool_or(r.state = 'succeeded') AS has_succeeded, bool_or(r.is_live) AS is_live
      FROM run r
     WHERE r.is_live IN (true, false) AND r.job_id = $1::int AND r.for_tick IS NOT NULL
       AND r.for_tick >= $2::timestamptz AND r.for_tick < $3::timestamptz
     GROUP BY r.for_tick) AS s
 WHERE NOT EXISTS (
   SELECT FROM run t
    WHERE t.is_live IN (true, false) AND t.trigger = 'tick' AND t.job_id = $1::int AND t.scheduled_for = s.for_tick
      AND (t.is_live OR t.state = 'succeeded' OR t.skip_reason = 'covered'))
   AND NOT EXISTS (
     SELECT FROM gap g JOIN job j ON j.id = g.job_id
      WHERE g.id = (${GAP_THAT_ENDS_NEXT}) AND lower(g.span) <= s.for_tick AND ${COVER_STATE} IN ('succeeded', 'live'))`;
