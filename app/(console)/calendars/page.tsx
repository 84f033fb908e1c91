import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { CalendarList } from '#components/calendars/calendar-list.tsx';
import { calendarList } from '#components/calendars/calendar-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may } from '#core/auth/permissions.ts';
import { listCalendars } from '#core/calendars/read-calendars.ts';
import { requireActor } from '../../session.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('calendars'))('title') };
}

export default async function CalendarsPage() {
  const actor = await requireActor('/calendars');
  return (
    <ServerQueries
      queries={[{ queryKey: calendarList.queryKey, queryFn: () => listCalendars(actor) }]}
    >
      <CalendarList mayWrite={may(actor, 'calendar:write')} />
    </ServerQueries>
  );
}
