import { readStarts, ReadStarts } from '#core/forecast/read-forecast.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadStarts, (input, actor) => readStarts(actor, input));
