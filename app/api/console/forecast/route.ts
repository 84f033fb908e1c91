import { readForecast, ReadForecast } from '#core/forecast/read-forecast.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadForecast, (input, actor) => readForecast(actor, input));
