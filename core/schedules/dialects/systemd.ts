import { quoted, type Field } from '../cron-field.ts';
import type { CronLine } from '../cron-line.ts';
import { bothOf, daysBeforeMonthsEnd } from '../day-rules.ts';
import { cronDays, EVERY_DAY, type DayRule } from '../days.ts';
import { ANY_VALUE, fieldOf, markedField } from '../line-notation.ts';
import { wallLine, type WallLine } from '../wall-clock.ts';
import type { LineReading } from './dialect.ts';
import {
  DAY,
  DAY_FROM_END,
  HOUR,
  MINUTE,
  MONTH,
  readSystemdPart,
  SECOND,
  YEAR,
  type SystemdForm,
} from './systemd-part.ts';
import { readSystemdWeekdays } from './systemd-weekdays.ts';

const SHORTHANDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    minutely: '*-*-* *:*:00',
    hourly: '*-*-* *:00:00',
    daily: '*-*-* 00:00:00',
    monthly: '*-*-01 00:00:00',
    weekly: 'Mon *-*-* 00:00:00',
    yearly: '*-01-01 00:00:00',
    annually: '*-01-01 00:00:00',
    quarterly: '*-01,04,07,10-01 00:00:00',
    semiannually: '*-01,07-01 00:00:00',
    'semi-annually': '*-01,07-01 00:00:00',
    biannually: '*-01,07-01 00:00:00',
    'bi-annually': '*-01,07-01 00:00:00',
  }),
);

/** A calendar event, as systemd.time(7) and calendarspec.c mean it; whole seconds only. */
export function readSystemdLine(text: string): LineReading {
  const { timeZone, rest } = splitZone(text);
  if (rest === '')
    return refused(`The line ${quoted(text)} has a time zone and no time. ${ADVICE}`);
  if (rest.startsWith('@')) return readEpoch(rest, text);
  const read = readEvent(SHORTHANDS.get(rest.toLowerCase()) ?? rest);
  return read.ok ? { ok: true, timeZone, ...readingOf(read.event, text) } : read;
}

function readingOf({ days, ...event }: Event, text: string): { line: WallLine; became: CronLine } {
  const { seconds, minutes, hours, isFixedTime } = event;
  return {
    line: wallLine({ text, seconds, minutes, hours, isFixedTime, days }),
    became: { ...event, text, needsBothDays: true },
  };
}

const ADVICE = 'Write weekdays, a date and a time, such as Mon..Fri *-*-* 09:00.';

type Event = Omit<CronLine, 'text' | 'needsBothDays'> & { days: DayRule };
type Times = Pick<Event, 'seconds' | 'minutes' | 'hours' | 'isFixedTime'>;
type Days = Omit<Event, keyof Times>;
type Refused = { ok: false; problem: string };

function readEvent(text: string): { ok: true; event: Event } | Refused {
  const weekdays = readSystemdWeekdays(text);
  if (!weekdays.ok) return weekdays;
  const words = weekdays.rest
    .replace(/(\d)T(?=\d)/, '$1 ')
    .split(/ +/)
    .filter(Boolean);
  if (words.length === 0 && weekdays.weekdays === null) return refused(notAnEvent(text));
  const timeText = words.at(-1)?.includes(':') ? words.pop() : undefined;
  const dateText = words.shift();
  if (words.length > 0 || dateText?.includes(':')) return refused(notAnEvent(text));
  const date = readDate(dateText ?? '*-*-*', weekdays.weekdays);
  if (!date.ok) return date;
  const time = readTime(timeText ?? '00:00:00');
  return time.ok ? { ok: true, event: { ...time.times, ...date.days } } : time;
}

function notAnEvent(text: string): string {
  return `The line ${quoted(text)} is not a calendar event. ${ADVICE}`;
}

/** `2026-03-05`, `03-05`, `*-*~1` (from the month's end), each part a list. */
function readDate(
  text: string,
  weekdays: readonly number[] | null,
): { ok: true; days: Days } | Refused {
  const parts = /^(?:([^-~]+)-)?([^-~]+)([-~])([^-~]+)$/.exec(text);
  if (!parts) {
    return refused(
      `The date ${quoted(text)} is not understood. Write year-month-day, month-day, or year-month~day from the month’s end.`,
    );
  }
  const isFromEnd = parts[3] === '~';
  const year = readSystemdPart(parts[1] ?? '*', YEAR);
  if (!year.ok) return year;
  const month = readSystemdPart(parts[2] ?? '', MONTH);
  if (!month.ok) return month;
  const day = readSystemdPart(parts[4] ?? '', isFromEnd ? DAY_FROM_END : DAY);
  if (!day.ok) return day;
  const fields = {
    dayOfMonth: isFromEnd ? fieldFromEnd(day.values) : fieldOr(day.values, DAY),
    month: fieldOr(month.values, MONTH),
    weekday: fieldOr(weekdays, { min: 0, max: 6 }),
    year: year.values === null ? null : fieldOf(year.values, YEAR),
  };
  const forCroner = cronDays({
    dayOfMonth: isFromEnd ? '*' : fields.dayOfMonth.pattern,
    month: fields.month.pattern,
    weekday: fields.weekday.pattern,
    year: fields.year?.pattern ?? '*',
    needsBoth: true,
  });
  const fromEnd =
    isFromEnd && day.values !== null
      ? daysBeforeMonthsEnd(day.values.map((value) => value - 1))
      : EVERY_DAY;
  return { ok: true, days: { ...fields, days: bothOf(forCroner, fromEnd) } };
}

function fieldOr(values: readonly number[] | null, range: { min: number; max: number }): Field {
  return values === null ? ANY_VALUE : fieldOf(values, range);
}

function fieldFromEnd(values: readonly number[] | null): Field {
  if (values === null) return ANY_VALUE;
  return markedField(values.map((value) => (value === 1 ? 'L' : `L-${value - 1}`)).join(','));
}

/** `09:00`, `9,17:00/15`, `*:*:30`; hours and minutes are needed. */
function readTime(text: string): { ok: true; times: Times } | Refused {
  const parts = text.split(':');
  const [hourText = '', minuteText = '', secondText = '0'] = parts;
  if (parts.length < 2 || parts.length > 3) {
    return refused(
      `The time ${quoted(text)} is not understood. Write hour:minute or hour:minute:second.`,
    );
  }
  const hours = readSystemdPart(hourText, HOUR);
  if (!hours.ok) return hours;
  const minutes = readSystemdPart(minuteText, MINUTE);
  if (!minutes.ok) return minutes;
  const seconds = readSystemdPart(secondText, SECOND);
  if (!seconds.ok) return seconds;
  return {
    ok: true,
    times: {
      hours: hours.values ?? upTo(HOUR),
      minutes: minutes.values ?? upTo(MINUTE),
      seconds: seconds.values ?? upTo(SECOND),
      isFixedTime: !/[*/]/.test(text),
    },
  };
}

function upTo({ max }: SystemdForm): number[] {
  return Array.from({ length: max + 1 }, (_, value) => value);
}

/** `@1493187147`: one instant, in seconds since 1970. */
function readEpoch(rest: string, text: string): LineReading {
  const seconds = /^@(\d{1,10})$/.exec(rest)?.[1];
  const at = new Date(Number(seconds ?? Number.NaN) * 1_000);
  if (Number.isNaN(at.getTime()) || at.getUTCFullYear() > YEAR.max) {
    return refused(
      `The instant ${quoted(rest)} is not understood. Write @ and the seconds since 1970, up to the year ${YEAR.max}.`,
    );
  }
  const read = readEvent(at.toISOString().slice(0, 19).replace('T', ' '));
  return read.ok ? { ok: true, timeZone: 'UTC', ...readingOf(read.event, text) } : read;
}

/** The last word, where it can only be a zone. */
function splitZone(text: string): { timeZone: string | null; rest: string } {
  const parts = /^(.*?) *(\S+)$/.exec(text);
  const [, rest = '', last = ''] = parts ?? [];
  if (/^utc$/i.test(last)) return { timeZone: 'UTC', rest };
  const isZone = rest !== '' && /^[A-Za-z]/.test(last) && !/[,:]|\.\./.test(last);
  return isZone ? { timeZone: last, rest } : { timeZone: null, rest: text };
}

function refused(problem: string): Refused {
  return { ok: false, problem };
}
