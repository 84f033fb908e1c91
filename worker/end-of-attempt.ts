import type { JobDefinition } from '#core/jobs/definition.ts';
import type { EndedAttempt } from '#core/runs/finish.sql.ts';
import { whyNotAgain } from '#core/runs/rescue.ts';
import { decideRetry, type RetryDecision } from '#core/runs/retry.ts';
import { watchOf } from '#core/runs/watch.ts';
import type { StartedRun } from './started-run.ts';
import type { Answer } from './kinds/kind.ts';
import type { LogSummary } from './log/attempt-log.ts';
import type { Verdict } from './verdict.ts';

/** When an attempt ran: its start, and how long it took by a clock that doesn't jump. */
export type Duration = { startedAt: Date; elapsedMs: number };

/** What the finisher records of work that has ended. */
export function endOf(
  run: StartedRun,
  definition: JobDefinition,
  { startedAt, elapsedMs }: Duration,
  ended: { answer: Answer; verdict: Verdict; log: LogSummary; now: Date },
): EndedAttempt {
  const { answer, verdict, log } = ended;
  const decision = decisionAfter(run, definition, startedAt, ended);
  return {
    ...fenceOf(run),
    startedAt,
    outcome: verdict.outcome,
    elapsedMs,
    waitedFor: run.waitedFor,
    exitCode: answer.exitCode ?? null,
    signal: answer.signal ?? null,
    httpStatus: answer.httpStatus ?? null,
    cause: causeOf(verdict, log, decision),
    causeLine: verdict.outcome === 'succeeded' ? null : (log.causeLine?.number ?? null),
    result: answer.result ?? null,
    retryAt: decision?.again ? decision.retryAt : null,
    retryRule: decision?.again ? decision.rule : null,
    // A shutdown is no sign that the job kills its workers.
    losses: verdict.outcome === 'lost' ? run.losses : 0,
    logLines: log.lines,
    logBytes: log.bytes,
    watch: watchOf(run, definition),
    ...(answer.newState === undefined || verdict.outcome !== 'succeeded' || !run.covers
      ? {}
      : { newState: { body: answer.newState, given: run.stateVersion } }),
  };
}

/** What it records of an attempt without the work's own word: it couldn't start, or Punctual is at fault. Not tried again. */
export function endWithout(
  run: StartedRun,
  definition: JobDefinition | null,
  { startedAt, elapsedMs }: Duration,
  cause: string,
): EndedAttempt {
  return {
    ...fenceOf(run),
    startedAt,
    outcome: 'failed',
    elapsedMs,
    waitedFor: run.waitedFor,
    exitCode: null,
    signal: null,
    httpStatus: null,
    cause,
    causeLine: null,
    result: null,
    retryAt: null,
    retryRule: null,
    losses: 0,
    logLines: run.logLines,
    logBytes: run.logBytes,
    watch: watchOf(run, definition),
  };
}

const fenceOf = ({ id, scheduledFor, workerId, attempt, dueAt }: StartedRun) => ({
  runId: id,
  scheduledFor,
  workerId,
  attempt,
  dueAt,
});

/** Null for an attempt that ended well, was cancelled, or is a test: who asked for it looks at how it ends. */
function decisionAfter(
  run: StartedRun,
  definition: JobDefinition,
  startedAt: Date,
  { answer, verdict: { outcome }, log, now }: Parameters<typeof endOf>[3],
): RetryDecision | null {
  if (outcome === 'succeeded' || outcome === 'cancelled') return null;
  if (run.trigger === 'test') return null;
  return decideRetry(
    definition.retry,
    {
      outcome,
      failure: answer.failure,
      exitCode: answer.exitCode,
      httpStatus: answer.httpStatus,
      retryAfterMs: answer.retryAfterMs,
      wordsSeen: log.wordsSeen,
      startedAt,
      earlier: run.earlier,
      mayRunTwice: definition.mayRunTwice,
      losses: run.losses,
    },
    now,
    Math.random(),
  );
}

/** "exit 2: pg_dump: error: connection refused": what ended it, and the line of its log that most likely says why. */
function causeOf(
  { outcome, cause }: Verdict,
  { causeLine }: LogSummary,
  decision: RetryDecision | null,
): string | null {
  if (cause === null) return null;
  if (outcome === 'lost' && decision) return `${cause}${whyNotAgain(decision)}`;
  return outcome === 'failed' && causeLine ? `${cause}: ${causeLine.text}` : cause;
}
