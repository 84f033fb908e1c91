import { LAST_INSTANT_MS, type Timing } from './timing.ts';

export interface Bounds {
  /** ISO 8601: no fire before it. */
  readonly startsAt?: string | undefined;
  /** ISO 8601: no fire after it. */
  readonly endsAt?: string | undefined;
  /** Ends with so many fires from `startsAt` on. */
  readonly maxFires?: number | undefined;
}

/** The fires that lie within the bounds; jitter may carry the last of them past the end. */
export function withinBounds(timing: Timing, bounds: Bounds): Timing {
  const { startsAt, endsAt, maxFires } = bounds;
  if (startsAt === undefined && endsAt === undefined) return timing;
  const firstMs = startsAt === undefined ? -LAST_INSTANT_MS : Date.parse(startsAt);
  const givenEndMs = endsAt === undefined ? LAST_INSTANT_MS : Date.parse(endsAt);
  let lastMs: number | undefined;
  // Found when it is first needed: it takes a search.
  const end = () =>
    (lastMs ??= endOf(timing, firstMs, givenEndMs, startsAt === undefined ? undefined : maxFires));
  return {
    next: (afterMs) => {
      const fire = timing.next(Math.max(afterMs, firstMs - 1));
      return fire === null || fire.ms > end() ? null : fire;
    },
    latest: (afterMs, untilMs) => {
      const from = Math.max(afterMs, firstMs - 1);
      const to = Math.min(untilMs, end());
      return to > from ? timing.latest(from, to) : null;
    },
    count: (fromMs, toMs) => {
      const from = Math.max(fromMs, firstMs - 1);
      const to = Math.min(toMs, end());
      return to > from ? timing.count(from, to) : 0;
    },
  };
}

const DAY_MS = 86_400_000;
const STEPS_AT_MOST = 64;
/** After so long nobody asks any more whether the number is full. */
const SEARCH_MS = 400 * 366 * DAY_MS;

/** The given end, or the fire that makes the number full where that comes first. */
function endOf(
  timing: Timing,
  firstMs: number,
  endMs: number,
  maxFires: number | undefined,
): number {
  if (maxFires === undefined) return endMs;
  // Invariant: fewer than `maxFires` lie up to `doneMs`. Doubling, then halving, each part counted once.
  let doneMs = firstMs - 1;
  let left = maxFires;
  let spanMs = DAY_MS;
  let isFound = false;
  const searchedMs = Math.min(endMs, firstMs + SEARCH_MS);
  while (left > STEPS_AT_MOST) {
    if (doneMs >= searchedMs) return endMs;
    const untilMs = Math.min(doneMs + spanMs, searchedMs);
    const fires = timing.count(doneMs, untilMs);
    if (fires < left) {
      left -= fires;
      doneMs = untilMs;
    } else isFound = true;
    spanMs = isFound ? Math.ceil(spanMs / 2) : spanMs * 2;
  }
  for (; left > 0; left--) {
    const fire = timing.next(doneMs);
    if (fire === null || fire.ms > endMs) return endMs;
    doneMs = fire.ms;
  }
  return doneMs;
}
