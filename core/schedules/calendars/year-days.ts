import { type BusinessDays, dateOf, dayOf, type DayOff } from './business-days.ts';
import type { CalendarDefinition } from './definition.ts';

/** A day of a year that is more than a weekday or a weekend. */
export type MarkedDay = {
  /** `2026-12-25` */
  date: string;
  kind: 'holiday' | 'date' | 'workday';
  name: string;
  /** Of a make-up workday: what it would be off for; null where it is one anyway. */
  instead: DayOff | null;
};

export type CalendarYear = {
  year: number;
  /** Days of the week that are off, 0 is Sunday. */
  weekend: readonly number[];
  /** In order. */
  days: readonly MarkedDay[];
  businessDays: number;
};

/** The days of a year as a calendar has them. */
export function calendarYear(
  definition: CalendarDefinition,
  business: BusinessDays,
  /** The same calendar without its make-up workdays: what they are worked instead of. */
  unworked: BusinessDays,
  year: number,
): CalendarYear {
  const worked = new Map(definition.workdays.map(({ date, name }) => [dayOf(date), name]));
  const days: MarkedDay[] = [];
  let businessDays = 0;
  for (let day = dayOf(`${year}-01-01`); day <= dayOf(`${year}-12-31`); day++) {
    const off = business.offBecause(day);
    if (off === null) businessDays += 1;
    const workday = worked.get(day);
    if (workday !== undefined) {
      const instead = unworked.offBecause(day);
      days.push({ date: dateOf(day), kind: 'workday', name: workday, instead });
    } else if (off !== null && off.kind !== 'weekend') {
      days.push({ date: dateOf(day), kind: off.kind, name: off.name, instead: null });
    }
  }
  return { year, weekend: definition.weekend, days, businessDays };
}

const LOOK_DAYS = 400;

/** The next day off, `from` included, that isn't one as a day of the week; null where none comes within 400 days. */
export function nextDayOff(
  { weekend }: CalendarDefinition,
  business: BusinessDays,
  from: string,
): { date: string; name: string } | null {
  for (let day = dayOf(from); day <= dayOf(from) + LOOK_DAYS; day++) {
    const off = business.offBecause(day);
    if (off === null || off.kind === 'weekend') continue;
    const weekday = new Date(day * 86_400_000).getUTCDay();
    if (!weekend.includes(weekday)) return { date: dateOf(day), name: off.name };
  }
  return null;
}
