import { z } from 'zod';
import { readJobLedger } from '#core/jobs/ledger.ts';
import { defineRoute } from '../../define-route.ts';

// Parsed by the read itself.
const Query = z.object({
  jobId: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
  cursor: z.string().optional(),
});

export const GET = defineRoute(Query, (input, actor) => readJobLedger(actor, input));
