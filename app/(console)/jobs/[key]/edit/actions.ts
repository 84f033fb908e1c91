'use server';

import { z } from 'zod';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import type { TrialInput } from '#core/trials/trial-input.ts';
import * as jobs from '#core/jobs/edit-job.ts';
import { defineAction } from '../../../../actions/define-action.ts';
import { JobId, RevisionNumber } from '#core/ids.ts';

// The use-case parses the definition, and tells each problem at its field.
const EditJob = z.object({
  jobId: JobId,
  basedOnRevision: RevisionNumber,
  definition: z.custom<JobDefinitionInput>((given) => typeof given === 'object'),
  note: z.string(),
  trial: z.custom<TrialInput>((given) => typeof given === 'object').optional(),
});

export const editJob = defineAction(EditJob, (input, actor) => jobs.editJob(actor, input));
