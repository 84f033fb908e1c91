import { readSaveWarnings, ReadSaveWarnings } from '#core/warnings/save-warnings.ts';
import { defineRoute } from '../../define-route.ts';

/** What to know before saving; a schedule doesn't fit into an address. */
export const POST = defineRoute(ReadSaveWarnings, (input, actor) => readSaveWarnings(actor, input));
