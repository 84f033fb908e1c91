import { countFires } from '../schedules/fires.ts';
import type { OutcomeCounts, TickOutcome } from '../runs/outcomes.ts';
import { savedFires } from '../schedules/saved-schedule.ts';
import type { ScheduleHistory } from './schedule-history.sql.ts';
import { reignsIn } from './reigns.ts';

/**
 * How many times the schedules fire in [from, to), each revision for as long as it was the current one. Without those that
 * count from the end of runs, whose ticks are known by their rows alone (`TickCounts.afterEnd`).
 */
export function expectedTicks(histories: readonly ScheduleHistory[], from: Date, to: Date): number {
  let ticks = 0;
  for (const job of histories) {
    for (const reign of reignsIn(job, from, to)) {
      ticks += firesIn(reign.schedule, reign.from, reign.to);
    }
  }
  return ticks;
}

/**
 * Ticks that stand in gaps, by reason, without those that a run made up for or stands for; a gap that reaches out of the
 * stretch counts with its part.
 */
export function ticksInGaps(
  histories: readonly ScheduleHistory[],
  from: Date,
  to: Date,
): OutcomeCounts {
  const sums: OutcomeCounts = {};
  for (const job of histories) {
    for (const gap of job.gaps) {
      const isWhole = gap.ticks !== null && gap.from >= from && gap.to !== null && gap.to <= to;
      const ticks = isWhole
        ? gap.ticks!
        : firesIn(gap.schedule, later(from, gap.from), earlier(to, gap.to));
      const madeUp =
        gap.cover === 'begun'
          ? ticks
          : gap.madeUp.filter((ms) => ms >= from.getTime() && ms < to.getTime()).length;
      const outcome = outcomeOfGap(gap);
      sums[outcome] = (sums[outcome] ?? 0) + ticks - madeUp;
      sums['gap: made up'] = (sums['gap: made up'] ?? 0) + madeUp;
    }
  }
  return sums;
}

/** What a gap's ticks count as, but for those that a run made up for. */
export function outcomeOfGap({
  reason,
  cover,
}: Pick<ScheduleHistory['gaps'][number], 'reason' | 'cover'>): TickOutcome {
  return reason === 'held' && cover === 'awaited' ? 'held: blackout' : `gap: ${reason}`;
}

/** Ticks that passed and that no worker has planned yet, which stand in no row and no gap. */
export function unplannedTicks(
  histories: readonly ScheduleHistory[],
  from: Date,
  to: Date,
): number {
  let ticks = 0;
  for (const job of histories) {
    const current = job.revisions.at(-1);
    if (!current || job.deletedAt) continue;
    const first = later(from, afterwards(job.replanFrom ?? job.plannedUntil));
    if (first >= to) continue;
    ticks += firesIn(current.schedule, first, to);
    for (const gap of job.gaps) {
      ticks -= firesIn(current.schedule, later(first, gap.from), earlier(to, gap.to));
    }
  }
  return Math.max(0, ticks);
}

/** In [from, to). A schedule that this version can't read fires never, as far as it can say. */
function firesIn(saved: unknown, from: Date, to: Date): number {
  if (from >= to) return 0;
  const schedule = savedFires(saved);
  if (!schedule) return 0;
  return countFires(schedule, new Date(from.getTime() - 1), new Date(to.getTime() - 1));
}

const later = (a: Date, b: Date) => (a > b ? a : b);
const earlier = (a: Date, b: Date | null) => (b === null || a < b ? a : b);
const afterwards = (instant: Date) => new Date(instant.getTime() + 1);
