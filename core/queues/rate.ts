/** At most so many starts in any stretch of so long. */
export type QueueRate = { starts: number; perMs: number };

/** When runs lately started, oldest first: [ms since 1970, how many]. */
export type RateLog = readonly (readonly [atMs: number, starts: number])[];

// Starts within the same 64th of the stretch count as begun at the latest of them, so that none leaves it too early and
// the log stays short.
const MOST_ENTRIES = 64;

export type RateRoom = {
  /** How many may start now. */
  starts: number;
  /** In how many ms the next may, where none may now; 0 where one may. */
  nextInMs: number;
};

export function roomIn(rate: QueueRate, log: RateLog, nowMs: number): RateRoom {
  const recent = log.filter(([atMs]) => atMs > nowMs - rate.perMs);
  const starts = rate.starts - recent.reduce((sum, [, count]) => sum + count, 0);
  if (starts > 0) return { starts, nextInMs: 0 };
  // As soon as so many have left the stretch that there is room for one. After a rate was lowered that may be several.
  let left = starts;
  for (const [atMs, count] of recent) {
    left += count;
    if (left > 0) return { starts: 0, nextInMs: atMs + rate.perMs - nowMs };
  }
  return { starts: 0, nextInMs: rate.perMs };
}

/** When a run starts that has so many before it, ms since 1970: as many as may start as soon as they may. */
export function startAfter(rate: QueueRate, log: RateLog, ahead: number, nowMs: number): number {
  let [atMs, before] = [nowMs, ahead];
  let own: RateLog = log.filter(([at]) => at > nowMs - rate.perMs);
  // Once a whole stretch of them has been counted, all following stretches are alike.
  const rounds = Math.max(0, Math.floor(before / rate.starts) - 2);
  before -= rounds * rate.starts;
  for (;;) {
    const { starts, nextInMs } = roomIn(rate, own, atMs);
    if (starts > before) return atMs + rounds * rate.perMs;
    if (starts > 0) own = withStarts(rate, own, starts, atMs);
    before -= starts;
    atMs += starts > 0 ? 0 : Math.max(1, nextInMs);
  }
}

/** The log after `starts` more. */
export function withStarts(rate: QueueRate, log: RateLog, starts: number, nowMs: number): RateLog {
  const recent = log.filter(([atMs]) => atMs > nowMs - rate.perMs);
  if (starts === 0) return recent;
  const last = recent.at(-1);
  const stretchOf = (ms: number) => Math.floor((ms * MOST_ENTRIES) / rate.perMs);
  return last && stretchOf(last[0]) === stretchOf(nowMs)
    ? [...recent.slice(0, -1), [nowMs, last[1] + starts]]
    : [...recent, [nowMs, starts]];
}

/** A log as the database has it; what isn't one counts as empty. */
export function rateLogOf(saved: unknown): RateLog {
  if (!Array.isArray(saved)) return [];
  return (saved as unknown[]).filter(
    (entry): entry is [number, number] =>
      Array.isArray(entry) && entry.length === 2 && entry.every((part) => Number.isFinite(part)),
  );
}
