import type { Metadata } from 'next';
import {
  calendarQuery,
  calendarRevisionsQuery,
  calendarYearQuery,
} from '#components/calendars/calendar-queries.ts';
import { CalendarScreen } from '#components/calendars/calendar-screen.tsx';
import { yearIn } from '#components/calendars/years.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may } from '#core/auth/permissions.ts';
import { listCalendarRevisions } from '#core/calendars/calendar-revisions.ts';
import { readCalendarYear } from '#core/calendars/read-calendars.ts';
import { valueOf } from '../../../value-of.ts';
import { remove } from '../actions.ts';
import { calendarOfPage } from '../calendar-of-page.ts';

export async function generateMetadata({
  params,
}: PageProps<'/calendars/[key]'>): Promise<Metadata> {
  const { calendar } = await calendarOfPage((await params).key);
  return { title: calendar.name };
}

export default async function CalendarPage({
  params,
  searchParams,
}: PageProps<'/calendars/[key]'>) {
  const { key } = await params;
  const { actor, calendar, thisYear } = await calendarOfPage(key);
  const year = yearIn(Number((await searchParams)['year'] ?? Number.NaN), thisYear);
  return (
    <ServerQueries
      queries={[
        { queryKey: calendarQuery(key).queryKey, queryFn: () => Promise.resolve(calendar) },
        {
          queryKey: calendarRevisionsQuery(key).queryKey,
          queryFn: async () => valueOf(await listCalendarRevisions(actor, { key })),
        },
        ...(calendar.definition
          ? [
              {
                queryKey: calendarYearQuery(key, year).queryKey,
                queryFn: async () => valueOf(await readCalendarYear(actor, { key, year })),
              },
            ]
          : []),
      ]}
    >
      <CalendarScreen
        calendarKey={key}
        thisYear={thisYear}
        mayWrite={may(actor, 'calendar:write')}
        deleteCalendar={remove}
      />
    </ServerQueries>
  );
}
