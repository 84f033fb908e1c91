import { type Bucket, BUCKETS } from '#core/runs/outcomes.ts';
import type { PeriodSum } from '#core/ledger-sums/sum-periods.ts';
import { cn } from '#components/ui/cn.ts';

const LEAST_SHARE = 0.02;

/** Told apart by pattern as well: what ran is full, a gap is dashes, what waits is an outline. */
const LOOK: Readonly<Record<Bucket, string>> = {
  ran: 'bg-ok-fill',
  skipped: 'bg-idle-fill',
  covered: 'border border-ok-fill bg-ok-tint',
  gap: 'bg-[repeating-linear-gradient(90deg,var(--color-idle-fill)_0_3px,transparent_3px_6px)]',
  held: 'border border-time-fill bg-time-tint',
  waiting: 'border border-line-axis',
};

/** What became of a period's ticks, as shares of it; the numbers stand beside it. */
export function SharesBar({ sum: { buckets, expected, unevenJobs } }: { sum: PeriodSum }) {
  const told = BUCKETS.filter((bucket) => buckets[bucket] > 0);
  const all = told.reduce((total, bucket) => total + buckets[bucket], 0);
  const most = Math.max(all, expected);
  if (most === 0) return null;
  return (
    <span aria-hidden className="flex h-2 w-full gap-px">
      {told.map((bucket) => (
        <span
          key={bucket}
          className={cn('block h-full min-w-0', LOOK[bucket])}
          style={{ flexGrow: Math.max(LEAST_SHARE * most, buckets[bucket]), flexBasis: 0 }}
        />
      ))}
      {unevenJobs > 0 && (
        <span
          className="block h-full bg-fail-fill"
          style={{ flexGrow: Math.max(LEAST_SHARE * most, expected - all), flexBasis: 0 }}
        />
      )}
    </span>
  );
}
