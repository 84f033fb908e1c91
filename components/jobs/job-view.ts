import type { DeleteJob } from '#core/jobs/delete-job.ts';
import type { DuplicateJob } from '#core/jobs/duplicate-job.ts';
import type { EditedJob } from '#core/jobs/edit-job.ts';
import type { SavedJob } from '#core/jobs/create-job.ts';
import type { ChangePauseEnd } from '#core/jobs/pause-end.ts';
import type { ChangedJobs, PauseJobs, ResumedJobs, ResumeJobs } from '#core/jobs/pause-jobs.ts';
import type { Outcome } from '#core/outcome.ts';
import type { Requested } from '#core/runs/requests.ts';
import type { TriggerJob } from '#core/runs/trigger.ts';
import type { z } from 'zod';

/**
 * What the reader may do with a job; the use-cases look again. `edit`: something of it, perhaps not all; `duplicate`: make
 * another like it.
 */
export type JobRights = {
  trigger: boolean;
  pause: boolean;
  write: boolean;
  edit: boolean;
  duplicate: boolean;
  retry: boolean;
};

/** The server actions that the pages hand down. */
export type JobActions = {
  triggerJob: (input: z.input<typeof TriggerJob>) => Promise<Outcome<Requested>>;
  pauseJobs: (input: z.input<typeof PauseJobs>) => Promise<Outcome<ChangedJobs>>;
  resumeJobs: (input: z.input<typeof ResumeJobs>) => Promise<Outcome<ResumedJobs>>;
  changePauseEnd: (input: z.input<typeof ChangePauseEnd>) => Promise<Outcome<{ jobIds: number[] }>>;
  duplicateJob: (input: z.input<typeof DuplicateJob>) => Promise<Outcome<SavedJob>>;
  deleteJob: (input: z.input<typeof DeleteJob>) => Promise<Outcome<{ key: string }>>;
  restoreRevision: (input: {
    jobId: number;
    basedOnRevision: number;
    revision: number;
  }) => Promise<Outcome<EditedJob>>;
};
