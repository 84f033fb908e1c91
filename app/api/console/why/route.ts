import { z } from 'zod';
import { RunIdInAddress } from '#core/ids.ts';
import { readWhy } from '#core/why/read-why.ts';
import { defineRoute } from '../../define-route.ts';

const Asked = z.union([
  z.object({ runId: RunIdInAddress }),
  z.object({ key: z.string({ error: 'Name a job by its key, or a run by its number.' }) }),
]);

export const GET = defineRoute(Asked, (asked, actor) => readWhy(actor, asked));
