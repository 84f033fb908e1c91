import type { BusinessDays, DayOff } from './calendars/business-days.ts';
import { dateOf } from './calendars/business-days.ts';
import type { ScheduleCalendar } from './calendars/calendar-rule.ts';
import { daysUnder } from './calendars/day-transforms.ts';
import { CalendarNotKnown, type Calendars } from './calendars/known.ts';
import { cronLines, type CronLines, type CronText, type DaysTransform } from './cron-fires.ts';
import type { FireMark, Timing } from './timing.ts';
import { nextWall } from './wall-clock.ts';

const DAY_MS = 86_400_000;

/** @throws CalendarNotKnown */
export function calendarNamed(
  { key, revision }: ScheduleCalendar,
  calendars: Calendars,
): BusinessDays {
  const known = revision === undefined ? undefined : calendars.get(key, revision);
  if (known === undefined) throw new CalendarNotKnown(key, revision);
  return known;
}

export function transformOf(calendar: ScheduleCalendar, business: BusinessDays): DaysTransform {
  const { rule, nth = [] } = calendar;
  return {
    key: `${numberOf(business)} ${rule} ${nth.join(',')}`,
    of: daysUnder(calendar, business),
  };
}

// By the days themselves: a revision that was only tried, or rolled back, has the name of one to come.
const numbers = new WeakMap<BusinessDays, number>();
let numbered = 0;

function numberOf(business: BusinessDays): number {
  const known = numbers.get(business) ?? (numbered += 1);
  numbers.set(business, known);
  return known;
}

/** The same fires; one that a calendar moved says from which day, and why that day is off. */
export function withMovedDays(
  timing: Timing,
  text: CronText,
  moved: CronLines,
  calendar: ScheduleCalendar,
  business: BusinessDays,
): Timing {
  if (calendar.rule !== 'next' && calendar.rule !== 'previous') return timing;
  const direction = calendar.rule;
  const named = cronLines(text);

  /** The day that the lines name instead of `day`, or null where one of them names `day` itself. */
  const movedFrom = (wallMs: number): number | null => {
    const day = Math.floor(wallMs / DAY_MS);
    let from: number | null = null;
    for (const [index, line] of moved.lines.entries()) {
      if (nextWall(line, wallMs) !== wallMs) continue;
      const { days } = named.lines[index]!;
      if (days.next(day) === day) return null;
      const edge = direction === 'next' ? business.previous(day - 1) : business.next(day + 1);
      if (edge === null) continue;
      from ??= direction === 'next' ? days.next(edge + 1) : days.previous(edge - 1);
    }
    return from;
  };

  return {
    ...timing,
    next: (afterMs) => {
      const fire = timing.next(afterMs);
      if (fire === null) return null;
      const from = movedFrom(fire.ms + moved.zone.stretchAt(fire.ms).offsetMs);
      if (from === null) return fire;
      return { ms: fire.ms, marks: [...fire.marks, movedMark(from, business.offBecause(from))] };
    },
  };
}

export function movedMark(from: number, off: DayOff | null): FireMark {
  return { kind: 'moved_by_calendar', from: dateOf(from), because: off?.name ?? '' };
}
