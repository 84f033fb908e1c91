'use server';

import { z } from 'zod';
import { drainWorker, undrainWorker } from '#core/workers/workers.ts';
import { defineAction } from '../../actions/define-action.ts';

const WorkerId = z.object({ workerId: z.int().min(1) });

export const drain = defineAction(WorkerId, ({ workerId }, actor) => drainWorker(actor, workerId));
export const takeBack = defineAction(WorkerId, ({ workerId }, actor) =>
  undrainWorker(actor, workerId),
);
