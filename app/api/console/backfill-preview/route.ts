import { z } from 'zod';
import { BACKFILL_RULES } from '#core/backfill/words.ts';
import { previewBackfill } from '#core/backfill/preview.ts';
import { fromAddress, JobId } from '#core/ids.ts';
import { defineRoute } from '../../define-route.ts';

const Asked = z.object({
  jobId: fromAddress(JobId),
  from: z.string(),
  to: z.string().optional(),
  rule: z.enum(BACKFILL_RULES).optional(),
  picked: z
    .string()
    .optional()
    .transform((text) => (text ? text.split(',') : [])),
  newestFirst: z.stringbool().optional(),
  perMinute: z.coerce.number().optional(),
  atOnce: z.coerce.number().optional(),
});

export const GET = defineRoute(Asked, (input, actor) => previewBackfill(actor, input));
