import { quoted } from '../cron-field.ts';
import { anyOf, bothOf } from '../day-rules.ts';
import { cronDays, type CronDays, type DayRule } from '../days.ts';
import { fieldOf } from '../line-notation.ts';
import { wallLine } from '../wall-clock.ts';
import type { LineReading } from './dialect.ts';
import { readQuartzDaysOfMonth, readQuartzWeekdays } from './quartz-days.ts';
import {
  HOUR,
  MINUTE,
  MONTH,
  quartzProblem,
  readQuartzList,
  SECOND,
  YEAR,
} from './quartz-field.ts';

const ADVICE =
  'Write 6 fields (second, minute, hour, day of month, month, day of week), or 7 with the year at the end';

/** A Quartz expression, as CronExpression of Quartz 2.5 means it; 1 is Sunday, and one of the day fields is `?`. */
export function readQuartzLine(text: string): LineReading {
  const parts = text.toUpperCase().split(/[ \t]+/);
  if (parts.length < 6 || parts.length > 7) {
    const counted = parts.length === 1 ? '1 field' : `${parts.length} fields`;
    return refused(`The line ${quoted(text)} has ${counted}. ${ADVICE}.`);
  }
  const [secondText = '', minuteText = '', hourText = '', dayText = ''] = parts;
  const [monthText = '', weekdayText = '', yearText = '*'] = parts.slice(4);
  for (const [part, form] of [
    [secondText, SECOND],
    [minuteText, MINUTE],
    [hourText, HOUR],
    [monthText, MONTH],
    [yearText, YEAR],
  ] as const) {
    if (part === '?') return quartzProblem(form, part, 'is for the day fields only. Write *.');
  }
  const seconds = readQuartzList(secondText, SECOND);
  if (!seconds.ok) return seconds;
  const minutes = readQuartzList(minuteText, MINUTE);
  if (!minutes.ok) return minutes;
  const hours = readQuartzList(hourText, HOUR);
  if (!hours.ok) return hours;
  const months = readQuartzList(monthText, MONTH);
  if (!months.ok) return months;
  const years = readQuartzList(yearText, YEAR);
  if (!years.ok) return years;
  const choice = checkChoice(dayText, weekdayText);
  if (choice !== null) return refused(choice);
  const chosen =
    weekdayText === '?' ? readQuartzDaysOfMonth(dayText) : readQuartzWeekdays(weekdayText);
  if (!chosen.ok) return chosen;
  const month = fieldOf(months.values, MONTH);
  const year = yearText === '*' ? null : fieldOf(years.values, YEAR);
  const within = { month: month.pattern, year: year?.pattern ?? '*', needsBoth: false };
  const times = {
    text,
    seconds: seconds.values,
    minutes: minutes.values,
    hours: hours.values,
    isFixedTime: ![secondText, minuteText, hourText].some((part) => /[*/]/.test(part)),
  };
  const { dayOfMonth, weekday } = chosen;
  return {
    ok: true,
    timeZone: null,
    line: wallLine({ ...times, days: daysWithin(chosen.forCroner, chosen.ours, within) }),
    became: { ...times, dayOfMonth, month, weekday, year, needsBothDays: false },
  };
}

function daysWithin(
  forCroner: Pick<CronDays, 'dayOfMonth' | 'weekday'> | null,
  ours: readonly DayRule[],
  within: Pick<CronDays, 'month' | 'year' | 'needsBoth'>,
): DayRule {
  const byCroner = forCroner === null ? [] : [cronDays({ ...forCroner, ...within })];
  if (ours.length === 0) return anyOf(byCroner);
  const inMonths = cronDays({ dayOfMonth: '*', weekday: '*', ...within });
  return anyOf([...byCroner, bothOf(anyOf(ours), inMonths)]);
}

function checkChoice(dayText: string, weekdayText: string): string | null {
  if (dayText === '?' && weekdayText === '?') {
    return 'The day of month and the day of week are both "?". Write * for one of them.';
  }
  if (dayText === '?' || weekdayText === '?') return null;
  return `The day of month ${quoted(dayText)} and the day of week ${quoted(weekdayText)} are both given, which Quartz refuses. Write ? for the one that doesn’t matter.`;
}

function refused(problem: string): LineReading {
  return { ok: false, problem };
}
