import { previewSchedule, PreviewSchedule } from '#core/jobs/preview-schedule.ts';
import { defineRoute } from '../../define-route.ts';

/** What saving a schedule would do to its ticks; it doesn't fit into an address. */
export const POST = defineRoute(PreviewSchedule, (input, actor) => previewSchedule(actor, input));
