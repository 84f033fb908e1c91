import type { Field } from '../cron-field.ts';
import { daysBeforeMonthsEnd, weekdayNearMonthsEnd } from '../day-rules.ts';
import type { CronDays, DayRule } from '../days.ts';
import { ANY_VALUE, fieldOf, markedField } from '../line-notation.ts';
import {
  DAY_OF_MONTH,
  quartzProblem,
  readQuartzItem,
  readQuartzList,
  valueOf,
  WEEKDAY,
} from './quartz-field.ts';

type DaysReading =
  | {
      ok: true;
      /** What croner can express, if anything. */
      forCroner: Pick<CronDays, 'dayOfMonth' | 'weekday'> | null;
      dayOfMonth: Field;
      weekday: Field;
      /** Days that are named as well. */
      ours: readonly DayRule[];
    }
  | { ok: false; problem: string };

const MOST_BEFORE_END = 30;
/** Sunday is 0 there, and 1 to Quartz. */
const CRONER_WEEKDAY = { min: 0, max: 6 };

/** Days of the month: plain values, `L`, `L-3`, `LW`, `L-3W`, `15W`, and lists of these. */
export function readQuartzDaysOfMonth(text: string): DaysReading {
  const forCroner: string[] = [];
  const ours: DayRule[] = [];
  const words: string[] = [];
  for (const item of text.split(',')) {
    const fromEnd = /^L(?:-(\d+))?(W)?$/.exec(item);
    const nearest = /^(\d+)W$/.exec(item);
    if (fromEnd) {
      const distance = Number(fromEnd[1] ?? 0);
      if (distance > MOST_BEFORE_END) {
        return quartzProblem(
          DAY_OF_MONTH,
          item,
          `is too far from the month’s end. Use L-1 to L-${MOST_BEFORE_END}.`,
        );
      }
      words.push(item);
      ours.push(
        fromEnd[2] === 'W' ? weekdayNearMonthsEnd(distance) : daysBeforeMonthsEnd([distance]),
      );
    } else if (nearest) {
      const day = valueOf(nearest[1] ?? '', DAY_OF_MONTH);
      if (!day.ok) return day;
      forCroner.push(`${day.value}W`);
    } else {
      if (item === '') {
        return quartzProblem(
          DAY_OF_MONTH,
          text,
          'has a comma with nothing beside it. Remove that comma.',
        );
      }
      const read = readQuartzItem(item, DAY_OF_MONTH);
      if (!read.ok) return read;
      forCroner.push(item === '*' ? '*' : read.values.join(','));
    }
  }
  const dayOfMonth = forCroner.includes('*') ? '*' : forCroner.join(',');
  const isPlain = ours.length === 0 && /^[\d,]+$/.test(dayOfMonth);
  return {
    ok: true,
    forCroner: forCroner.length === 0 ? null : { dayOfMonth, weekday: '*' },
    ours,
    dayOfMonth: isPlain
      ? fieldOf(ascending(dayOfMonth), DAY_OF_MONTH)
      : markedField(dayOfMonth === '*' ? '*' : [...forCroner, ...words].join(',')),
    weekday: ANY_VALUE,
  };
}

/** Days of the week: plain values, `L` (Saturday), `6L` (the last Friday) and `6#3` (the third). */
export function readQuartzWeekdays(text: string): DaysReading {
  if (text === 'L') return onWeekdays(fieldOf([6], CRONER_WEEKDAY));
  const last = /^(\d+|[A-Z]{3})L$/.exec(text);
  if (last) return marked(last[1] ?? '', 'L');
  const nth = /^(\d+|[A-Z]{3})#(\d+)$/.exec(text);
  if (nth) {
    const number = nth[2] ?? '';
    if (/^[1-5]$/.test(number)) return marked(nth[1] ?? '', number);
    return quartzProblem(WEEKDAY, text, 'is not allowed. After # stands 1 to 5, as in 6#3.');
  }
  if (text.includes('#')) {
    return quartzProblem(
      WEEKDAY,
      text,
      'is not understood. # stands alone, as in 6#3: put each on a line of its own.',
    );
  }
  if (/L(?:,|$)/.test(text)) {
    return quartzProblem(
      WEEKDAY,
      text,
      'has L beside other days, which Quartz refuses. Put it on a line of its own.',
    );
  }
  const read = readQuartzList(text, WEEKDAY);
  if (!read.ok) return read;
  return onWeekdays(
    fieldOf(
      read.values.map((value) => value - 1),
      CRONER_WEEKDAY,
    ),
  );
}

function marked(weekday: string, mark: string): DaysReading {
  const value = valueOf(weekday, WEEKDAY);
  return value.ok ? onWeekdays(markedField(`${value.value - 1}#${mark}`)) : value;
}

function onWeekdays(weekday: Field): DaysReading {
  const forCroner = { dayOfMonth: '*', weekday: weekday.pattern };
  return { ok: true, forCroner, ours: [], dayOfMonth: ANY_VALUE, weekday };
}

function ascending(list: string): number[] {
  return [...new Set(list.split(',').map(Number))].toSorted((a, b) => a - b);
}
