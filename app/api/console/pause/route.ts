import { z } from 'zod';
import { readPause } from '#core/jobs/read-pause.ts';
import { defineRoute } from '../../define-route.ts';

const Asked = z.object({ jobIds: z.string().optional() });

export const GET = defineRoute(Asked, ({ jobIds }, actor) =>
  readPause(actor, jobIds === undefined ? {} : { jobIds }),
);
