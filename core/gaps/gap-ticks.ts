import { countFires } from '../schedules/fires.ts';
import { savedFires } from '../schedules/saved-schedule.ts';

/**
 * How many ticks lie in a gap, [from, to), so far while it lasts: as counted, else by the schedule of its revision.
 * Null where that schedule can't be read any more.
 */
export function ticksInGap(
  gap: { from: Date; to: Date | null; ticks: number | null; savedSchedule: unknown },
  now: Date,
): number | null {
  if (gap.ticks !== null) return gap.ticks;
  const schedule = savedFires(gap.savedSchedule);
  if (!schedule) return null;
  // countFires counts (from, to]; an open gap's end is now, whose tick belongs to it.
  const end = gap.to === null ? now.getTime() : gap.to.getTime() - 1;
  return countFires(schedule, new Date(gap.from.getTime() - 1), new Date(end));
}
