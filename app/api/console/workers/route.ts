import { z } from 'zod';
import { done } from '#core/outcome.ts';
import { listWorkers } from '#core/workers/workers.ts';
import { defineRoute } from '../../define-route.ts';

/** The workers that there are, and those that ended within the last day. */
export const GET = defineRoute(z.object({}), async (_, actor) => done(await listWorkers(actor)));
