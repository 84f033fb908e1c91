import { readTypedBlackouts, ReadTypedBlackouts } from '#core/jobs/preview-schedule.ts';
import { defineRoute } from '../../define-route.ts';

/** The blackouts that would hit a job as it is typed; labels don't fit into an address. */
export const POST = defineRoute(ReadTypedBlackouts, (input, actor) =>
  readTypedBlackouts(actor, input),
);
