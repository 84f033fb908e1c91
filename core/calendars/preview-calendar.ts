import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { type Actor, authorize, scopeOf } from '../auth/permissions.ts';
import { databaseNow } from '../database-now.ts';
import { sqlOf } from '../db.ts';
import { done, type Outcome } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import {
  affectedDays,
  editDifference,
  type EditDifference,
  MOST_STEPS,
} from '../schedules/calendars/edit-difference.ts';
import { CalendarDefinition, CalendarKey } from '../schedules/calendars/definition.ts';
import { type Calendars, knownCalendars } from '../schedules/calendars/known.ts';
import type { CalendarYear } from '../schedules/calendars/year-days.ts';
import { compileSchedule } from '../schedules/compile.ts';
import { savedFires, savedSchedule } from '../schedules/saved-schedule.ts';
import { noSuchCalendar, refuseHolidays, Year } from './calendar-input.ts';
import { readCurrentRevision, readUses } from './calendars.sql.ts';
import { businessDaysIn, knowCalendars, yearOf } from './know-calendars.ts';

export const PreviewYear = z.object({ definition: CalendarDefinition, year: Year });

/** The days of a year as a calendar would have them that isn't saved. */
export async function previewYear(
  actor: Actor,
  input: z.input<typeof PreviewYear>,
): Promise<Outcome<CalendarYear>> {
  authorize(actor, 'calendar:read');
  const parsed = PreviewYear.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { definition, year } = parsed.data;
  const refused = await refuseHolidays(definition);
  if (refused) return refused;
  return done(await yearOf(definition, year));
}

const DAY_MS = 86_400_000;
const MOST_JOBS = 1_000;
/** One job of several lines that fire every minute takes up to 0.2 s where an edit closes many days. */
const MOST_MS = 2_500;
const MOST_NAMED = 20;
const AHEAD_DAYS = 90;

export type ChangedJob = EditDifference & {
  key: string;
  timeZone: string;
  /** It would never fire any more. */
  isEnded: boolean;
};

/** What saving a definition would do to the jobs that use the calendar and that the actor may know of. */
export type CalendarEffects = {
  /** That use it, at most 1,000. */
  jobs: number;
  /** How many of them were compared before time ran out. */
  compared: number;
  /** How far ahead was looked. */
  days: number;
  /** Jobs that get other fires, and how many fires of theirs go and come. */
  changed: number;
  vanish: number;
  fresh: number;
  /** Those that change most, at most 20. */
  first: ChangedJob[];
};

export const PreviewEdit = z.object({ key: CalendarKey, definition: CalendarDefinition });

/** Which jobs fire otherwise in the next 90 days if a calendar says this instead of what it says now. */
export async function previewCalendarEdit(
  actor: Actor,
  input: z.input<typeof PreviewEdit>,
): Promise<Outcome<CalendarEffects>> {
  authorize(actor, 'calendar:read');
  const parsed = PreviewEdit.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { key, definition } = parsed.data;
  const refused = await refuseHolidays(definition);
  if (refused) return refused;
  const sql = sqlOf(webPool());
  const revision = await readCurrentRevision(sql, key);
  if (revision === null) return noSuchCalendar(key);
  const uses = await readUses(sql, key, MOST_JOBS, scopeOf(actor, 'job:read'));
  await knowCalendars(sql, [
    { calendar: { key, revision } },
    ...uses.map(({ schedule }) => schedule),
  ]);
  const current = knownCalendars.get(key, revision);
  const next = await businessDaysIn(definition);
  const now = await databaseNow(sql);
  const until = new Date(now.getTime() + AHEAD_DAYS * DAY_MS);
  // A calendar that this version can't read is one whose jobs can't be compared.
  const affected =
    current &&
    affectedDays(current, next, {
      from: Math.floor(now.getTime() / DAY_MS),
      until: Math.floor(until.getTime() / DAY_MS),
    });
  const calendars: Calendars = {
    get: (name, number) =>
      name === key && number === NOT_SAVED ? next : knownCalendars.get(name, number),
  };
  const steps = { left: MOST_STEPS };
  const endMs = performance.now() + MOST_MS;
  let compared = 0;
  const changed: ChangedJob[] = [];
  for (const [index, { key: jobKey, schedule: saved }] of uses.entries()) {
    if (performance.now() > endMs) break;
    compared = index + 1;
    // Others are answered meanwhile.
    if (index % 10 === 9) await setImmediate();
    const schedule = savedSchedule(saved);
    const before = savedFires(saved);
    if (!affected || !schedule || !before) continue;
    if (schedule.type === 'manual' || !schedule.calendar) continue;
    const { calendar, timeZone, maxFires } = schedule;
    const after = compileSchedule(
      { ...schedule, calendar: { ...calendar, revision: NOT_SAVED } },
      calendars,
    );
    const days = calendar.rule === 'nth' ? affected.ofMonths : affected.moved;
    const isAffected = (day: number) =>
      // Where the number of fires ends it, every fire that goes or comes moves the end.
      maxFires === undefined ? days.has(day) : true;
    const difference = editDifference(before, after, { after: now, until }, isAffected, steps);
    const isEnded = before.next(now.getTime()) !== null && after.next(now.getTime()) === null;
    if (difference.vanish + difference.fresh > 0 || isEnded) {
      changed.push({ key: jobKey, timeZone, ...difference, isEnded });
    }
  }
  const sum = (of: 'vanish' | 'fresh') => changed.reduce((total, job) => total + job[of], 0);
  return done({
    jobs: uses.length,
    compared,
    days: AHEAD_DAYS,
    changed: changed.length,
    vanish: sum('vanish'),
    fresh: sum('fresh'),
    first: changed.toSorted(byWeight).slice(0, MOST_NAMED),
  });
}

/** Stands for a revision that isn't made: none has this number. */
const NOT_SAVED = 0;

function byWeight(a: ChangedJob, b: ChangedJob): number {
  return (
    Number(b.isEnded) - Number(a.isEnded) ||
    b.vanish + b.fresh - a.vanish - a.fresh ||
    a.key.localeCompare(b.key)
  );
}
