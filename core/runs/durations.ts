/** How long a job's runs take. Durations are of runs that succeeded, in ms, newest first. */
export type Durations = {
  medianMs: number | null;
  p95Ms: number | null;
  /** The last ones, oldest first, for a line. */
  trend: number[];
  /** The latest five take half as long again as those before, in the median. */
  isSlowing: boolean;
};

const TREND = 30;
const RECENT = 5;
const SLOWING = 1.5;

export function durationsOf(succeededMs: readonly number[]): Durations {
  const recent = quantile(succeededMs.slice(0, RECENT), 0.5);
  const before = succeededMs.length >= 3 * RECENT ? quantile(succeededMs.slice(RECENT), 0.5) : null;
  return {
    medianMs: quantile(succeededMs, 0.5),
    p95Ms: quantile(succeededMs, 0.95),
    trend: succeededMs.slice(0, TREND).toReversed(),
    isSlowing: recent !== null && before !== null && recent > SLOWING * before,
  };
}

/** The value below which that share lies: the nearest rank, so always one that was measured. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
