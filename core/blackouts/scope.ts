import { z } from 'zod';
import { JobId } from '../ids.ts';

const MOST_NAMED = 200;

/** Which jobs a blackout hits. */
export const BlackoutScope = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('all') }),
    z.object({
      type: z.literal('queues'),
      queues: z
        .array(z.string())
        .min(1, 'Choose at least one queue.')
        .max(MOST_NAMED, `Choose at most ${MOST_NAMED} queues.`),
    }),
    z.object({
      type: z.literal('labels'),
      /** A job that has all of them is hit. */
      labels: z
        .record(z.string().min(1), z.string())
        .refine((labels) => Object.keys(labels).length > 0, 'Give at least one label.'),
    }),
    z.object({
      type: z.literal('jobs'),
      /** By id, so that a job that gets another key is hit as before. */
      jobIds: z
        .array(JobId)
        .min(1, 'Choose at least one job.')
        .max(
          MOST_NAMED,
          `Choose at most ${MOST_NAMED} jobs, or give them a label and choose that.`,
        ),
    }),
  ],
  { error: 'Choose which jobs the blackout hits: all, queues, labels or jobs.' },
);
export type BlackoutScope = z.output<typeof BlackoutScope>;

/** SQL: whether a blackout of the scope (jsonb) hits the job `j`. */
export const HITS = (scope: string) => `
CASE ${scope} ->> 'type'
  WHEN 'all' THEN true
  WHEN 'queues' THEN ${scope} -> 'queues' ? j.queue
  WHEN 'labels' THEN j.labels @> (${scope} -> 'labels')
  WHEN 'jobs' THEN ${scope} -> 'jobIds' @> to_jsonb(j.id)
END`;
