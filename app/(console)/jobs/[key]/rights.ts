import type { JobRights } from '#components/jobs/job-view.ts';
import { type Actor, may } from '#core/auth/permissions.ts';
import { maySave } from '#core/jobs/authorize-save.ts';
import type { JobDetail } from '#core/jobs/read-job.ts';

/** What the page shows as possible; each use-case looks for itself. */
export function jobRights(actor: Actor, job: JobDetail): JobRights {
  const write = may(actor, 'job:write', job);
  const copy = job.definition && { job: null, before: null, after: job.definition };
  return {
    trigger: may(actor, 'job:trigger', job),
    pause: may(actor, 'job:pause', job),
    write,
    edit: write || may(actor, 'job:write_when', job),
    duplicate: copy ? maySave(actor, copy) : write,
    retry: may(actor, 'run:retry', job),
  };
}
