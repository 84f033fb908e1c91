import type { PlaceholderValues } from '#core/jobs/kinds/template.ts';
import type { Work } from './kind.ts';

/** What {{…}} in a job's texts stands for in this attempt. */
export function placeholderValues(work: Work<unknown>): PlaceholderValues {
  return {
    parameters: work.parameters,
    secrets: work.secrets,
    tick: work.scheduledFor.toISOString(),
    from: work.stretch.from?.toISOString() ?? '',
    to: work.stretch.to.toISOString(),
    state: work.state,
    runId: String(work.runId),
    attempt: String(work.attempt),
    jobKey: work.jobKey,
  };
}
