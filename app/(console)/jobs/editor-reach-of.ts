import type { EditorReachOf } from '#components/jobs/editor-view.ts';
import { type Actor, may, mayForSome } from '#core/auth/permissions.ts';
import type { JobDetail } from '#core/jobs/read-job.ts';
import { HOST_KINDS, runsOnHost } from '#core/jobs/takes-of-edit.ts';

/** What the editor closes to somebody; the use-case judges each save for itself. */
export function editorReachOf(actor: Actor, job: JobDetail): EditorReachOf {
  const write = may(actor, 'job:write', job);
  const host = may(actor, 'job:write_host', job);
  const isOnHost = job.definition !== null && runsOnHost(job.definition);
  return {
    closed: {
      ...(!write && { what: 'job:write' }),
      ...(!may(actor, 'job:write_when', job) && { when: 'job:write_when' }),
      ...(isOnHost && !host && { work: 'job:write_host' }),
      ...(!isOnHost && !write && { work: 'job:write' }),
    },
    // Where the kind is closed as a whole, that says it.
    kinds: host || isOnHost || !write ? [] : HOST_KINDS,
  };
}

/** Of a new job, whose labels nobody knows yet. */
export function reachOfNewJob(actor: Actor): EditorReachOf {
  return { closed: {}, kinds: mayForSome(actor, 'job:write_host') ? [] : HOST_KINDS };
}
