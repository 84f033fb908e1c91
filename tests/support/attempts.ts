import type { ClaimedRun } from '#core/runs/claimed.sql.ts';
import type { EndedAttempt } from '#core/runs/finish.sql.ts';

/** How a claimed run's attempt ended: well after 20 ms, unless told otherwise. */
export const endedAttempt = (run: ClaimedRun, given: Partial<EndedAttempt> = {}): EndedAttempt => ({
  runId: run.id,
  scheduledFor: run.scheduledFor,
  workerId: run.workerId,
  attempt: run.attempt,
  outcome: 'succeeded',
  dueAt: run.dueAt,
  startedAt: run.startedAt,
  elapsedMs: 20,
  waitedFor: null,
  exitCode: 0,
  signal: null,
  httpStatus: null,
  cause: null,
  causeLine: null,
  result: null,
  retryAt: null,
  retryRule: null,
  losses: 0,
  logLines: 3,
  logBytes: 40,
  ...given,
});
