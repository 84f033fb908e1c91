import { chooseBuckets } from '../runs/buckets.ts';
import type { Grid } from './model.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How far one may look ahead, with the width of a bucket there. */
export const STRETCHES = {
  '1h': { lengthMs: HOUR_MS, bucketMs: MINUTE_MS },
  '6h': { lengthMs: 6 * HOUR_MS, bucketMs: 5 * MINUTE_MS },
  '24h': { lengthMs: 24 * HOUR_MS, bucketMs: 5 * MINUTE_MS },
  '7d': { lengthMs: 7 * 24 * HOUR_MS, bucketMs: HOUR_MS },
  '28d': { lengthMs: 28 * 24 * HOUR_MS, bucketMs: HOUR_MS },
} as const;

export type StretchName = keyof typeof STRETCHES;
export const STRETCH_NAMES = Object.keys(STRETCHES) as StretchName[];

/** Buckets that begin where the reader's hours do; the first one holds now. */
export function gridOf(stretch: StretchName, nowMs: number, offsetMinutes: number): Grid {
  const { lengthMs, bucketMs } = STRETCHES[stretch];
  return chooseBuckets(nowMs, nowMs + lengthMs, lengthMs / bucketMs, offsetMinutes);
}
