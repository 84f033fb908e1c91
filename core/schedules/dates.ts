import type { Timing } from './timing.ts';

/** Fires at each of these instants, once however often it is named. */
export function datesTiming(instants: readonly string[]): Timing {
  const sorted = [...new Set(instants.map((instant) => Date.parse(instant)))].toSorted(
    (a, b) => a - b,
  );
  /** How many instants are at or before `ms`. */
  const upTo = (ms: number) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    next: (afterMs) => {
      const ms = sorted[upTo(afterMs)];
      return ms === undefined ? null : { ms, marks: [] };
    },
    latest: (afterMs, untilMs) => {
      const ms = sorted[upTo(untilMs) - 1];
      return ms !== undefined && ms > afterMs ? ms : null;
    },
    count: (fromMs, toMs) => Math.max(0, upTo(toMs) - upTo(fromMs)),
  };
}
