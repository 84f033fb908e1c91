import { z } from 'zod';
import { readDefinition } from '#core/jobs/read-job.ts';
import { defineRoute } from '../../define-route.ts';
import { fromAddress, RevisionNumber } from '#core/ids.ts';

const Query = z.object({ key: z.string(), revision: fromAddress(RevisionNumber) });

export const GET = defineRoute(Query, ({ key, revision }, actor) =>
  readDefinition(actor, key, revision),
);
