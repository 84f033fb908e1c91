// How long nothing started, and how long it took until things were as usual again.
import type { Entry } from './record.ts';

/** A fault's time, epoch ms by the host's clock. */
export type Window = { from: number; until: number };

/** A start later than this after its tick isn't as usual, ms. */
export const USUAL_LAG_MS = 1_000;

/** The longest time in which no process began, between the first and the last that did, ms. */
export function longestOutage(record: readonly Entry[]): number {
  const starts = startsOf(record).map(({ at }) => at);
  return starts.reduce((most, at, index) => Math.max(most, at - (starts[index - 1] ?? at)), 0);
}

/**
 * From the end of a fault until the last late start after it, at least until the first start; of several faults the
 * longest, ms. What starts late before the next fault belongs to the one before. Null when nothing began afterwards.
 */
export function timeToRecover(record: readonly Entry[], faults: readonly Window[]): number | null {
  const starts = startsOf(record);
  let longest: number | null = null;
  faults.forEach(({ until }, index) => {
    const next = faults[index + 1]?.from ?? Infinity;
    const after = starts.filter(({ at }) => at >= until && at < next);
    if (after.length === 0) return;
    const late = after.filter(({ at, told }) => at - told > USUAL_LAG_MS);
    const recovered = (late.at(-1) ?? after[0]!).at - until;
    longest = Math.max(longest ?? 0, recovered);
  });
  return longest;
}

const startsOf = (record: readonly Entry[]) =>
  record.filter(({ what }) => what === 'start').toSorted((a, b) => a.at - b.at);
