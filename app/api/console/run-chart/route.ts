import { z } from 'zod';
import { type ReadRunChart, readRunChart } from '#core/runs/run-chart.ts';
import { defineRoute } from '../../define-route.ts';

// Parsed by the read itself.
const Query = z.custom<z.input<typeof ReadRunChart>>();

/** How many runs match, over time and by outcome. */
export const GET = defineRoute(Query, (input, actor) => readRunChart(actor, input));
