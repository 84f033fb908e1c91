'use server';

import { z } from 'zod';
import { drainWorker, undrainWorker } from '#core/workers/workers.ts';
import { defineAction } from '../../actions/define-action.ts';
import { WorkerId } from '#core/ids.ts';

const OneWorker = z.object({ workerId: WorkerId });

export const drain = defineAction(OneWorker, ({ workerId }, actor) => drainWorker(actor, workerId));
export const takeBack = defineAction(OneWorker, ({ workerId }, actor) =>
  undrainWorker(actor, workerId),
);
