import type { DayOff } from './calendars/business-days.ts';
import { type Calendars, knownCalendars } from './calendars/known.ts';
import { calendarNamed } from './calendar-timing.ts';
import { compileSchedule } from './compile.ts';
import { cronLines } from './cron-fires.ts';
import { fires } from './fires.ts';
import { jitterOffsetMs } from './jitter.ts';
import type { Schedule } from './schedule.ts';

const DAY_MS = 86_400_000;
const LOOK_FIRES = 10_000;

/** A fire that the lines name and the calendar leaves out, or moves to another day. */
export interface FireLeftOut {
  readonly at: Date;
  readonly because: DayOff;
}

/**
 * What a calendar keeps a schedule from, in order: for previews, which show it between the fires. Looks at 10,000 fires
 * at most. Without a calendar, and under the nth business day, there is nothing.
 */
export function* firesLeftOut(
  schedule: Schedule,
  range: { after: Date; until: Date; limit: number },
  calendars: Calendars = knownCalendars,
): Generator<FireLeftOut, void, undefined> {
  if (schedule.type !== 'cron' || !schedule.calendar || schedule.calendar.rule === 'nth') return;
  const { calendar, ...withoutCalendar } = schedule;
  const business = calendarNamed(calendar, calendars);
  const { zone } = cronLines(withoutCalendar);
  const offsetMs = jitterOffsetMs(schedule);
  let left = range.limit;
  const { after, until } = range;
  for (const { at } of fires(compileSchedule(withoutCalendar), {
    after,
    until,
    limit: LOOK_FIRES,
  })) {
    if (left <= 0) return;
    const nominalMs = at.getTime() - offsetMs;
    const wallMs = nominalMs + zone.stretchAt(nominalMs).offsetMs;
    const because = business.offBecause(Math.floor(wallMs / DAY_MS));
    if (because === null) continue;
    left -= 1;
    yield { at, because };
  }
}
