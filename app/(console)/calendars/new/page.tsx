import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { CalendarRefused } from '#components/calendars/calendar-refused.tsx';
import { NewCalendarPage } from '#components/calendars/calendar-form-page.tsx';
import { may } from '#core/auth/permissions.ts';
import { listCountries } from '#core/calendars/holiday-places.ts';
import { requireActor } from '../../../session.ts';
import { create, edit, readFile } from '../actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('calendars'))('new') };
}

export default async function NewPage() {
  const actor = await requireActor('/calendars/new');
  if (!may(actor, 'calendar:write')) return <CalendarRefused />;
  return (
    <NewCalendarPage
      countries={await listCountries(actor)}
      thisYear={new Date().getUTCFullYear()}
      userId={actor.id}
      actions={{ create, edit, importDates: readFile }}
    />
  );
}
