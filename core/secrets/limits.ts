import { z } from 'zod';
import { Key } from '../jobs/definition.ts';
import { LabelName, LabelValue } from '../jobs/labels.ts';

/** Which jobs may use a secret: those with one of the keys or one of the labels; all, where neither is given. */
export const SecretLimits = z.object({
  jobs: z.array(Key).max(200, 'Name at most 200 jobs.').default([]),
  labels: z
    .array(z.object({ name: LabelName, value: LabelValue }))
    .max(50, 'Name at most 50 labels.')
    .default([]),
});
export type SecretLimits = z.output<typeof SecretLimits>;
