import { z } from 'zod';
import { readJobState } from '#core/job-state/read-job-state.ts';
import { defineRoute } from '../../define-route.ts';

const Query = z.object({ jobId: z.string(), version: z.string().optional() });

export const GET = defineRoute(Query, (asked, actor) => readJobState(actor, asked));
