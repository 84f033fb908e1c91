import type { JobSummary } from '#core/jobs/job-summary.ts';
import type { ShownState } from '#components/state/state.ts';

/** The shape of a job's state; what failed shows how it ended. */
export function shownStateOf(job: Pick<JobSummary, 'state' | 'lastRun'>): ShownState {
  switch (job.state) {
    case 'failing':
      return job.lastRun?.state ?? 'failed';
    case 'healthy':
      return 'succeeded';
    case 'never_ran':
      return 'queued';
    default:
      return job.state;
  }
}

/** What a paused job is once it is resumed, as far as the page knows. */
export function stateWithoutPause({
  running,
  failing,
  lastRun,
}: JobSummary): Exclude<JobSummary['state'], 'paused'> {
  if (failing) return 'failing';
  if (running) return 'running';
  return lastRun ? 'healthy' : 'never_ran';
}
