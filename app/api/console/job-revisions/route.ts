import { z } from 'zod';
import { listRevisions } from '#core/jobs/read-job.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(z.object({ key: z.string() }), ({ key }, actor) =>
  listRevisions(actor, key),
);
