import { z } from 'zod';
import type { ListRuns } from '#core/runs/filters.ts';
import { listRuns } from '#core/runs/reads.ts';
import { defineRoute } from '../../define-route.ts';

// Parsed by the read itself.
const Query = z.custom<z.input<typeof ListRuns>>();

/** A page of the ledger of all jobs. */
export const GET = defineRoute(Query, (input, actor) => listRuns(actor, input));
