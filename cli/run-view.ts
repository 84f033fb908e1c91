import type { RunSummary } from '#core/runs/summary.ts';

/** A run as commands print it with --json; docs/command.md promises these fields. */
export function runView(run: RunSummary) {
  const { id, jobKey, revision, trigger, state, skipReason, cause, attempts, requestedBy } = run;
  return {
    id,
    jobKey,
    revision,
    trigger,
    state,
    skipReason,
    cause,
    attempts,
    worker: run.worker?.name ?? null,
    requestedBy,
    scheduledFor: run.scheduledFor,
    coversFrom: run.covers?.from ?? null,
    coversTo: run.covers?.to ?? null,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    durationMs: run.durationMs,
  };
}
