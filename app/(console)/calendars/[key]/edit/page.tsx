import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { EditCalendarPage } from '#components/calendars/calendar-form-page.tsx';
import { calendarQuery } from '#components/calendars/calendar-queries.ts';
import { CalendarRefused } from '#components/calendars/calendar-refused.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may } from '#core/auth/permissions.ts';
import { listCountries } from '#core/calendars/holiday-places.ts';
import { create, edit, readFile } from '../../actions.ts';
import { calendarOfPage } from '../../calendar-of-page.ts';

export async function generateMetadata({
  params,
}: PageProps<'/calendars/[key]/edit'>): Promise<Metadata> {
  const { calendar } = await calendarOfPage((await params).key);
  return { title: (await getTranslations('calendars'))('editOf', { name: calendar.name }) };
}

export default async function EditPage({ params }: PageProps<'/calendars/[key]/edit'>) {
  const { key } = await params;
  const { actor, calendar, thisYear } = await calendarOfPage(key);
  if (!may(actor, 'calendar:write')) return <CalendarRefused calendarKey={key} />;
  if (calendar.isDeleted) return <CalendarRefused calendarKey={key} isDeleted />;
  return (
    <ServerQueries
      queries={[
        { queryKey: calendarQuery(key).queryKey, queryFn: () => Promise.resolve(calendar) },
      ]}
    >
      <EditCalendarPage
        calendarKey={key}
        countries={await listCountries(actor)}
        thisYear={thisYear}
        userId={actor.id}
        actions={{ create, edit, importDates: readFile }}
      />
    </ServerQueries>
  );
}
