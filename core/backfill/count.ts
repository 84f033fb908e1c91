import type { Sql } from '../db.ts';
import { ticksInGaps, unplannedTicks } from '../jobs/expected-ticks.ts';
import { countTickRuns } from '../jobs/ledger-counts.sql.ts';
import { readScheduleHistory, type ScheduleHistory } from '../jobs/schedule-history.sql.ts';
import { BUCKET_OF, type TickOutcome } from '../runs/outcomes.ts';
import type { BackfillJob } from './job.sql.ts';
import {
  type CoverState,
  countFailedTicks,
  countStandIns,
  readCoveredGaps,
} from './occurrences.sql.ts';
import { countOccurrences, type Reckoned } from './reckoning.ts';
import type { OccurrenceOutcome } from './words.ts';

export type OccurrenceCounts = {
  /** All in the stretch. */
  occurrences: number;
  /** What became of them; those that none had aren't named. */
  outcomes: Partial<Record<OccurrenceOutcome, number>>;
  /** Of those whose own run didn't succeed: another that stands for them did. */
  madeGood: number;
  /** Neither has a success, and one of their runs has yet to end. */
  toCome: number;
  /** All others that have none. */
  withoutSuccess: number;
};

/** Counts the occurrences of a job in [from, to) by outcome; however many there are, none is listed. */
export async function countByOutcome(
  sql: Sql,
  job: BackfillJob,
  stretches: readonly Reckoned[],
  from: Date,
  to: Date,
): Promise<OccurrenceCounts> {
  const { before, since } = countOccurrences(stretches);
  const histories = await readScheduleHistory(sql, [job.jobId], from, to);
  const [runs] = await countTickRuns(sql, [job.jobId], { from, to }, histories);
  const failed = await countFailedTicks(sql, job.jobId, from, to);
  const standIns = await countStandIns(sql, job.jobId, from, to);
  const covers = await readCoveredGaps(sql, job.jobId, from, to);
  const ofRuns: Outcomes = { ...runs?.outcomes };
  // Counted together there: all that ended on its own.
  for (const { state, ticks } of failed) {
    ofRuns[state] = ticks;
    ofRuns.succeeded = (ofRuns.succeeded ?? 0) - ticks;
  }
  const unplanned = unplannedTicks(histories, from, to);
  const recorded = added(ofRuns, ticksInGaps(histories, from, to), { unplanned });
  const unrecorded = Math.max(0, since - sumOf(recorded));
  const outcomes = added(recorded, { before, unrecorded });
  const inGaps = (cover: CoverState) =>
    ticksInCoveredGaps(histories, from, to, (id) => covers.get(id) === cover);
  const covered = inGaps('succeeded');
  const live = sumOf(ofRuns, (outcome) => LIVE.has(outcome)) + unplanned + inGaps('live');
  const done = sumOf(ofRuns, (outcome) => DONE.has(outcome)) + covered;
  return {
    occurrences: before + since,
    outcomes: Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count > 0)),
    madeGood: standIns.madeGood,
    toCome: live + standIns.toCome,
    withoutSuccess: Math.max(0, before + since - done - live - standIns.madeGood - standIns.toCome),
  };
}

type Outcomes = OccurrenceCounts['outcomes'];

function added(...parts: readonly Outcomes[]): Outcomes {
  const sums: Outcomes = {};
  for (const part of parts) {
    for (const [name, count] of Object.entries(part)) {
      const outcome = name as OccurrenceOutcome;
      sums[outcome] = (sums[outcome] ?? 0) + count;
    }
  }
  return sums;
}

function ticksInCoveredGaps(
  histories: readonly ScheduleHistory[],
  from: Date,
  to: Date,
  isMeant: (gapId: number) => boolean,
): number {
  const meant = histories.map((job) => ({
    ...job,
    // As if nothing stood for them: all their ticks, and no other.
    gaps: job.gaps
      .filter(({ id }) => isMeant(id))
      .map((gap) => ({ ...gap, madeUp: [], cover: null })),
  }));
  return Object.values(ticksInGaps(meant, from, to)).reduce((sum, ticks) => sum + ticks, 0);
}

const outcomesOf = Object.entries(BUCKET_OF) as [TickOutcome, string][];
const LIVE = new Set<OccurrenceOutcome>([
  'running',
  'retrying',
  ...outcomesOf.flatMap(([outcome, bucket]) =>
    bucket === 'waiting' || bucket === 'held' ? [outcome] : [],
  ),
]);
const DONE = new Set<OccurrenceOutcome>(['succeeded', 'skipped: covered']);

function sumOf(
  outcomes: OccurrenceCounts['outcomes'],
  isMeant: (outcome: OccurrenceOutcome) => boolean = () => true,
): number {
  return Object.entries(outcomes).reduce(
    (sum, [outcome, count]) => sum + (isMeant(outcome as OccurrenceOutcome) ? count : 0),
    0,
  );
}
