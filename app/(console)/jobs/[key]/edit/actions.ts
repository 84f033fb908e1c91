'use server';

import { z } from 'zod';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import * as jobs from '#core/jobs/edit-job.ts';
import { defineAction } from '../../../../actions/define-action.ts';

// The use-case parses the definition, and tells each problem at its field.
const EditJob = z.object({
  jobId: z.int().positive(),
  basedOnRevision: z.int().positive(),
  definition: z.custom<JobDefinitionInput>((given) => typeof given === 'object'),
  note: z.string(),
});

export const editJob = defineAction(EditJob, (input, actor) => jobs.editJob(actor, input));
