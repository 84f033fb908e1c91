'use server';

import { z } from 'zod';
import * as circuits from '#core/circuits/circuits.ts';
import * as deleting from '#core/jobs/delete-job.ts';
import * as duplicating from '#core/jobs/duplicate-job.ts';
import * as editing from '#core/jobs/edit-job.ts';
import * as ending from '#core/jobs/pause-end.ts';
import * as pausing from '#core/jobs/pause-jobs.ts';
import * as runs from '#core/runs/trigger.ts';
import * as trials from '#core/trials/trials.ts';
import { defineAction } from '../../../actions/define-action.ts';
import { JobId, RevisionNumber } from '#core/ids.ts';

export const triggerJob = defineAction(runs.TriggerJob, (input, actor) =>
  runs.triggerJob(actor, input),
);

export const pauseJobs = defineAction(pausing.PauseJobs, (input, actor) =>
  pausing.pauseJobs(actor, input),
);

export const resumeJobs = defineAction(pausing.ResumeJobs, (input, actor) =>
  pausing.resumeJobs(actor, input),
);

export const closeCircuit = defineAction(circuits.CloseCircuit, (input, actor) =>
  circuits.closeCircuit(actor, input),
);

export const changePauseEnd = defineAction(ending.ChangePauseEnd, (input, actor) =>
  ending.changePauseEnd(actor, input),
);

export const endTrial = defineAction(trials.EndTrial, (input, actor) =>
  trials.endTrialByHand(actor, input),
);

export const duplicateJob = defineAction(duplicating.DuplicateJob, (input, actor) =>
  duplicating.duplicateJob(actor, input),
);

export const deleteJob = defineAction(deleting.DeleteJob, (input, actor) =>
  deleting.deleteJob(actor, input),
);

const Restore = z.object({
  jobId: JobId,
  basedOnRevision: RevisionNumber,
  revision: RevisionNumber,
});

export const restoreRevision = defineAction(Restore, (input, actor) =>
  editing.restoreRevision(actor, input),
);
