import { z } from 'zod';
import { readDefinition } from '#core/jobs/read-job.ts';
import { defineRoute } from '../../define-route.ts';

const Query = z.object({ key: z.string(), revision: z.coerce.number().int().min(1) });

export const GET = defineRoute(Query, ({ key, revision }, actor) =>
  readDefinition(actor, key, revision),
);
