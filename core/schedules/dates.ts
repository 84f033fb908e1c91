import type { TimedFire, Timing } from './timing.ts';

/**
 * Fires at each of these instants, once however often it is named.
 * @param given in any order, or what gives them: asked when a fire is first needed
 */
export function datesTiming(given: readonly TimedFire[] | (() => readonly TimedFire[])): Timing {
  let known: readonly TimedFire[] | undefined;
  const sorted = () => (known ??= inOrder(typeof given === 'function' ? given() : given));
  /** How many instants are at or before `ms`. */
  const upTo = (ms: number) => {
    const fires = sorted();
    let low = 0;
    let high = fires.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (fires[middle]!.ms <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    next: (afterMs) => sorted()[upTo(afterMs)] ?? null,
    latest: (afterMs, untilMs) => {
      const fire = sorted()[upTo(untilMs) - 1];
      return fire !== undefined && fire.ms > afterMs ? fire.ms : null;
    },
    count: (fromMs, toMs) => Math.max(0, upTo(toMs) - upTo(fromMs)),
  };
}

/** Of several at one instant the one without marks: it would have come anyway. */
function inOrder(fires: readonly TimedFire[]): TimedFire[] {
  const byInstant = new Map<number, TimedFire>();
  for (const fire of fires) {
    const other = byInstant.get(fire.ms);
    if (other === undefined || fire.marks.length < other.marks.length) {
      byInstant.set(fire.ms, fire);
    }
  }
  return [...byInstant.values()].toSorted((a, b) => a.ms - b.ms);
}
