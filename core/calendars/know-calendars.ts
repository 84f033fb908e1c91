import type { Sql } from '../db.ts';
import { type BusinessDays, businessDaysOf } from '../schedules/calendars/business-days.ts';
import { CalendarDefinition } from '../schedules/calendars/definition.ts';
import { holidaysOf } from '../schedules/calendars/holidays.ts';
import { knownCalendars } from '../schedules/calendars/known.ts';
import { type CalendarYear, calendarYear } from '../schedules/calendars/year-days.ts';
import { type CalendarRevisionId, readCalendarRevisions } from './calendars.sql.ts';

/**
 * Loads the calendars that saved schedules name, as far as this process doesn't know them: every statement that reads
 * schedules to reckon with calls it, so that reckoning itself needs no database. Costs nothing where none is named.
 * A revision is kept for good, so this must not be called for one that isn't committed.
 */
export async function knowCalendars(sql: Sql, schedules: readonly unknown[]): Promise<void> {
  const missing = new Map<string, CalendarRevisionId>();
  for (const schedule of schedules) {
    const named = calendarNamedIn(schedule);
    if (named && !knownCalendars.get(named.key, named.revision)) {
      missing.set(`${named.key}@${named.revision}`, named);
    }
  }
  if (missing.size === 0) return;
  for (const { key, revision, definition } of await readCalendarRevisions(sql, [
    ...missing.values(),
  ])) {
    const read = CalendarDefinition.safeParse(definition);
    // One that this version can't read stays unknown: whoever reckons with it says so.
    if (read.success) knownCalendars.add(key, revision, await businessDaysIn(read.data));
  }
}

/** Loads the holidays that a calendar names. */
export async function businessDaysIn(definition: CalendarDefinition): Promise<BusinessDays> {
  const { holidays } = definition;
  return businessDaysOf(definition, holidays ? await holidaysOf(holidays) : undefined);
}

/** The days of a year as a definition has them. */
export async function yearOf(definition: CalendarDefinition, year: number): Promise<CalendarYear> {
  const business = await businessDaysIn(definition);
  const unworked = await businessDaysIn({ ...definition, workdays: [] });
  return calendarYear(definition, business, unworked, year);
}

function calendarNamedIn(schedule: unknown): CalendarRevisionId | null {
  const { calendar } = (schedule ?? {}) as { calendar?: { key?: unknown; revision?: unknown } };
  const { key, revision } = calendar ?? {};
  return typeof key === 'string' && Number.isInteger(revision)
    ? { key, revision: Number(revision) }
    : null;
}
