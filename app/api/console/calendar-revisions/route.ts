import { listCalendarRevisions } from '#core/calendars/calendar-revisions.ts';
import { ReadCalendar } from '#core/calendars/read-calendars.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadCalendar, (input, actor) => listCalendarRevisions(actor, input));
