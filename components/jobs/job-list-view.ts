import type { z } from 'zod';
import type { Outcome } from '#core/outcome.ts';
import type { Several } from '#core/runs/requests.ts';
import type { TriggerJobs } from '#core/runs/trigger.ts';
import type { JobActions } from './job-view.ts';

/** The server actions that the page of jobs hands down. */
export type JobListActions = Pick<JobActions, 'triggerJob' | 'pauseJobs' | 'resumeJobs'> & {
  triggerJobs: (input: z.input<typeof TriggerJobs>) => Promise<Outcome<Several>>;
};

/** What the reader may do with jobs; the use-cases look again. */
export type JobListRights = { trigger: boolean; pause: boolean; write: boolean };
