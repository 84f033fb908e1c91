import { z } from 'zod';
import { done } from '#core/outcome.ts';
import { listQueues } from '#core/queues/reads.ts';
import { defineRoute } from '../../define-route.ts';

/** All queues with what runs and waits in them. */
export const GET = defineRoute(z.object({}), async (_, actor) => done(await listQueues(actor)));
