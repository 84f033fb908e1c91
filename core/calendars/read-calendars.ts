import { z } from 'zod';
import { type Actor, authorize, scopeOf } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { fromAddress } from '../ids.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { prisma, webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import type { ScheduleCalendar } from '../schedules/calendars/calendar-rule.ts';
import { CalendarDefinition, CalendarKey } from '../schedules/calendars/definition.ts';
import { knownCalendars } from '../schedules/calendars/known.ts';
import { placeNames } from '../schedules/calendars/places.ts';
import { type CalendarYear, nextDayOff } from '../schedules/calendars/year-days.ts';
import { savedSchedule } from '../schedules/saved-schedule.ts';
import { readUses } from './calendars.sql.ts';
import { knowCalendars, yearOf } from './know-calendars.ts';
import { noSuchCalendar, Year } from './calendar-input.ts';

/** What a calendar says, for words. */
export type CalendarSays = {
  /** Whose holidays; null for none. The names are in English, or the codes where there is none. */
  place: { country: string; region: string | null } | null;
  types: readonly string[];
  /** Days of the week that are off, 0 is Sunday. */
  weekend: readonly number[];
  dates: number;
  workdays: number;
};

export type CalendarSummary = {
  key: string;
  name: string;
  revision: number;
  /** Jobs that use it. */
  jobs: number;
  /** ISO 8601: of its newest revision. */
  savedAt: string;
  /** Null when this version of Punctual can't read it. */
  says: CalendarSays | null;
  /** The next one that isn't a day of the week that is off anyway; `date` is `2026-12-25`. */
  nextDayOff: { date: string; name: string } | null;
};

/** All calendars by key. Today is UTC's. */
export async function listCalendars(actor: Actor): Promise<CalendarSummary[]> {
  authorize(actor, 'calendar:read');
  const calendars = await prisma().calendar.findMany({
    where: { deletedAt: null },
    orderBy: { key: 'asc' },
    include: { _count: { select: { jobs: { where: { deletedAt: null } } } } },
  });
  const revisions = await prisma().calendarRevision.findMany({
    where: { OR: calendars.map(({ key, revision }) => ({ calendarKey: key, number: revision })) },
    select: { calendarKey: true, definition: true },
  });
  const definitions = new Map(
    revisions.map(({ calendarKey, definition }) => [
      calendarKey,
      CalendarDefinition.safeParse(definition).data ?? null,
    ]),
  );
  // A revision stays known to this process: its holidays are reckoned once, not for every look at the list.
  await knowCalendars(
    sqlOf(webPool()),
    calendars.map(({ key, revision }) => ({ calendar: { key, revision } })),
  );
  const today = new Date().toISOString().slice(0, 10);
  return Promise.all(
    calendars.map(async ({ key, name, revision, updatedAt, _count }) => {
      const definition = definitions.get(key) ?? null;
      const business = knownCalendars.get(key, revision);
      return {
        key,
        name,
        revision,
        jobs: _count.jobs,
        savedAt: updatedAt.toISOString(),
        says: definition && (await saysOf(definition)),
        nextDayOff: definition && business ? nextDayOff(definition, business, today) : null,
      };
    }),
  );
}

export type CalendarJob = {
  key: string;
  rule: Pick<ScheduleCalendar, 'rule' | 'nth'> | null;
  /** ISO 8601. */
  nextTickAt: string | null;
  isPaused: boolean;
};

export type CalendarDetail = {
  key: string;
  name: string;
  revision: number;
  /** Null when this version of Punctual can't read it. */
  definition: CalendarDefinition | null;
  says: CalendarSays | null;
  note: string;
  savedBy: string;
  savedAt: string;
  /** The jobs that use it and that the actor may know of, by key, at most 200 of them. */
  jobs: CalendarJob[];
  /** How many use it, and how many of them the actor may not know of; 0 also where that can't be told of so many. */
  jobCount: number;
  hiddenJobs: number;
  /** Nobody can choose it any more; what it said is kept for the past. */
  isDeleted: boolean;
};

export const ReadCalendar = z.object({ key: CalendarKey });

const MOST_JOBS = 200;

/** A calendar as it is now, or was when it was deleted. */
export async function readCalendar(
  actor: Actor,
  input: z.input<typeof ReadCalendar>,
): Promise<Outcome<CalendarDetail>> {
  authorize(actor, 'calendar:read');
  const parsed = ReadCalendar.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { key } = parsed.data;
  const calendar = await prisma().calendar.findUnique({
    where: { key },
    include: { _count: { select: { jobs: { where: { deletedAt: null } } } } },
  });
  if (!calendar) return noSuchCalendar(key);
  const { number, name, definition, note, createdBy, createdAt } =
    await prisma().calendarRevision.findUniqueOrThrow({
      where: { calendarKey_number: { calendarKey: key, number: calendar.revision } },
    });
  const readable = CalendarDefinition.safeParse(definition).data ?? null;
  const uses = await readUses(sqlOf(webPool()), key, MOST_JOBS, scopeOf(actor, 'job:read'));
  return done({
    key,
    name,
    revision: number,
    definition: readable,
    says: readable && (await saysOf(readable)),
    note,
    savedBy: createdBy,
    savedAt: createdAt.toISOString(),
    jobs: uses.map(({ schedule, nextTickAt, ...job }) => ({
      ...job,
      rule: ruleIn(schedule),
      nextTickAt: nextTickAt?.toISOString() ?? null,
    })),
    jobCount: calendar._count.jobs,
    hiddenJobs: uses.length < MOST_JOBS ? Math.max(0, calendar._count.jobs - uses.length) : 0,
    isDeleted: calendar.deletedAt !== null,
  });
}

export const ReadCalendarYear = ReadCalendar.extend({ year: fromAddress(Year) });

/** The days of one year, as the calendar has them now, or had them when it was deleted. */
export async function readCalendarYear(
  actor: Actor,
  input: z.input<typeof ReadCalendarYear>,
): Promise<Outcome<CalendarYear>> {
  authorize(actor, 'calendar:read');
  const parsed = ReadCalendarYear.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { key, year } = parsed.data;
  const calendar = await prisma().calendar.findUnique({ where: { key } });
  if (!calendar) return noSuchCalendar(key);
  const revision = await prisma().calendarRevision.findUniqueOrThrow({
    where: { calendarKey_number: { calendarKey: key, number: calendar.revision } },
    select: { definition: true },
  });
  const definition = CalendarDefinition.safeParse(revision.definition).data;
  if (!definition) {
    return refuse('unexpected', 'This version of Punctual can’t read the calendar.');
  }
  return done(await yearOf(definition, year));
}

async function saysOf({
  holidays,
  weekend,
  dates,
  workdays,
}: CalendarDefinition): Promise<CalendarSays> {
  return {
    place: holidays && (await placeNames(holidays)),
    types: holidays?.types ?? [],
    weekend,
    dates: dates.length,
    workdays: workdays.length,
  };
}

function ruleIn(saved: unknown): CalendarJob['rule'] {
  const schedule = savedSchedule(saved);
  if (!schedule || schedule.type === 'manual' || !schedule.calendar) return null;
  const { rule, nth } = schedule.calendar;
  return { rule, ...(nth && { nth }) };
}
