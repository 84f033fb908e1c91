import type { CronLine } from './cron-line.ts';
import type { Dialect } from './dialects/dialect.ts';
import { readLine } from './dialects/read-lines.ts';
import type { CalendarRule } from './calendars/rules.ts';
import { ANY_VALUE, notationOf } from './line-notation.ts';
import type { Schedule } from './schedule-shape.ts';
import { wallOfInstant } from './wall-instant.ts';

/** Which days. Weekdays are 0 (Sunday) to 6 and ascend, months 1 to 12. */
export type DayRule =
  | { kind: 'every_day' }
  | { kind: 'workdays' }
  | { kind: 'weekends' }
  | { kind: 'weekdays'; weekdays: readonly number[] }
  | { kind: 'month_days'; days: readonly number[] }
  | { kind: 'month_end' }
  | { kind: 'month_places'; places: readonly MonthPlace[] }
  | { kind: 'date'; day: number; month: number };

/**
 * A day of each month: by its number, so many days before the last one, or the Monday to Friday that is nearest to one
 * of these.
 */
export interface MonthPlace {
  from: 'start' | 'end';
  /** From the start the day itself, from the end how many days before the last one. */
  days: number;
  isWeekdayNear: boolean;
}

/** What a schedule says beside its times, in the order in which it is said. */
export type Limit =
  | { kind: 'calendar'; calendar: string; rule: CalendarRule; nth: readonly number[] }
  /** Days of the schedule's zone, `2026-12-24`. */
  | { kind: 'from' | 'until'; day: string }
  | { kind: 'most'; count: number }
  | { kind: 'spread'; count: number; unit: Unit };

/**
 * A schedule told as a key and values, so that any language can word it (components/schedules). Times are `HH:MM` or
 * `HH:MM:SS`; the zone isn't named. `line` has no short form: line-words.ts reads it in whole sentences.
 */
export type ScheduleDescription =
  | { key: 'manual'; values: Record<string, never> }
  | { key: 'dates'; values: { count: number } }
  | { key: 'every'; values: { count: number; unit: Unit; days: DayRule } }
  /** So long after the end of each run. */
  | { key: 'after_end'; values: { count: number; unit: Unit } }
  | { key: 'hourly_at'; values: { minute: number; days: DayRule } }
  | { key: 'at'; values: { times: readonly string[]; days: DayRule } }
  | { key: 'several'; values: { first: ScheduleDescription; more: number } }
  | { key: 'limited'; values: { of: ScheduleDescription; limits: readonly Limit[] } }
  | { key: 'line'; values: { line: string } }
  /** A line that names all days, on these. */
  | { key: 'line_on'; values: { line: string; places: readonly MonthPlace[] } };

export type Unit = 'millisecond' | 'second' | 'minute' | 'hour' | 'day';

/** What a schedule says, in parts. */
export function describeSchedule(schedule: Schedule): ScheduleDescription {
  if (schedule.type === 'manual') return { key: 'manual', values: {} };
  const of = describeTicks(schedule);
  const limits = limitsOf(schedule);
  return limits.length === 0 ? of : { key: 'limited', values: { of, limits } };
}

type Scheduled = Exclude<Schedule, { type: 'manual' }>;

function describeTicks(schedule: Scheduled): ScheduleDescription {
  switch (schedule.type) {
    case 'interval':
      if (schedule.from === 'end') {
        return { key: 'after_end', values: inLargestUnit(schedule.everyMs) };
      }
      return { key: 'every', values: { ...inLargestUnit(schedule.everyMs), days: EVERY_DAY } };
    case 'dates':
      return { key: 'dates', values: { count: schedule.at.length } };
    case 'cron': {
      const [first = '', ...more] = schedule.lines;
      const description = describeLine(first, schedule.dialect ?? 'unix');
      return more.length === 0
        ? description
        : { key: 'several', values: { first: description, more: more.length } };
    }
  }
}

function limitsOf(schedule: Scheduled): Limit[] {
  const { calendar, startsAt, endsAt, maxFires, jitterMs = 0, timeZone } = schedule;
  const limits: Limit[] = [];
  if (calendar) {
    const { key, rule, nth = [] } = calendar;
    limits.push({ kind: 'calendar', calendar: key, rule, nth: rule === 'nth' ? nth : [] });
  }
  const dayOf = (instant: string) => wallOfInstant(Date.parse(instant), timeZone).slice(0, 10);
  if (startsAt !== undefined) limits.push({ kind: 'from', day: dayOf(startsAt) });
  if (endsAt !== undefined) limits.push({ kind: 'until', day: dayOf(endsAt) });
  if (maxFires !== undefined) limits.push({ kind: 'most', count: maxFires });
  if (jitterMs > 0) limits.push({ kind: 'spread', ...inLargestUnit(jitterMs) });
  return limits;
}

const EVERY_DAY: DayRule = { kind: 'every_day' };
const MOST_TIMES = 3;

const UNITS: readonly (readonly [Unit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
  ['millisecond', 1],
];

function inLargestUnit(ms: number): { count: number; unit: Unit } {
  const [unit, size] = UNITS.find(([, unitMs]) => ms % unitMs === 0) ?? ['millisecond', 1];
  return { count: ms / size, unit };
}

function describeLine(text: string, dialect: Dialect): ScheduleDescription {
  const read = readLine(text, dialect);
  if (!read.ok) return { key: 'line', values: { line: text } };
  const days = describeDays(read.became);
  // Other dialects are told by what they became, since the words for lines know one notation only.
  const line = dialect === 'unix' ? text : notationOf(read.became);
  return (
    (days && describeTimes(read.became, days)) ??
    describeLineOn(read.became) ?? { key: 'line', values: { line } }
  );
}

/** Of days that the words for lines don't know, such as `15,L-3`, the line is told without them. */
function describeLineOn(line: CronLine): ScheduleDescription | null {
  const { pattern } = line.dayOfMonth;
  const isKnown = !pattern.includes(',') && !/L-\d+W/.test(pattern);
  const places = isKnown || line.weekday.pattern !== '*' ? null : placesOf(pattern);
  if (places === null) return null;
  const values = { line: notationOf({ ...line, dayOfMonth: ANY_VALUE }), places };
  return /[LW]/.test(pattern) ? { key: 'line_on', values } : null;
}

const PLACE = /^(?:(L)(?:-(\d+))?|(\d+))(W)?$/;

/** The days of a list such as `15,L-3,LW`; null where it names others as well. */
function placesOf(pattern: string): MonthPlace[] | null {
  const places = pattern.split(',').map((part): MonthPlace | null => {
    const [whole, last, before = '0', day, weekday] = PLACE.exec(part) ?? [];
    if (whole === undefined) return null;
    const isWeekdayNear = weekday !== undefined;
    return last === undefined
      ? { from: 'start', days: Number(day), isWeekdayNear }
      : { from: 'end', days: Number(before), isWeekdayNear };
  });
  return places.every((place) => place !== null) ? places : null;
}

function describeDays({ dayOfMonth, month, weekday, year }: CronLine): DayRule | null {
  if (year !== null && year.pattern !== '*') return null;
  const [day] = dayOfMonth.values;
  const [inMonth] = month.values;
  if (dayOfMonth.pattern === '*' && month.pattern === '*') return describeWeekdays(weekday);
  if (weekday.pattern !== '*') return null;
  if (dayOfMonth.pattern === 'L' && month.pattern === '*') return { kind: 'month_end' };
  if (/[LW]/.test(dayOfMonth.pattern)) {
    const places = month.pattern === '*' ? placesOf(dayOfMonth.pattern) : null;
    return places && places.length <= MOST_TIMES ? { kind: 'month_places', places } : null;
  }
  if (!/^[\d,]+$/.test(dayOfMonth.pattern) || day === undefined) return null;
  if (month.pattern === '*') {
    return dayOfMonth.values.length <= MOST_TIMES
      ? { kind: 'month_days', days: dayOfMonth.values }
      : null;
  }
  if (dayOfMonth.values.length > 1 || month.values.length > 1 || inMonth === undefined) return null;
  return { kind: 'date', day, month: inMonth };
}

function describeWeekdays(weekday: CronLine['weekday']): DayRule | null {
  if (weekday.pattern.includes('#')) return null;
  const weekdays = weekday.values;
  if (weekdays.length === 7 || weekday.pattern === '*') return EVERY_DAY;
  if (weekdays.join() === '1,2,3,4,5') return { kind: 'workdays' };
  if (weekdays.join() === '0,6') return { kind: 'weekends' };
  return { kind: 'weekdays', weekdays };
}

function describeTimes(line: CronLine, days: DayRule): ScheduleDescription | null {
  const { seconds, minutes, hours } = line;
  const [second = 0] = seconds;
  const [minute = 0] = minutes;
  const onMinute = seconds.length === 1 && second === 0;
  if (minutes.length === 60 && hours.length === 24) {
    if (onMinute) return every(1, 'minute', days);
    return everyStep(stepOf(seconds, 60), 'second', days);
  }
  if (!onMinute && seconds.length > 1) return null;
  if (hours.length === 24 && onMinute) {
    if (minutes.length === 1) return { key: 'hourly_at', values: { minute, days } };
    return everyStep(stepOf(minutes, 60), 'minute', days);
  }
  const hourStep = stepOf(hours, 24);
  if (hourStep !== null && hours.length > 1 && minutes.length === 1 && minute === 0 && onMinute) {
    return every(hourStep, 'hour', days);
  }
  if (minutes.length * hours.length > MOST_TIMES) return null;
  const times = hours.flatMap((hour) => minutes.map((m) => timeOfDay(hour, m, second)));
  return { key: 'at', values: { times, days } };
}

function every(count: number, unit: Unit, days: DayRule): ScheduleDescription {
  return { key: 'every', values: { count, unit, days } };
}

function everyStep(count: number | null, unit: Unit, days: DayRule): ScheduleDescription | null {
  return count === null ? null : every(count, unit, days);
}

/** The step of 0, n, 2n, … that comes round evenly at `size`, else null: a step of 7 isn’t every 7 minutes. */
function stepOf(values: readonly number[], size: number): number | null {
  const step = values.length > 1 ? (values[1] ?? 0) : size;
  const isEven = step * values.length === size && values.every((value, i) => value === i * step);
  return isEven ? step : null;
}

function timeOfDay(hour: number, minute: number, second: number): string {
  const parts = second === 0 ? [hour, minute] : [hour, minute, second];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
