import type { GapReason } from '../gaps/reasons.ts';
import type { FinalState, Hold, RunState, SkipReason } from './states.ts';

/**
 * What a tick counts as. Every tick counts once, so that for any job and stretch the ticks that the schedule should have
 * fired are the sum of all buckets.
 */
export const BUCKETS = ['ran', 'skipped', 'covered', 'gap', 'held', 'waiting'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** All that can have become of a tick by now: what its run's row says, or the gap that it lies in. */
export type TickOutcome =
  /** It passed, and no planner has come to it yet. */
  | 'unplanned'
  /** Its run waits for its first attempt. */
  | 'queued'
  | `held: ${Hold}`
  /** A blackout holds it, or the one that stands for it. */
  | 'held: blackout'
  | 'running'
  /** Between two attempts. */
  | 'retrying'
  | Exclude<FinalState, 'cancelled' | 'skipped'>
  | 'cancelled, started'
  | 'cancelled, not started'
  | `skipped: ${SkipReason}`
  | `gap: ${GapReason}`
  /** It lies in a gap, and a run that stands for it has begun. */
  | 'gap: made up';

/**
 * The one table that says which outcome counts as what. docs/state-machine.md shows it, and the CHECKs of the database
 * know the same words; tests/db/states.test.ts compares the three.
 */
export const BUCKET_OF: Readonly<Record<TickOutcome, Bucket>> = {
  unplanned: 'waiting',
  queued: 'waiting',
  'held: paused': 'held',
  'held: blackout': 'held',
  running: 'ran',
  retrying: 'ran',
  succeeded: 'ran',
  failed: 'ran',
  timed_out: 'ran',
  lost: 'ran',
  'cancelled, started': 'ran',
  'cancelled, not started': 'skipped',
  'skipped: overlap': 'skipped',
  'skipped: blackout': 'skipped',
  'skipped: late': 'skipped',
  'skipped: queue_full': 'skipped',
  'skipped: circuit_open': 'skipped',
  'skipped: superseded': 'skipped',
  'skipped: covered': 'covered',
  'gap: paused': 'gap',
  'gap: paused_all': 'gap',
  'gap: missed': 'gap',
  'gap: blackout': 'gap',
  'gap: held': 'gap',
  'gap: made up': 'covered',
};

export const TICK_OUTCOMES = Object.keys(BUCKET_OF) as TickOutcome[];

/** What a row of `run` says of its outcome. */
export type RunFacts = {
  state: RunState;
  /** Whether an attempt began, now or earlier. */
  isStarted: boolean;
  /** `blackout`: it waits for the end of one. */
  hold: Hold | 'blackout' | null;
  skipReason: SkipReason | null;
};

export function outcomeOfRun({ state, isStarted, hold, skipReason }: RunFacts): TickOutcome {
  switch (state) {
    case 'queued':
      if (isStarted) return 'retrying';
      return hold === null ? 'queued' : `held: ${hold}`;
    case 'cancelled':
      return isStarted ? 'cancelled, started' : 'cancelled, not started';
    case 'skipped':
      // The CHECK run_skipped_has_reason leaves no other.
      return `skipped: ${skipReason!}`;
    case 'running':
    case 'succeeded':
    case 'failed':
    case 'timed_out':
    case 'lost':
      return state;
  }
}

export type BucketCounts = Record<Bucket, number>;

export const noTicks = (): BucketCounts => ({
  ran: 0,
  skipped: 0,
  covered: 0,
  gap: 0,
  held: 0,
  waiting: 0,
});

/** How many ticks had each outcome; those that aren't named had none. */
export type OutcomeCounts = Partial<Record<TickOutcome, number>>;

/** Both together; a tick in a gap may count as what others say in a row of their own. */
export function outcomesTogether(one: OutcomeCounts, other: OutcomeCounts): OutcomeCounts {
  const sums: OutcomeCounts = { ...one };
  for (const outcome of TICK_OUTCOMES) {
    if (other[outcome] !== undefined) sums[outcome] = (sums[outcome] ?? 0) + other[outcome];
  }
  return sums;
}

export function bucketsOf(counts: OutcomeCounts): BucketCounts {
  const buckets = noTicks();
  for (const outcome of TICK_OUTCOMES) buckets[BUCKET_OF[outcome]] += counts[outcome] ?? 0;
  return buckets;
}

export function sumOf(buckets: BucketCounts): number {
  return BUCKETS.reduce((sum, bucket) => sum + buckets[bucket], 0);
}
