import type { z } from 'zod';
import type { Right } from '#core/auth/right.ts';
import type { ResumeJobs } from '#core/jobs/pause-jobs.ts';
import type { Outcome } from '#core/outcome.ts';

/** The server actions that mend causes, handed down by the console's layout, and which of them the reader may use. */
export type WhyActions = {
  resumeJobs: (input: z.input<typeof ResumeJobs>) => Promise<Outcome<unknown>>;
  triggerJob: (input: { jobId: number }) => Promise<Outcome<unknown>>;
  cancelRuns: (input: { runIds: number[] }) => Promise<Outcome<unknown>>;
  closeCircuit: (input: { jobId: number }) => Promise<Outcome<unknown>>;
  takeWorkerBack: (input: { workerId: number }) => Promise<Outcome<unknown>>;
};

/** By the permission that an act or a page takes; `job:write` stands for any part of a job. */
export type WhyRights = Readonly<
  Record<
    | 'job:pause'
    | 'job:trigger'
    | 'job:write'
    | 'run:cancel'
    | 'worker:read'
    | 'worker:drain'
    | 'secret:read'
    | 'installation:pause',
    Right
  >
>;
