import type { CalendarDefinition } from './definition.ts';

/** Days are numbers since 1970-01-01, whatever the zone. */
export interface BusinessDays {
  /** The first business day that is `day` or later, or null when none comes within ten years. */
  next(day: number): number | null;
  /** The last business day that is `day` or earlier, or null when none was within ten years. */
  previous(day: number): number | null;
  isBusinessDay(day: number): boolean;
  /** Why a day is off, or null for a business day. */
  offBecause(day: number): DayOff | null;
}

export interface DayOff {
  readonly kind: 'date' | 'holiday' | 'weekend';
  /** Of the date or the holiday; empty for a weekend. */
  readonly name: string;
}

/** The days off of a year with their names. */
export type HolidaysIn = (year: number) => ReadonlyMap<number, string>;

const DAY_MS = 86_400_000;
const LOOK_DAYS = 3_660;
const NO_NAMES: ReadonlyMap<number, string> = new Map();

/** What a calendar says, reckoned when it is asked: a year of holidays costs some 10 ms, once. */
export function businessDaysOf(
  definition: CalendarDefinition,
  holidaysIn: HolidaysIn = () => NO_NAMES,
): BusinessDays {
  const workdays = new Set(definition.workdays.map(({ date }) => dayOf(date)));
  const dates = new Map(definition.dates.map(({ date, name }) => [dayOf(date), name]));
  const weekend = new Set(definition.weekend);

  // A weekend is looked at first: it costs nothing, and then no holidays are reckoned in vain.
  const isBusinessDay = (day: number) =>
    workdays.has(day) ||
    !(weekend.has(weekdayOf(day)) || dates.has(day) || holidaysIn(yearOf(day)).has(day));

  const offBecause = (day: number): DayOff | null => {
    if (workdays.has(day)) return null;
    const date = dates.get(day);
    if (date !== undefined) return { kind: 'date', name: date };
    const holiday = holidaysIn(yearOf(day)).get(day);
    if (holiday !== undefined) return { kind: 'holiday', name: holiday };
    return weekend.has(weekdayOf(day)) ? { kind: 'weekend', name: '' } : null;
  };

  const find = (from: number, step: 1 | -1) => {
    for (let day = from; Math.abs(day - from) <= LOOK_DAYS; day += step) {
      if (isBusinessDay(day)) return day;
    }
    return null;
  };

  return {
    isBusinessDay,
    offBecause,
    next: (day) => find(day, 1),
    previous: (day) => find(day, -1),
  };
}

export function dayOf(date: string): number {
  return Date.parse(date) / DAY_MS;
}

/** `2026-12-24`. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** 0 is Sunday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}
