import { countsFromEnd } from '../schedules/from-end.ts';
import { savedSchedule } from '../schedules/saved-schedule.ts';
import type { ScheduleHistory } from './schedule-history.sql.ts';

/** [from, to). */
export type Stretch = { from: Date; to: Date };

/** One revision for as long as it was the current one, within a stretch: [from, to). */
export type Reign = Stretch & {
  /** As saved. */
  schedule: unknown;
};

/** Which revision was current when, in [from, to); parts in which none was are left out. */
export function reignsIn(
  { revisions, deletedAt }: Pick<ScheduleHistory, 'revisions' | 'deletedAt'>,
  from: Date,
  to: Date,
): Reign[] {
  const end = deletedAt !== null && deletedAt < to ? deletedAt : to;
  return revisions.flatMap(({ savedAt, schedule }, index) => {
    const next = revisions[index + 1];
    // An edit counts from the next tick: one at the very instant of the edit is the old revision's.
    const first = later(from, afterwards(savedAt));
    const last = next ? earlier(end, afterwards(next.savedAt)) : end;
    return first < last ? [{ schedule, from: first, to: last }] : [];
  });
}

/**
 * The parts of [from, to) in which a job's ticks counted from the end of its runs: `all` where there is no other part.
 * What its schedule asked for there is what became a row, since nothing else says when those runs would have ended.
 */
export function stretchesAfterEnd(
  history: Pick<ScheduleHistory, 'revisions' | 'deletedAt'>,
  from: Date,
  to: Date,
): Stretch[] | 'all' {
  const reigns = reignsIn(history, from, to);
  const own = reigns.filter(({ schedule }) => isAfterEnd(schedule));
  if (own.length > 0 && own.length === reigns.length) return 'all';
  return own.map(({ from: first, to: last }) => ({ from: first, to: last }));
}

/** Of a schedule as saved. */
export function isAfterEnd(saved: unknown): boolean {
  const schedule = savedSchedule(saved);
  return schedule !== null && countsFromEnd(schedule);
}

const later = (a: Date, b: Date) => (a > b ? a : b);
const earlier = (a: Date, b: Date) => (a < b ? a : b);
const afterwards = (instant: Date) => new Date(instant.getTime() + 1);
