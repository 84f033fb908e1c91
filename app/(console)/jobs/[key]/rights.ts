import type { JobRights } from '#components/jobs/job-view.ts';
import { type Actor, may } from '#core/auth/permissions.ts';

/** What the page shows as possible; each use-case looks for itself. */
export function jobRights(actor: Actor): JobRights {
  return {
    trigger: may(actor, 'job:trigger'),
    pause: may(actor, 'job:pause'),
    write: may(actor, 'job:write'),
    retry: may(actor, 'run:retry'),
  };
}
