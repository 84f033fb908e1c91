'use server';

import * as states from '#core/job-state/edit-job-state.ts';
import { defineAction } from '../../../../../actions/define-action.ts';

export const editJobState = defineAction(states.EditJobState, (input, actor) =>
  states.editJobState(actor, input),
);

export const restoreJobState = defineAction(states.RestoreJobState, (input, actor) =>
  states.restoreJobState(actor, input),
);
