import type { DayOff } from './calendars/business-days.ts';
import { type Calendars, knownCalendars } from './calendars/known.ts';
import { type ZoneDay, zoneDayAt } from './calendar-days.ts';
import { calendarNamed } from './calendar-timing.ts';
import { compileSchedule } from './compile.ts';
import { cronLines } from './cron-fires.ts';
import { jitterOffsetMs } from './jitter.ts';
import type { Schedule } from './schedule-shape.ts';
import { type Zone, zoneNamed } from './zones.ts';

const LOOK_DAYS = 10_000;

/** The fires of one day that a schedule names and its calendar leaves out, or moves to another day. */
export interface FiresLeftOut {
  /** The first of them. */
  readonly at: Date;
  readonly count: number;
  readonly because: DayOff;
}

/**
 * What a calendar keeps a schedule from, day by day in order: for previews, which show it between the fires. Looks at
 * 10,000 days with fires at most. Without a calendar, and under the nth business day, there is nothing.
 * @param range after exclusive, until inclusive; at most `limit` days
 */
export function* firesLeftOut(
  schedule: Schedule,
  range: { after: Date; until: Date; limit: number },
  calendars: Calendars = knownCalendars,
): Generator<FiresLeftOut, void, undefined> {
  if (schedule.type === 'manual' || !schedule.calendar || schedule.calendar.rule === 'nth') return;
  const business = calendarNamed(schedule.calendar, calendars);
  const plain = withoutCalendar(schedule);
  const zone = zoneOf(plain);
  const timing = compileSchedule(plain);
  const offsetMs = jitterOffsetMs(schedule);
  const untilMs = range.until.getTime();
  let left = range.limit;
  let doneMs = range.after.getTime();
  for (let looked = 0; looked < LOOK_DAYS && left > 0; looked++) {
    const fire = timing.next(doneMs);
    if (fire === null || fire.ms > untilMs) return;
    const { day, endMs } = wholeDayAt(zone, fire.ms - offsetMs);
    const lastMs = Math.min(untilMs, endMs + offsetMs - 1);
    const because = business.offBecause(day);
    if (because !== null) {
      left -= 1;
      yield { at: new Date(fire.ms), count: timing.count(doneMs, lastMs), because };
    }
    doneMs = lastMs;
  }
}

/** Its number of fires counts what the calendar leaves, so it says nothing here. */
function withoutCalendar(schedule: Exclude<Schedule, { type: 'manual' }>) {
  const { calendar: _, maxFires: _most, ...plain } = schedule;
  return plain as Exclude<Schedule, { type: 'manual' }>;
}

/** Lines may name a zone of their own. */
function zoneOf(schedule: Exclude<Schedule, { type: 'manual' }>): Zone {
  return schedule.type === 'cron' ? cronLines(schedule).zone : zoneNamed(schedule.timeZone);
}

/** The rest of a day, with what comes after a change of its clock. */
function wholeDayAt(zone: Zone, ms: number): ZoneDay {
  const first = zoneDayAt(zone, ms);
  const next = zoneDayAt(zone, first.endMs);
  return next.day === first.day ? { ...first, endMs: next.endMs } : first;
}
