import { type Coverage, NO_BLACKOUTS } from './blackouts/coverage.ts';
import type { Schedule } from './schedule-shape.ts';

/** An interval that counts from the end of the last run. */
export type FromEnd = Extract<Schedule, { from: 'end' }>;

export function countsFromEnd(schedule: Schedule): schedule is FromEnd {
  return schedule.type === 'interval' && schedule.from === 'end';
}

/** What both the database and ISO 8601 with a year of four digits hold. */
const LAST_TICK_MS = Date.UTC(9999, 11, 31);

interface AfterEnd {
  /** When the last run ended, ms since 1970; null: there was none. */
  readonly lastEndMs: number | null;
  /** The first instant that a tick may still have. */
  readonly nowMs: number;
  /** Blackouts of the job: it has no tick in one, but at its end. */
  readonly coverage?: Coverage;
  /** Instants from `nowMs` on that are ticks already, such as one that somebody cancelled ahead of time. */
  readonly takenMs?: readonly number[];
}

/**
 * The one tick of such an interval that is known: so long after the last end, at its start where there was no run, and
 * now where that has passed. Null where its end is over, or where blackouts never let go.
 */
export function tickAfterEnd(
  { everyMs, startsAt, endsAt }: Pick<FromEnd, 'everyMs' | 'startsAt' | 'endsAt'>,
  { lastEndMs, nowMs, coverage = NO_BLACKOUTS, takenMs = [] }: AfterEnd,
): number | null {
  const startMs = startsAt === undefined ? nowMs : Date.parse(startsAt);
  const dueMs = Math.max(nowMs, startMs, lastEndMs === null ? nowMs : lastEndMs + everyMs);
  let atMs = coverage.isEmpty ? dueMs : coverage.freeFrom(dueMs);
  while (takenMs.includes(atMs)) atMs += 1;
  const lastMs = endsAt === undefined ? LAST_TICK_MS : Date.parse(endsAt);
  return atMs > lastMs ? null : atMs;
}
