import type { z } from 'zod';
import type { Right } from '#core/auth/right.ts';
import type { Outcome } from '#core/outcome.ts';
import type { Several } from '#core/runs/requests.ts';
import type { TriggerJobs } from '#core/runs/trigger.ts';
import type { JobActions } from './job-view.ts';

/** The server actions that the page of jobs hands down. */
export type JobListActions = Pick<JobActions, 'triggerJob' | 'pauseJobs' | 'resumeJobs'> & {
  triggerJobs: (input: z.input<typeof TriggerJobs>) => Promise<Outcome<Several>>;
};

/** What a row asks for, to say who may. */
export type RowPermission = 'job:trigger' | 'job:pause' | 'job:write';

/** What the reader may do with which jobs; the use-cases look again. `edit`: something of the job, perhaps not all. */
export type JobListRights = {
  trigger: Right;
  pause: Right;
  edit: Right;
  /** A job of some label. */
  create: boolean;
  addSamples: boolean;
};
