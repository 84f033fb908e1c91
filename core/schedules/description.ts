import type { CronLine } from './cron-line.ts';
import type { Dialect } from './dialects/dialect.ts';
import { readLine } from './dialects/read-lines.ts';
import { notationOf } from './line-notation.ts';
import type { Schedule } from './schedule.ts';

/** Which days. Weekdays are 0 (Sunday) to 6 and ascend, months 1 to 12. */
export type DayRule =
  | { kind: 'every_day' }
  | { kind: 'workdays' }
  | { kind: 'weekends' }
  | { kind: 'weekdays'; weekdays: readonly number[] }
  | { kind: 'month_days'; days: readonly number[] }
  | { kind: 'month_end' }
  | { kind: 'date'; day: number; month: number };

/**
 * A schedule told as a key and values, so that any language can word it (components/schedules). Times are `HH:MM` or
 * `HH:MM:SS`; the zone isn't named. `line` has no short form: line-words.ts reads it in whole sentences.
 */
export type ScheduleDescription =
  | { key: 'manual'; values: Record<string, never> }
  | { key: 'dates'; values: { count: number } }
  | { key: 'every'; values: { count: number; unit: Unit; days: DayRule } }
  | { key: 'hourly_at'; values: { minute: number; days: DayRule } }
  | { key: 'at'; values: { times: readonly string[]; days: DayRule } }
  | { key: 'several'; values: { first: ScheduleDescription; more: number } }
  | { key: 'line'; values: { line: string } };

export type Unit = 'millisecond' | 'second' | 'minute' | 'hour' | 'day';

/** What a schedule says, in parts. */
export function describeSchedule(schedule: Schedule): ScheduleDescription {
  switch (schedule.type) {
    case 'manual':
      return { key: 'manual', values: {} };
    case 'interval':
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
  return (days && describeTimes(read.became, days)) ?? { key: 'line', values: { line } };
}

function describeDays({ dayOfMonth, month, weekday, year }: CronLine): DayRule | null {
  if (year !== null && year.pattern !== '*') return null;
  const [day] = dayOfMonth.values;
  const [inMonth] = month.values;
  if (dayOfMonth.pattern === '*' && month.pattern === '*') return describeWeekdays(weekday);
  if (weekday.pattern !== '*') return null;
  if (dayOfMonth.pattern === 'L' && month.pattern === '*') return { kind: 'month_end' };
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
