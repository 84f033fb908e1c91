import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dialect } from './dialect.ts';
import { readLine } from './read-lines.ts';

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2027, 0, 1) / DAY_MS;
/** Three years with a leap day among them. */
const DAYS = 1_096;

interface Day {
  readonly year: number;
  readonly month: number;
  readonly date: number;
  readonly length: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

/** A part of a line with what it means, so that no reader stands between. */
interface Part {
  readonly text: string;
  names(day: Day): boolean;
}

const calendar: readonly Day[] = Array.from({ length: DAYS }, (_, index) => {
  const at = new Date((FIRST_DAY + index) * DAY_MS);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth() + 1];
  return {
    year,
    month,
    date: at.getUTCDate(),
    length: new Date(Date.UTC(year, month, 0)).getUTCDate(),
    weekday: at.getUTCDay(),
  };
});

/** The Monday to Friday nearest to a date without leaving the month; none where the month has no such date. */
function nearestWeekday(date: number, { year, month, length }: Day): number | null {
  if (date < 1 || date > length) return null;
  const isWorkday = (candidate: number) => {
    const weekday = new Date(Date.UTC(year, month - 1, candidate)).getUTCDay();
    return candidate >= 1 && candidate <= length && weekday >= 1 && weekday <= 5;
  };
  return [0, -1, 1, -2, 2].map((away) => date + away).find(isWorkday) ?? null;
}

/** Values from `a` to `b`, going round at the end. */
function around(a: number, b: number, min: number, max: number): Set<number> {
  const values = new Set<number>();
  for (let value = a; ; value = value === max ? min : value + 1) {
    values.add(value);
    if (value === b) return values;
  }
}

function anyPart(parts: readonly Part[]): Part {
  return {
    text: parts.map(({ text }) => text).join(','),
    names: (day) => parts.some((part) => part.names(day)),
  };
}

const list = (item: fc.Arbitrary<Part>) =>
  fc.array(item, { minLength: 1, maxLength: 3 }).map(anyPart);
const EVERY: Part = { text: '*', names: () => true };

const date = fc.integer({ min: 1, max: 31 });
const distance = fc.integer({ min: 0, max: 30 });

const quartzDate = list(
  fc.oneof(
    date.map((at) => ({ text: `${at}`, names: (day: Day) => day.date === at })),
    fc.tuple(date, date).map(([a, b]) => ({
      text: `${a}-${b}`,
      names: (day: Day) => around(a, b, 1, 31).has(day.date),
    })),
    fc.tuple(date, fc.integer({ min: 1, max: 31 })).map(([a, step]) => ({
      text: `${a}/${step}`,
      names: (day: Day) => day.date >= a && (day.date - a) % step === 0,
    })),
    date.map((at) => ({
      text: `${at}W`,
      names: (day: Day) => nearestWeekday(at, day) === day.date,
    })),
    distance.map((away) => ({
      text: away === 0 ? 'L' : `L-${away}`,
      names: (day: Day) => day.date === day.length - away,
    })),
    distance.map((away) => ({
      text: away === 0 ? 'LW' : `L-${away}W`,
      names: (day: Day) => nearestWeekday(day.length - away, day) === day.date,
    })),
  ),
);

const weekdayNumber = fc.integer({ min: 1, max: 7 });
const quartzWeekday = fc.oneof(
  list(
    fc.tuple(weekdayNumber, weekdayNumber).map(([a, b]) => ({
      text: `${a}-${b}`,
      names: (day: Day) => around(a, b, 1, 7).has(day.weekday + 1),
    })),
  ),
  weekdayNumber.map((number) => ({
    text: `${number}L`,
    names: (day: Day) => day.weekday + 1 === number && day.date + 7 > day.length,
  })),
  fc.tuple(weekdayNumber, fc.integer({ min: 1, max: 5 })).map(([number, nth]) => ({
    text: `${number}#${nth}`,
    names: (day: Day) => day.weekday + 1 === number && Math.ceil(day.date / 7) === nth,
  })),
);

const month = fc.integer({ min: 1, max: 12 });
const quartzMonth = fc.oneof(
  fc.constant(EVERY),
  fc.tuple(month, month).map(([a, b]) => ({
    text: `${a}-${b}`,
    names: (day: Day) => around(a, b, 1, 12).has(day.month),
  })),
);
const year = fc.constantFrom<Part>(EVERY, { text: '2028', names: (day) => day.year === 2028 });

const quartzLine = fc
  .tuple(
    fc.oneof(
      quartzDate.map((part) => ({ part, text: (months: string) => `${part.text} ${months} ?` })),
      quartzWeekday.map((part) => ({ part, text: (months: string) => `? ${months} ${part.text}` })),
    ),
    quartzMonth,
    year,
  )
  .map(([days, months, years]): Part => ({
    text: `0 0 9 ${days.text(months.text)} ${years.text}`,
    names: (day) => days.part.names(day) && months.names(day) && years.names(day),
  }));

const NAMES = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const systemdWeekdays = fc.oneof(
  fc.constant({ text: '', names: () => true }),
  list(
    fc.tuple(fc.nat(6), fc.nat(6)).map(([a, b]) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      return {
        text: `${NAMES[from]}..${NAMES[to]}`,
        names: (day: Day) => (day.weekday + 6) % 7 >= from && (day.weekday + 6) % 7 <= to,
      };
    }),
  ),
);

const fromEnd = fc.integer({ min: 1, max: 28 });
const half = fc.integer({ min: 1, max: 14 });
const systemdDate = fc.oneof(
  list(
    fromEnd.map((nth) => ({
      text: `${nth}`,
      names: (day: Day) => day.date === day.length - nth + 1,
    })),
  ).map((part) => ({ ...part, text: `~${part.text}` })),
  fc.tuple(half, half).map(([more, step]) => ({
    text: `~${step + more}/${step}`,
    names: (day: Day) => {
      const ahead = step + more - (day.length - day.date + 1);
      return ahead >= 0 && ahead % step === 0;
    },
  })),
  list(
    fc.tuple(date, date).map(([a, b]) => ({
      text: `${Math.min(a, b)}..${Math.max(a, b)}`,
      names: (day: Day) => day.date >= Math.min(a, b) && day.date <= Math.max(a, b),
    })),
  ).map((part) => ({ ...part, text: `-${part.text}` })),
);

const systemdLine = fc
  .tuple(systemdWeekdays, year, quartzMonth, systemdDate)
  .filter(([, , months]) => !/^(\d+)-(\d+)$/.test(months.text) || isForwards(months.text))
  .map(([weekdays, years, months, dates]): Part => ({
    text: `${weekdays.text} ${years.text}-${months.text.replace('-', '..')}${dates.text} 09:00`.trim(),
    names: (day) =>
      weekdays.names(day) && years.names(day) && months.names(day) && dates.names(day),
  }));

function isForwards(range: string): boolean {
  const [from = 0, to = 0] = range.split('-').map(Number);
  return from <= to;
}

test.each<[Dialect, fc.Arbitrary<Part>]>([
  ['quartz', quartzLine],
  ['systemd', systemdLine],
])('the days of a %s line are those of an oracle that looks at every date', (dialect, lines) => {
  fc.assert(
    fc.property(lines, (line) => {
      const read = readLine(line.text, dialect);
      if (!read.ok) throw new Error(read.problem);
      const { days } = read.line;
      const expected = calendar.flatMap((day, index) =>
        line.names(day) ? [FIRST_DAY + index] : [],
      );
      const forwards: number[] = [];
      const last = FIRST_DAY + DAYS - 1;
      let day = days.next(FIRST_DAY);
      for (; day !== null && day <= last; day = days.next(day + 1)) forwards.push(day);
      expect(forwards).toEqual(expected);
      const backwards: number[] = [];
      day = days.previous(last);
      for (; day !== null && day >= FIRST_DAY; day = days.previous(day - 1)) backwards.unshift(day);
      expect(backwards).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
