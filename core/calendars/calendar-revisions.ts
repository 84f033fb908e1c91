import { type Actor, authorize } from '../auth/permissions.ts';
import { done, type Outcome } from '../outcome.ts';
import { prisma } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { type CalendarChange, calendarChanges } from '../schedules/calendars/calendar-changes.ts';
import { CalendarDefinition } from '../schedules/calendars/definition.ts';
import { noSuchCalendar } from './calendar-input.ts';
import { ReadCalendar } from './read-calendars.ts';
import type { z } from 'zod';

export type CalendarRevision = {
  number: number;
  note: string;
  savedBy: string;
  /** ISO 8601. */
  savedAt: string;
  /** Against the revision before; null for the first, and where one of them can't be read. */
  changes: CalendarChange[] | null;
};

const MOST = 100;

/** Who made and changed a calendar, the newest first, at most 100 revisions. */
export async function listCalendarRevisions(
  actor: Actor,
  input: z.input<typeof ReadCalendar>,
): Promise<Outcome<CalendarRevision[]>> {
  authorize(actor, 'calendar:read');
  const parsed = ReadCalendar.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { key } = parsed.data;
  const calendar = await prisma().calendar.findUnique({ where: { key } });
  if (!calendar) return noSuchCalendar(key);
  const revisions = await prisma().calendarRevision.findMany({
    where: { calendarKey: key },
    orderBy: { number: 'desc' },
    take: MOST + 1,
  });
  const read = revisions.map(({ name, definition }) => {
    const readable = CalendarDefinition.safeParse(definition).data;
    return readable ? { name, definition: readable } : null;
  });
  return done(
    revisions.slice(0, MOST).map(({ number, note, createdBy, createdAt }, index) => {
      const after = read[index] ?? null;
      const before = read[index + 1] ?? null;
      return {
        number,
        note,
        savedBy: createdBy,
        savedAt: createdAt.toISOString(),
        changes: before && after ? calendarChanges(before, after) : null,
      };
    }),
  );
}
