import { z } from 'zod';
import { readRun } from '#core/runs/read-run.ts';
import { defineRoute } from '../../../define-route.ts';

const Query = z.object({ id: z.coerce.number().int() });

/** A run with its attempts, waits and neighbours. */
export const GET = defineRoute(Query, ({ id }, actor) => readRun(actor, id));
