'use server';

import { z } from 'zod';
import * as jobs from '#core/jobs/create-job.ts';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { defineAction } from '../../../actions/define-action.ts';

// The use-case parses the definition, and tells each problem at its field.
const CreateJob = z.object({
  definition: z.custom<JobDefinitionInput>((given) => typeof given === 'object'),
  note: z.string().trim().max(500, 'A note has at most 500 characters.'),
});

export const createJob = defineAction(CreateJob, ({ definition, note }, actor) =>
  jobs.createJob(actor, definition, { note }),
);
