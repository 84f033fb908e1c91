/** Buckets of one width. */
export type Buckets = { fromMs: number; bucketMs: number; count: number };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WIDTHS_MS = [
  1_000,
  5_000,
  15_000,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  14 * DAY_MS,
  28 * DAY_MS,
];

/**
 * At most `most` buckets (one more at the edges) of a width that people reckon in, beginning where the reader's hours and
 * days begin, that cover [fromMs, toMs).
 */
export function chooseBuckets(
  fromMs: number,
  toMs: number,
  most: number,
  utcOffsetMinutes: number,
): Buckets {
  const rangeMs = toMs - fromMs;
  const bucketMs =
    WIDTHS_MS.find((width) => rangeMs / width <= most) ??
    Math.ceil(rangeMs / most / DAY_MS) * DAY_MS;
  const offsetMs = utcOffsetMinutes * MINUTE_MS;
  const alignedMs = Math.floor((fromMs + offsetMs) / bucketMs) * bucketMs - offsetMs;
  return { fromMs: alignedMs, bucketMs, count: Math.ceil((toMs - alignedMs) / bucketMs) };
}

/** Where each begins, and where the last one ends. */
export function edgesOf({ fromMs, bucketMs, count }: Buckets): Date[] {
  return Array.from({ length: count + 1 }, (_, n) => new Date(fromMs + n * bucketMs));
}
