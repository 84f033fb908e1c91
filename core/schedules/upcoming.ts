import { type BlackoutOfFire, blackoutOfFire } from './blackouts/blackouts-ahead.ts';
import { NO_BLACKOUTS } from './blackouts/coverage.ts';
import type { DayOff } from './calendars/business-days.ts';
import { type Calendars, knownCalendars } from './calendars/known.ts';
import { compileSchedule } from './compile.ts';
import type { Surroundings } from './fire-difference.ts';
import { type FireMark, fires } from './fires.ts';
import { firesLeftOut } from './left-out.ts';
import type { Schedule } from './schedule-shape.ts';
import { zoneChanges } from './zones.ts';

/** A tick to come, a change of the clock, or ticks of a day that a calendar leaves out; `atMs` since 1970. */
export type PreviewRow =
  | {
      kind: 'tick';
      atMs: number;
      sign: 'same' | 'added' | 'removed';
      marks: readonly FireMark[];
      /** Of one that isn't removed. */
      blackout?: BlackoutOfFire;
    }
  | { kind: 'clocks'; atMs: number; offsetBefore: number; offsetAfter: number }
  | {
      kind: 'left_out';
      atMs: number;
      count: number;
      because: DayOff;
    };

export type Preview = {
  rows: PreviewRow[];
  added: number;
  removed: number;
  /** The last moment that was compared. */
  untilMs: number | null;
};

// A removed tick is shown among the next ones; a saved schedule that fires every second must not fill the list.
const MOST_REMOVED = 10;
const MOST_LEFT_OUT = 10;

/**
 * The next ticks of a complete schedule with the changes of the clock and the days off between them, held against what
 * is saved.
 * @param saved null where there is nothing to compare with
 * @throws CalendarNotKnown
 */
export function upcomingTicks(
  schedule: Schedule,
  saved: Schedule | null,
  now: Date,
  count: number,
  { calendars = knownCalendars, coverage = NO_BLACKOUTS }: Surroundings = {},
): Preview {
  const compiled = compileSchedule(schedule, calendars);
  const next = [...fires(compiled, { after: now, limit: count })];
  const untilMs = next.at(-1)?.at.getTime() ?? null;
  const before =
    saved === null || untilMs === null
      ? []
      : [
          ...fires(compileSchedule(saved, calendars), {
            after: now,
            until: new Date(untilMs),
            limit: count + MOST_REMOVED,
          }),
        ];
  const savedMs = new Set(before.map((fire) => fire.at.getTime()));
  const nextMs = new Set(next.map((fire) => fire.at.getTime()));
  const removed = before.filter((fire) => !nextMs.has(fire.at.getTime())).slice(0, MOST_REMOVED);
  const rows: PreviewRow[] = [
    ...next.map(({ at, marks }) => {
      const blackout = blackoutOfFire(compiled, coverage, at.getTime());
      return {
        kind: 'tick' as const,
        atMs: at.getTime(),
        sign: saved === null || savedMs.has(at.getTime()) ? ('same' as const) : ('added' as const),
        marks,
        ...(blackout && { blackout }),
      };
    }),
    ...removed.map(({ at }) => ({
      kind: 'tick' as const,
      atMs: at.getTime(),
      sign: 'removed' as const,
      marks: [],
    })),
    ...clockChanges(schedule, now, untilMs),
    ...leftOut(schedule, now, untilMs, calendars),
  ];
  return {
    rows: rows.toSorted((a, b) => a.atMs - b.atMs || rank(a) - rank(b)),
    added: rows.filter((row) => row.kind === 'tick' && row.sign === 'added').length,
    removed: removed.length,
    untilMs,
  };
}

function clockChanges(schedule: Schedule, now: Date, untilMs: number | null): PreviewRow[] {
  if (schedule.type === 'manual' || untilMs === null) return [];
  return zoneChanges(schedule.timeZone, now, 4)
    .filter(({ at }) => at.getTime() <= untilMs)
    .map((change) => ({
      kind: 'clocks',
      atMs: change.at.getTime(),
      offsetBefore: change.offsetBeforeMinutes,
      offsetAfter: change.offsetAfterMinutes,
    }));
}

function leftOut(
  schedule: Schedule,
  now: Date,
  untilMs: number | null,
  calendars: Calendars,
): PreviewRow[] {
  if (untilMs === null) return [];
  const range = { after: now, until: new Date(untilMs), limit: MOST_LEFT_OUT };
  return [...firesLeftOut(schedule, range, calendars)].map(({ at, count, because }) => ({
    kind: 'left_out',
    atMs: at.getTime(),
    count,
    because,
  }));
}

/** The change of the clock stands before the tick that it moved to the same moment. */
function rank(row: PreviewRow): number {
  return row.kind === 'clocks' ? 0 : 1;
}
