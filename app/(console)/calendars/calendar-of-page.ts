import { cache } from 'react';
import { readCalendar } from '#core/calendars/read-calendars.ts';
import { requireActor } from '../../session.ts';
import { valueOf } from '../../value-of.ts';
import { notFound } from 'next/navigation';
import { CalendarKey } from '#core/schedules/calendars/definition.ts';

/** The calendar of the address and who looks at it, read once for a page. */
export const calendarOfPage = cache(async (key: string) => {
  const actor = await requireActor(`/calendars/${encodeURIComponent(key)}`);
  if (!CalendarKey.safeParse(key).success) notFound();
  const calendar = valueOf(await readCalendar(actor, { key }));
  return { actor, calendar, thisYear: new Date().getUTCFullYear() };
});
