import type { EditedCalendar, SavedCalendar } from '#core/calendars/calendars.ts';
import type { ImportedDates } from '#core/calendars/import-dates.ts';
import type { Outcome } from '#core/outcome.ts';
import type { CalendarDefinition } from '#core/schedules/calendars/definition.ts';

/** What is sent to save a calendar. */
export type CalendarInput = {
  key: string;
  name: string;
  definition: CalendarDefinition;
  note: string;
};

/** The server actions that the pages hand down. */
export type CalendarFormActions = {
  create: (input: CalendarInput) => Promise<Outcome<SavedCalendar>>;
  edit: (input: CalendarInput & { basedOnRevision: number }) => Promise<Outcome<EditedCalendar>>;
  importDates: (input: {
    text: string;
    fromYear: number;
    toYear: number;
  }) => Promise<Outcome<ImportedDates>>;
};

export type DeleteCalendarAction = (input: {
  key: string;
  basedOnRevision: number;
}) => Promise<Outcome<{ key: string }>>;
