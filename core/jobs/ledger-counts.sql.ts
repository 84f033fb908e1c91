import type { Sql } from '../db.ts';
import {
  type OutcomeCounts,
  outcomeOfRun,
  type RunFacts,
  type TickOutcome,
} from '../runs/outcomes.ts';
import { isAfterEnd, type Stretch, stretchesAfterEnd } from './reigns.ts';
import type { ScheduleHistory } from './schedule-history.sql.ts';

/** What became of a job's ticks that are runs; `place` says of which of the stretches that were asked for. */
export type TickCounts = {
  jobId: number;
  place: number;
  outcomes: OutcomeCounts;
  /** Of these, the ticks that counted from the end of runs. */
  afterEnd: number;
};

/**
 * Counts tick runs by outcome, with `scheduled_for` in [from, to), or of each job in a stretch of its own. All that ended
 * is counted in the index of ticks and what didn't succeed in that of states, so that nothing but the live, the skipped
 * and the cancelled ones is read as a row: of `run_done` itself, since of `run` the row would be read for its `is_live`.
 * What ended on its own in another way than well counts as `succeeded`: all of them are the same to a sum.
 */
export async function countTickRuns(
  sql: Sql,
  jobIds: readonly number[],
  stretch: Stretch | readonly Stretch[],
  /** Of these jobs, over all of that. */
  histories: readonly ScheduleHistory[],
): Promise<TickCounts[]> {
  const stretches = 'from' in stretch ? jobIds.map(() => stretch) : stretch;
  const counts = await countOutcomes(sql, jobIds, stretches);
  return withThoseAfterEnd(sql, counts, stretches, histories);
}

type Counted = Omit<TickCounts, 'afterEnd'>;

async function withThoseAfterEnd(
  sql: Sql,
  counts: readonly Counted[],
  stretches: readonly Stretch[],
  histories: readonly ScheduleHistory[],
): Promise<TickCounts[]> {
  // Few jobs have such a revision: the others are told once, however many stretches were asked for.
  const historyOf = new Map(
    histories.flatMap((history) =>
      history.revisions.some(({ schedule }) => isAfterEnd(schedule))
        ? [[history.jobId, history]]
        : [],
    ),
  );
  // Where other revisions were current as well, their own parts are counted once more.
  const parts: (Stretch & { jobId: number; index: number })[] = [];
  const all = counts.map((count, index) => {
    const history = historyOf.get(count.jobId);
    const { from, to } = stretches[count.place]!;
    const own = history ? stretchesAfterEnd(history, from, to) : [];
    if (own === 'all') return { ...count, afterEnd: sumOfOutcomes(count.outcomes) };
    parts.push(...own.map((part) => ({ ...part, jobId: count.jobId, index })));
    return { ...count, afterEnd: 0 };
  });
  if (parts.length === 0) return all;
  const ids = parts.map(({ jobId }) => jobId);
  for (const { place, outcomes } of await countOutcomes(sql, ids, parts)) {
    all[parts[place]!.index]!.afterEnd += sumOfOutcomes(outcomes);
  }
  return all;
}

const sumOfOutcomes = (outcomes: OutcomeCounts) =>
  Object.values(outcomes).reduce((sum, ticks) => sum + ticks, 0);

async function countOutcomes(
  sql: Sql,
  jobIds: readonly number[],
  stretches: readonly Stretch[],
): Promise<Counted[]> {
  const rows = await sql<CountedRow>(COUNT_TICK_RUNS, [
    jobIds,
    stretches.map(({ from }) => from.toISOString()),
    stretches.map(({ to }) => to.toISOString()),
  ]);
  return rows.map(({ jobId, place, ended, others }) => {
    const outcomes: Partial<Record<TickOutcome, number>> = {};
    const add = (outcome: TickOutcome, ticks: number) => {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + ticks;
    };
    let withoutStart = 0;
    for (const { ticks, isInGap, ...facts } of others ?? []) {
      if (facts.state === 'skipped' || facts.state === 'cancelled') withoutStart += ticks;
      if (!isInGap) add(outcomeOfRun(facts), ticks);
    }
    add('succeeded', ended - withoutStart);
    return { jobId, place, outcomes };
  });
}

type CountedRow = {
  jobId: number;
  place: number;
  /** All that are finished. */
  ended: number;
  /** Those that live, were skipped or cancelled. */
  others: (RunFacts & { ticks: number; isInGap: boolean })[] | null;
};

const IN_STRETCH = `r.job_id = j.id AND r.scheduled_for >= j.from_at AND r.scheduled_for < j.to_at`;

// A tick that a person cancelled ahead of time, and whose time passes while the job is paused, belongs to the pause: its
// row goes when that ends.
const IS_IN_GAP = `r.attempt = 0 AND r.finished_at < r.scheduled_for AND EXISTS (
       SELECT FROM gap g WHERE g.job_id = j.id AND upper_inf(g.span) AND lower(g.span) <= r.scheduled_for)`;

// Until the end of the blackout it waits for that; from then on for its place.
const HOLD_OF_RUN = `coalesce(r.hold, CASE WHEN r.held_by IS NOT NULL AND r.attempt = 0 AND r.due_at > now() THEN 'blackout' END)`;

const COUNT_TICK_RUNS = `
SELECT j.id AS "jobId", (j.place - 1)::int AS place, ended.runs AS ended, others.runs AS others
  FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY AS j (id, from_at, to_at, place)
 CROSS JOIN LATERAL (
   SELECT count(*)::int AS runs FROM run_done r
    WHERE r.trigger = 'tick' AND ${IN_STRETCH}) AS ended
 CROSS JOIN LATERAL (
   SELECT jsonb_agg(jsonb_build_object('state', c.state, 'isStarted', c.is_started, 'hold', c.hold,
                                       'skipReason', c.skip_reason, 'isInGap', c.is_in_gap, 'ticks', c.ticks)) AS runs
     FROM (
       SELECT r.state, false AS is_started, NULL AS hold, r.skip_reason, false AS is_in_gap, count(*)::int AS ticks
         FROM run_done r
        WHERE r.state = 'skipped' AND r.trigger = 'tick' AND ${IN_STRETCH}
        GROUP BY r.skip_reason, r.state
       UNION ALL
       SELECT r.state, r.attempt > 0, NULL, NULL, ${IS_IN_GAP}, count(*)::int
         FROM run_done r
        WHERE r.state = 'cancelled' AND r.trigger = 'tick' AND ${IN_STRETCH}
        GROUP BY 1, 2, 5
       UNION ALL
       SELECT r.state, r.attempt > 0, ${HOLD_OF_RUN}, NULL, false, count(*)::int
         FROM run r
        WHERE r.is_live AND r.trigger = 'tick' AND ${IN_STRETCH}
        GROUP BY 1, 2, 3) AS c) AS others`;
