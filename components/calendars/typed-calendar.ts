import type { CalendarDefinition } from '#core/schedules/calendars/definition.ts';
import type { NamedDate } from '#core/schedules/calendars/read-ics.ts';
import type { HolidayType } from '#core/schedules/calendars/rules.ts';

/** A calendar as its form holds it: what is typed stays as it was typed, also when it is wrong. */
export type TypedCalendar = {
  key: string;
  name: string;
  /** Two letters; empty for no holidays. */
  country: string;
  /** Empty for the whole country. */
  region: string;
  types: HolidayType[];
  weekend: number[];
  /** One day or stretch of days a line: `2026-12-24..2026-12-31 Works closed`. */
  dates: string;
  workdays: string;
  note: string;
};

export type DateList = 'dates' | 'workdays';

/** A line that can't be read as days; `line` counts from 1. */
export type LineProblem = { line: number; text: string; why: 'unreadable' | 'backwards' | 'long' };

export type ReadCalendarForm = {
  definition: CalendarDefinition;
  problems: Partial<Record<DateList, LineProblem>>;
  /** For each day the line that it stands in. */
  lines: Record<DateList, number[]>;
};

const DAY_MS = 86_400_000;
const MOST_DAYS = 400;

export function emptyCalendar(): TypedCalendar {
  return {
    key: '',
    name: '',
    country: '',
    region: '',
    types: ['public'],
    weekend: [6, 0],
    dates: '',
    workdays: '',
    note: '',
  };
}

/** A saved calendar as one would type it; `definitionOf` gives its definition back unchanged. */
export function typedOf(key: string, name: string, definition: CalendarDefinition): TypedCalendar {
  const { holidays, weekend, dates, workdays } = definition;
  return {
    key,
    name,
    country: holidays?.country ?? '',
    region: holidays?.region ?? '',
    types: holidays?.types ?? ['public'],
    weekend: [...weekend],
    dates: typedDates(dates),
    workdays: typedDates(workdays),
    note: '',
  };
}

/** What the form says; a list with a line that can't be read has the days of the other lines. */
export function definitionOf(typed: TypedCalendar): ReadCalendarForm {
  const dates = readDates(typed.dates);
  const workdays = readDates(typed.workdays);
  return {
    definition: {
      workdays: workdays.days,
      dates: dates.days,
      holidays:
        typed.country === ''
          ? null
          : { country: typed.country, region: typed.region || null, types: typed.types },
      weekend: typed.weekend,
    },
    problems: {
      ...(dates.problem && { dates: dates.problem }),
      ...(workdays.problem && { workdays: workdays.problem }),
    },
    lines: { dates: dates.lines, workdays: workdays.lines },
  };
}

/** Days as one would type them; those in a row with one name become a stretch. */
export function typedDates(days: readonly NamedDate[]): string {
  const stretches: { from: string; to: string; name: string }[] = [];
  for (const { date, name } of days) {
    const last = stretches.at(-1);
    if (last && last.name === name && Date.parse(date) - Date.parse(last.to) === DAY_MS) {
      last.to = date;
    } else stretches.push({ from: date, to: date, name });
  }
  return stretches
    .map(({ from, to, name }) => `${from === to ? from : `${from}..${to}`} ${name}`.trimEnd())
    .join('\n');
}

/**
 * Adds days to what is typed.
 * @returns how many were added; the others stood there already
 */
export function withDates(
  typed: string,
  days: readonly NamedDate[],
): { typed: string; added: number } {
  const known = new Set(readDates(typed).days.map(({ date }) => date));
  const fresh = days.filter(({ date }) => !known.has(date));
  if (fresh.length === 0) return { typed, added: 0 };
  const before = typed.trimEnd();
  return {
    typed: `${before}${before === '' ? '' : '\n'}${typedDates(fresh)}`,
    added: fresh.length,
  };
}

/** A key made of a name: "Works in Köln" → `works-in-koln`. */
export function keyOfName(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+/g, '')
    .slice(0, 64)
    .replaceAll(/-+$/g, '');
}

const LINE = /^(\d{4}-\d\d-\d\d)(?:\s*(?:\.\.|–|\bto\b)\s*(\d{4}-\d\d-\d\d))?(?:[\s,;:]+(\S.*))?$/;

function readDates(text: string): {
  days: NamedDate[];
  lines: number[];
  problem: LineProblem | null;
} {
  const days = new Map<string, { day: NamedDate; line: number }>();
  let problem: LineProblem | null = null;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const read = readLine(line);
    if ('why' in read) {
      problem ??= { line: index + 1, text: line, why: read.why };
      continue;
    }
    for (const day of read.days) {
      if (!days.has(day.date)) days.set(day.date, { day, line: index + 1 });
    }
  }
  const all = [...days.values()];
  return { days: all.map(({ day }) => day), lines: all.map(({ line }) => line), problem };
}

function readLine(line: string): { days: NamedDate[] } | Pick<LineProblem, 'why'> {
  const [, from, to = from, name = ''] = LINE.exec(line) ?? [];
  if (from === undefined || to === undefined || !isDay(from) || !isDay(to)) {
    return { why: 'unreadable' };
  }
  const firstMs = Date.parse(from);
  const count = (Date.parse(to) - firstMs) / DAY_MS + 1;
  if (count < 1) return { why: 'backwards' };
  if (count > MOST_DAYS) return { why: 'long' };
  return {
    days: Array.from({ length: count }, (_, n) => ({
      date: new Date(firstMs + n * DAY_MS).toISOString().slice(0, 10),
      name: name.trim(),
    })),
  };
}

function isDay(text: string): boolean {
  const ms = Date.parse(text);
  // Date.parse reads 30 February as 2 March.
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}
