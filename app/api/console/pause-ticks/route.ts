import { z } from 'zod';
import { readPauseTicks } from '#core/jobs/read-pause.ts';
import { defineRoute } from '../../define-route.ts';

const Asked = z.object({ jobId: z.string(), before: z.string().optional() });

export const GET = defineRoute(Asked, (input, actor) => readPauseTicks(actor, input));
