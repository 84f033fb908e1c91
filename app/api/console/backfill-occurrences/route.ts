import { z } from 'zod';
import { listOccurrences } from '#core/backfill/list-occurrences.ts';
import { fromAddress, JobId } from '#core/ids.ts';
import { defineRoute } from '../../define-route.ts';

const Asked = z.object({
  jobId: fromAddress(JobId),
  from: z.string(),
  to: z.string().optional(),
  newestFirst: z.stringbool().optional(),
  onlyWithoutSuccess: z.stringbool().optional(),
  after: z.string().optional(),
});

export const GET = defineRoute(Asked, (input, actor) => listOccurrences(actor, input));
