import { previewCalendarEdit, PreviewEdit } from '#core/calendars/preview-calendar.ts';
import { defineRoute } from '../../define-route.ts';

/** What saving a definition would do to the jobs that use the calendar; it doesn't fit into an address. */
export const POST = defineRoute(PreviewEdit, (input, actor) => previewCalendarEdit(actor, input));
