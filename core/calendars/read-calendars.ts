import { z } from 'zod';
import { type Actor, authorize } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { prisma, webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { CalendarDefinition, CalendarKey } from '../schedules/calendars/definition.ts';
import { readJobsUsing } from './calendars.sql.ts';

export type CalendarSummary = {
  key: string;
  name: string;
  revision: number;
  /** Jobs that use it. */
  jobs: number;
  /** ISO 8601: of its newest revision. */
  savedAt: string;
};

export async function listCalendars(actor: Actor): Promise<CalendarSummary[]> {
  authorize(actor, 'calendar:read');
  const calendars = await prisma().calendar.findMany({
    where: { deletedAt: null },
    orderBy: { key: 'asc' },
    include: { _count: { select: { jobs: { where: { deletedAt: null } } } } },
  });
  return calendars.map(({ key, name, revision, updatedAt, _count }) => ({
    key,
    name,
    revision,
    jobs: _count.jobs,
    savedAt: updatedAt.toISOString(),
  }));
}

export type CalendarDetail = {
  key: string;
  name: string;
  revision: number;
  /** Null when this version of Punctual can't read it. */
  definition: CalendarDefinition | null;
  note: string;
  savedBy: string;
  savedAt: string;
  /** Keys of the jobs that use it. */
  jobs: string[];
};

export const ReadCalendar = z.object({ key: CalendarKey });

/** A calendar as it is now. */
export async function readCalendar(
  actor: Actor,
  input: z.input<typeof ReadCalendar>,
): Promise<Outcome<CalendarDetail>> {
  authorize(actor, 'calendar:read');
  const parsed = ReadCalendar.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { key } = parsed.data;
  const calendar = await prisma().calendar.findFirst({ where: { key, deletedAt: null } });
  if (!calendar) return refuse('not_found', `There is no calendar ${key}.`);
  const { number, name, definition, note, createdBy, createdAt } =
    await prisma().calendarRevision.findUniqueOrThrow({
      where: { calendarKey_number: { calendarKey: key, number: calendar.revision } },
    });
  const jobs = await readJobsUsing(sqlOf(webPool()), key);
  return done({
    key,
    name,
    revision: number,
    definition: CalendarDefinition.safeParse(definition).data ?? null,
    note,
    savedBy: createdBy,
    savedAt: createdAt.toISOString(),
    jobs: jobs.map((job) => job.key),
  });
}
