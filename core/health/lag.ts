/** How late ticks started in a stretch, ms; null: none did. */
export type LagPercentiles = { p50Ms: number; p99Ms: number; starts: number } | null;

/** `own`: what Punctual itself took. `all`: with those that a queue, a slot, a rate or a run before them kept waiting. */
export type StartLags = { own: LagPercentiles; all: LagPercentiles };

/** So many starts were so late. */
export type LagCount = { waited: boolean; bucket: number; starts: number };

const BUCKETS_AN_OCTAVE = 4;
const LAST_BUCKET = 130;

/** Bucket 0 is less than 1 ms; each after it is 19 % wider than the one before. The last begins at 50 days. */
export function bucketOf(lagMs: number): number {
  if (lagMs < 1) return 0;
  return Math.min(LAST_BUCKET, Math.floor(Math.log2(lagMs) * BUCKETS_AN_OCTAVE) + 1);
}

/** The middle of a bucket, ms: at most 9 % from what was put into it. */
export function lagOfBucket(bucket: number): number {
  return bucket === 0 ? 0 : 2 ** ((bucket - 0.5) / BUCKETS_AN_OCTAVE);
}

export function lagsOf(counts: readonly LagCount[]): StartLags {
  return {
    own: percentilesOf(counts.filter(({ waited }) => !waited)),
    all: percentilesOf(counts),
  };
}

function percentilesOf(counts: readonly LagCount[]): LagPercentiles {
  const ordered = counts.toSorted((a, b) => a.bucket - b.bucket);
  const starts = ordered.reduce((sum, count) => sum + count.starts, 0);
  if (starts === 0) return null;
  const at = (share: number) => {
    let left = Math.ceil(starts * share);
    for (const count of ordered) {
      left -= count.starts;
      if (left <= 0) return lagOfBucket(count.bucket);
    }
    return lagOfBucket(ordered.at(-1)!.bucket);
  };
  return { p50Ms: at(0.5), p99Ms: at(0.99), starts };
}
