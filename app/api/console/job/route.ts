import { z } from 'zod';
import { readJob } from '#core/jobs/read-job.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(z.object({ key: z.string() }), ({ key }, actor) =>
  readJob(actor, key),
);
