'use server';

import * as runs from '#core/runs/trigger.ts';
import { defineAction } from '../../actions/define-action.ts';

export const triggerJobs = defineAction(runs.TriggerJobs, (input, actor) =>
  runs.triggerJobs(actor, input),
);
