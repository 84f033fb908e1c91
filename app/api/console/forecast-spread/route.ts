import { readSpread, ReadSpread } from '#core/forecast/spread-jobs.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadSpread, (input, actor) => readSpread(actor, input));
