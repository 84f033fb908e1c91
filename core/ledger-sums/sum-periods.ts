import { outcomesFor } from '../jobs/ledger-counts.ts';
import type { TickCounts } from '../jobs/ledger-counts.sql.ts';
import type { ScheduleHistory } from '../jobs/schedule-history.sql.ts';
import { type BucketCounts, BUCKETS, bucketsOf, noTicks, sumOf } from '../runs/outcomes.ts';

/** A job in a period, or the part of it in which its history is kept. */
export type JobPeriod = { jobId: number; period: number; from: Date; to: Date };

/** Ticks of a period, by bucket. */
export type PeriodSum = {
  expected: number;
  buckets: BucketCounts;
  /** How many jobs don't add up in it. */
  unevenJobs: number;
};

/** A job that doesn't add up, and where. */
export type UnevenJob = {
  jobId: number;
  /** From the beginning of the first such period to the end of the last. */
  from: Date;
  to: Date;
  /** Ticks that the schedule asked for and the ledger doesn't tell of, and those that it tells of beyond. */
  missing: number;
  tooMany: number;
};

const emptySum = (): PeriodSum => ({ expected: 0, buckets: noTicks(), unevenJobs: 0 });

/** Adds jobs up by period, each job held against its schedule in each period: what is off in two ways isn't evened out. */
export class PeriodSums {
  readonly sums: PeriodSum[];
  readonly #uneven = new Map<number, UnevenJob>();

  constructor(periods: number) {
    this.sums = Array.from({ length: periods }, emptySum);
  }

  /** `counts` has the job's tick runs of this very period. */
  add({ jobId, period, from, to }: JobPeriod, history: ScheduleHistory, counts: TickCounts): void {
    const { expected, outcomes } = outcomesFor([history], [counts], from, to);
    const buckets = bucketsOf(outcomes);
    const difference = expected - sumOf(buckets);
    const sum = this.sums[period]!;
    sum.expected += expected;
    for (const bucket of BUCKETS) sum.buckets[bucket] += buckets[bucket];
    if (difference === 0) return;
    sum.unevenJobs += 1;
    const known = this.#uneven.get(jobId);
    this.#uneven.set(jobId, {
      jobId,
      from: known && known.from < from ? known.from : from,
      to: known && known.to > to ? known.to : to,
      missing: (known?.missing ?? 0) + Math.max(0, difference),
      tooMany: (known?.tooMany ?? 0) + Math.max(0, -difference),
    });
  }

  /** All periods together, but for the jobs that don't add up. */
  get total(): Omit<PeriodSum, 'unevenJobs'> {
    const total = { expected: 0, buckets: noTicks() };
    for (const { expected, buckets } of this.sums) {
      total.expected += expected;
      for (const bucket of BUCKETS) total.buckets[bucket] += buckets[bucket];
    }
    return total;
  }

  /** Those with most ticks astray first. */
  get uneven(): UnevenJob[] {
    const astray = ({ missing, tooMany }: UnevenJob) => missing + tooMany;
    return [...this.#uneven.values()].toSorted(
      (a, b) => astray(b) - astray(a) || a.jobId - b.jobId,
    );
  }
}
