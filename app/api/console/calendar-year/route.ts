import { PreviewYear, previewYear } from '#core/calendars/preview-calendar.ts';
import { readCalendarYear, ReadCalendarYear } from '#core/calendars/read-calendars.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadCalendarYear, (input, actor) => readCalendarYear(actor, input));

/** The same of a calendar that isn't saved: it doesn't fit into an address. */
export const POST = defineRoute(PreviewYear, (input, actor) => previewYear(actor, input));
