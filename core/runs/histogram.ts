import type { z } from 'zod';
import { type Actor, scopeOf } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { done, type Outcome } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { type Buckets, chooseBuckets, edgesOf } from './buckets.ts';
import { RunHistogram } from './filters.ts';
import { runQuery } from './reads.ts';
import { type BucketCount, countRunsByBucket } from './reads-histogram.sql.ts';
import type { RunState } from './states.ts';

export type StateCounts = Partial<Record<RunState, number>>;

export type Histogram = {
  from: string;
  to: string;
  bucketMs: number;
  /** In order, empty ones too. */
  buckets: { at: string; counts: StateCounts; isEstimate: boolean }[];
  total: StateCounts;
  /** Some bucket had so many runs that a part was counted and the rest reckoned. */
  isEstimate: boolean;
};

const DEFAULT_RANGE_MS = 24 * 3_600_000;

/** How many runs match, over time and by outcome; without `from` the last 24 hours up to `to` or now. */
export async function runHistogram(
  actor: Actor,
  input: z.input<typeof RunHistogram>,
  now = new Date(),
): Promise<Outcome<Histogram>> {
  const scope = scopeOf(actor, 'run:read');
  const parsed = RunHistogram.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { buckets: most, utcOffsetMinutes, ...filters } = parsed.data;
  const toMs = (filters.to ?? now).getTime();
  const fromMs = (filters.from ?? new Date(toMs - DEFAULT_RANGE_MS)).getTime();
  const buckets = chooseBuckets(fromMs, Math.max(toMs, fromMs + 1), most, utcOffsetMinutes);
  const query = await runQuery(filters, scope);
  const counts =
    query === null ? [] : await countRunsByBucket(sqlOf(webPool()), query, edgesOf(buckets));
  return done(histogramOf(buckets, counts));
}

export function histogramOf(
  { fromMs, bucketMs, count }: Buckets,
  counts: readonly BucketCount[],
): Histogram {
  const buckets = Array.from({ length: count }, (_, n) => ({
    at: new Date(fromMs + n * bucketMs).toISOString(),
    counts: {} as StateCounts,
    isEstimate: false,
  }));
  const total: StateCounts = {};
  for (const { bucket, state, count: runs, isEstimate } of counts) {
    const own = buckets[bucket];
    if (!own) continue;
    own.counts[state] = (own.counts[state] ?? 0) + runs;
    own.isEstimate ||= isEstimate;
    total[state] = (total[state] ?? 0) + runs;
  }
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(fromMs + count * bucketMs).toISOString(),
    bucketMs,
    buckets,
    total,
    isEstimate: counts.some(({ isEstimate }) => isEstimate),
  };
}
