import { ReadJobChart, readJobChart } from '#core/jobs/next-ticks.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadJobChart, (input, actor) => readJobChart(actor, input));
