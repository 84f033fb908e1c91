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

/** What is limited: a job by the key and labels that it has. */
export type LimitedJob = { key: string; labels: Readonly<Record<string, string>> };

export function mayUse({ jobs, labels }: SecretLimits, job: LimitedJob): boolean {
  if (jobs.length === 0 && labels.length === 0) return true;
  return (
    jobs.includes(job.key) ||
    labels.some(({ name, value }) => Object.hasOwn(job.labels, name) && job.labels[name] === value)
  );
}
