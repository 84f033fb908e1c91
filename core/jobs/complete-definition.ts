import { readCalendarKeys, readCurrentRevision } from '../calendars/calendars.sql.ts';
import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Sql } from '../db.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { completeSchedule } from '../schedules/complete.ts';
import type { Schedule } from '../schedules/schedule.ts';
import type { JobDefinition } from './definition.ts';

/**
 * A definition as a revision holds it: whatever decides when the job fires stands in it, also which revision of its
 * calendar, so that the ledger of any stretch can be reckoned again from revisions alone. The calendar is loaded then.
 * @param before what the job's newest revision says; null for a new job
 */
export async function completeDefinition(
  sql: Sql,
  definition: JobDefinition,
  before: JobDefinition | null,
  now: Date,
): Promise<Outcome<JobDefinition>> {
  const { key } = definition;
  const completed = await completeOne(sql, definition.schedule, {
    key,
    now,
    before: before?.schedule ?? null,
  });
  return completed.ok ? done({ ...definition, schedule: completed.value }) : completed;
}

/** A schedule as a revision holds it; its calendar is loaded then. */
export async function completeOne(
  sql: Sql,
  schedule: Schedule,
  given: Parameters<typeof completeSchedule>[1],
): Promise<Outcome<Schedule>> {
  const pinned = await withNewestCalendar(sql, completeSchedule(schedule, given));
  if (pinned.ok) await knowCalendars(sql, [pinned.value]);
  return pinned;
}

async function withNewestCalendar(sql: Sql, schedule: Schedule): Promise<Outcome<Schedule>> {
  if (schedule.type === 'manual' || !schedule.calendar) return done(schedule);
  const { calendar } = schedule;
  const revision = await readCurrentRevision(sql, calendar.key);
  if (revision !== null) return done({ ...schedule, calendar: { ...calendar, revision } });
  const known = await readCalendarKeys(sql);
  const choice =
    known.length === 0 ? 'Make it first' : `Choose one of ${known.join(', ')}, or make it first`;
  const message = `There is no calendar ${calendar.key}. ${choice}.`;
  return refuse('invalid', message, [{ path: ['schedule', 'calendar', 'key'], message }]);
}
