import { listRegions, ReadRegions } from '#core/calendars/holiday-places.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadRegions, (input, actor) => listRegions(actor, input));
