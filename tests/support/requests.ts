import type { ParameterValues } from '#core/jobs/parameters.ts';
import type { RequestedRun } from '#core/runs/request.sql.ts';
import type { TestJob } from './jobs.ts';

/** What a key asks for: a run of the job as it is now. */
export const requestOf = (
  { id, revision, definition }: TestJob,
  parameters: ParameterValues | null = null,
): RequestedRun => ({
  jobId: id,
  revision,
  definition,
  trigger: 'api',
  forTick: null,
  retryOf: null,
  requestedBy: 'a test',
  note: null,
  parameters,
});
