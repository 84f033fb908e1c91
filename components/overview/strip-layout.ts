import type { DayStrip } from '#core/overview/day.ts';

/** How a strip is cut out of the day and placed. x and widths are percent of the whole, so that any width fits. */
export type Strip = {
  fromMs: number;
  toMs: number;
  slots: StripSlot[];
  gaps: StripGap[];
  /** The height that the fullest slot takes; at least 1. */
  most: number;
};

export type StripSlot = {
  atMs: number;
  x: number;
  width: number;
  /** Runs that began, however they ended. */
  ran: number;
  bad: number;
  /** Ticks still to come. */
  planned: number;
  counts: DayStrip['past'][number]['counts'];
  isEstimate: boolean;
};

export type StripGap = { jobKey: string; reason: string; ticks: number; from: number; to: number };

const BAD = ['failed', 'timed_out', 'lost'] as const;
const RAN = ['succeeded', 'running', ...BAD] as const;
const HOUR_MS = 3_600_000;

/**
 * The last `pastHours` and the next `nextHours` of the day, one slot a bucket. The bucket that holds now has both what
 * ran and what is still to come.
 */
export function placeStrip(day: DayStrip, pastHours: number, nextHours: number): Strip {
  const { bucketMs } = day;
  const past = day.past.slice(-Math.ceil((pastHours * HOUR_MS) / bucketMs));
  const next = day.next.slice(0, Math.ceil((nextHours * HOUR_MS) / bucketMs));
  const firstMs = Date.parse(past[0]?.at ?? next[0]?.at ?? day.now);
  const atOf = (index: number) => firstMs + index * bucketMs;
  const planned = new Map(next.map(({ at, ticks }) => [Date.parse(at), ticks]));
  const counted = new Map(past.map((bucket) => [Date.parse(bucket.at), bucket]));
  const lastMs = Math.max(...planned.keys(), ...counted.keys(), firstMs);
  const count = Math.round((lastMs - firstMs) / bucketMs) + 1;
  const slots = Array.from({ length: count }, (_, index): StripSlot => {
    const atMs = atOf(index);
    const { counts = {}, isEstimate = false } = counted.get(atMs) ?? {};
    const sum = (states: readonly (keyof typeof counts)[]) =>
      states.reduce((total, state) => total + (counts[state] ?? 0), 0);
    return {
      atMs,
      x: (index / count) * 100,
      width: 100 / count,
      ran: sum(RAN),
      bad: sum(BAD),
      planned: planned.get(atMs) ?? 0,
      counts,
      isEstimate,
    };
  });
  const toMs = atOf(count);
  return {
    fromMs: firstMs,
    toMs,
    slots,
    gaps: placeGaps(day, firstMs, toMs),
    most: Math.max(1, ...slots.map(({ ran, planned: ahead }) => ran + ahead)),
  };
}

function placeGaps(day: DayStrip, fromMs: number, toMs: number): StripGap[] {
  const nowMs = Date.parse(day.now);
  const place = (ms: number) => ((ms - fromMs) / (toMs - fromMs)) * 100;
  return day.gaps
    .map(({ from, to, ...gap }) => ({
      ...gap,
      from: place(Math.max(fromMs, Date.parse(from))),
      to: place(Math.min(nowMs, to === null ? nowMs : Date.parse(to))),
    }))
    .filter((gap) => gap.to > gap.from);
}

/** Where an instant stands, in percent. */
export function placeOf({ fromMs, toMs }: Strip, atMs: number): number {
  return Math.min(100, Math.max(0, ((atMs - fromMs) / (toMs - fromMs)) * 100));
}

/** How many ended badly within so long before now. */
export function badSince({ slots }: Strip, sinceMs: number): number {
  return slots.reduce((sum, { atMs, bad }) => sum + (atMs >= sinceMs ? bad : 0), 0);
}
