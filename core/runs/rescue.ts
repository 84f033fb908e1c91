import type { JobDefinition } from '../jobs/definition.ts';
import type { EndedAttempt } from './finish.sql.ts';
import type { LostRun } from './lost.sql.ts';
import { watchOf } from './watch.ts';
import { decideRetry, MOST_LOSSES, type RetryDecision } from './retry.ts';

/**
 * What becomes of a run whose worker is gone: its attempt is `lost`, and the run starts again where the job may run
 * twice, until it was lost three times in a row or the job's rule for lost attempts says no.
 *
 * @param definition null when it can't be read: nobody knows then whether the job may run twice, so it may not
 */
export function decideRescue(
  run: LostRun,
  definition: Pick<
    JobDefinition,
    'retry' | 'mayRunTwice' | 'circuit' | 'autoPause' | 'work'
  > | null,
  now: Date,
  random: number,
): EndedAttempt {
  const losses = run.losses + 1;
  const decision = decideAgain(run, definition, now, random);
  return {
    runId: run.id,
    scheduledFor: run.scheduledFor,
    workerId: run.workerId,
    attempt: run.attempt,
    outcome: 'lost',
    dueAt: run.dueAt,
    startedAt: run.startedAt,
    elapsedMs: null,
    waitedFor: null,
    exitCode: null,
    signal: null,
    httpStatus: null,
    cause: causeOf(run, decision),
    causeLine: null,
    result: null,
    // A run that was to be cancelled goes through the statement's rule for retries, which makes it `cancelled`.
    retryAt: run.isCancelRequested ? now : decision.again ? decision.retryAt : null,
    retryRule: decision.again ? decision.rule : null,
    losses,
    logLines: run.logLines,
    logBytes: run.logBytes,
    // It may have been trying: nobody asked while its worker lived.
    watch: watchOf({ ...run, isProbe: true }, definition),
  };
}

function decideAgain(
  run: LostRun,
  definition: Pick<JobDefinition, 'retry' | 'mayRunTwice'> | null,
  now: Date,
  random: number,
): RetryDecision {
  // Who asked for a test looks at how it ends.
  if (run.trigger === 'test') return { again: false, why: 'test' };
  if (definition === null) return { again: false, why: 'not_twice' };
  return decideRetry(
    definition.retry,
    {
      outcome: 'lost',
      startedAt: run.startedAt,
      earlier: run.earlier,
      mayRunTwice: definition.mayRunTwice,
      losses: run.losses + 1,
    },
    now,
    random,
  );
}

function causeOf(run: LostRun, decision: RetryDecision): string {
  const lost = run.isWorkerLost
    ? `worker ${run.workerName} didn’t answer for ${Math.round(run.silentForMs / 1_000)} s`
    : `worker ${run.workerName} ended before the run did`;
  if (run.isCancelRequested) {
    return run.cancelledBy ? `cancelled by ${run.cancelledBy}; ${lost}` : `cancelled; ${lost}`;
  }
  return `${lost}${whyNotAgain(decision)}`;
}

/** The rest of a sentence about a lost attempt: why no other follows; empty when one does. */
export function whyNotAgain(decision: RetryDecision): string {
  return decision.again ? '' : WHY_NOT_AGAIN[decision.why];
}

const WHY_NOT_AGAIN = {
  not_twice: ', and the job may not run twice',
  losses: `, for the ${MOST_LOSSES}rd time in a row`,
  never: ', and the job’s rule for lost attempts says never again',
  used_up: ', and the job’s rule for lost attempts is used up',
  no_rule: ', and the job has no backoff for another attempt',
  too_late: ', and it is too late for another attempt',
  test: ', and a test isn’t tried again',
} as const;
