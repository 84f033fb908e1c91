import { z } from 'zod';
import { listLabels } from '#core/jobs/reads.ts';
import { done } from '#core/outcome.ts';
import { listQueues } from '#core/queues/reads.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(z.object({}), async (_input, actor) => {
  const [labels, queues] = await Promise.all([listLabels(actor), listQueues(actor)]);
  return done({ labels, queues: queues.map(({ name }) => name) });
});
