/** How far ahead of its time a run may be made: a look every second or two keeps up with any rate. */
export const LOOKAHEAD_MS = 2_000;

export type Pace = {
  now: Date;
  nextDueAt: Date;
  perMinute: number;
  atOnce: number;
  /** Runs that wait or run. */
  live: number;
  /** Places in the queue; less than none where more wait already. */
  inQueue: number;
};

/** How many runs may be made now. */
export function roomFor({ now, nextDueAt, perMinute, atOnce, live, inQueue }: Pace): number {
  const firstMs = Math.max(now.getTime(), nextDueAt.getTime());
  const untilMs = now.getTime() + LOOKAHEAD_MS;
  const byRate = firstMs > untilMs ? 0 : Math.floor((untilMs - firstMs) / stepMs(perMinute)) + 1;
  return Math.max(0, Math.min(byRate, atOnce - live, inQueue));
}

/** When each of `count` runs is due, and when the one after them may be: what was let pass isn't made up for. */
export function dueTimes(
  { now, nextDueAt, perMinute }: Pick<Pace, 'now' | 'nextDueAt' | 'perMinute'>,
  count: number,
): { due: Date[]; next: Date } {
  const firstMs = Math.max(now.getTime(), nextDueAt.getTime());
  const at = (n: number) => new Date(Math.round(firstMs + n * stepMs(perMinute)));
  const due = Array.from({ length: count }, (_, n) => at(n));
  return { due, next: count === 0 ? nextDueAt : at(count) };
}

/** How long a backfill takes, ms: by its rate, or by how long its runs take; null where no run's length is known. */
export function estimateMs(
  occurrences: number,
  { perMinute, atOnce, medianMs }: { perMinute: number; atOnce: number; medianMs: number | null },
): number | null {
  if (occurrences === 0) return 0;
  const byRate = (occurrences - 1) * stepMs(perMinute) + (medianMs ?? 0);
  const byLength = medianMs === null ? 0 : Math.ceil(occurrences / atOnce) * medianMs;
  return Math.max(byRate, byLength);
}

const stepMs = (perMinute: number) => 60_000 / perMinute;
