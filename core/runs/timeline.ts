import type { AttemptRow, RunDetailRow } from './reads-run.sql.ts';
import { type AttemptOutcome, isFinal, type Wait } from './states.ts';

/** A run on its time axis: waits and attempts in order, without holes. Instants are ISO 8601; an open end is null. */
export type Segment = WaitSegment | AttemptSegment;

export type WaitSegment = {
  kind: 'wait';
  from: string;
  to: string | null;
  durationMs: number | null;
  /** `retry`: the rule after that attempt; else what it waited for when it was due; null: not known. */
  waitedFor: Wait | 'retry' | null;
  afterAttempt: number;
  /** The retry rule's words. */
  rule: string | null;
};

export type AttemptSegment = {
  kind: 'attempt';
  number: number;
  from: string;
  to: string | null;
  durationMs: number | null;
  outcome: AttemptOutcome | 'running';
  worker: { id: number; name: string };
  exitCode: number | null;
  signal: string | null;
  httpStatus: number | null;
  cause: string | null;
  /** Number of the log line that the cause was pulled from. */
  causeLine: number | null;
  result: string | null;
};

// Less isn't a wait that anybody needs explained: a punctual start takes a few ms.
const NOTICED_MS = 50;

type TimedRun = Pick<
  RunDetailRow,
  'state' | 'attempt' | 'dueAt' | 'startedAt' | 'workerId' | 'workerName'
>;

export function timelineOf(run: TimedRun, attempts: readonly AttemptRow[]): Segment[] {
  const segments: Segment[] = [];
  for (const attempt of attempts) {
    segments.push(
      ...waits(segments.length > 0 ? before(attempts, attempt) : null, attempt.dueAt, {
        until: attempt.startedAt,
        waitedFor: attempt.waitedFor,
        number: attempt.number,
      }),
      ended(attempt),
    );
  }
  const last = attempts.at(-1) ?? null;
  if (run.state === 'running' && run.startedAt && run.workerId !== null) {
    segments.push(
      ...waits(last, run.dueAt, { until: run.startedAt, waitedFor: null, number: run.attempt }),
      running(run, run.startedAt, run.workerId),
    );
  } else if (!isFinal(run.state)) {
    segments.push(
      ...waits(last, run.dueAt, { until: null, waitedFor: null, number: run.attempt + 1 }),
    );
  }
  return segments;
}

/** How long a run waited in all, of what has ended. */
export function waitedMs(segments: readonly Segment[]): number {
  return segments.reduce(
    (sum, segment) => sum + (segment.kind === 'wait' ? (segment.durationMs ?? 0) : 0),
    0,
  );
}

function before(attempts: readonly AttemptRow[], attempt: AttemptRow): AttemptRow | null {
  return attempts[attempts.indexOf(attempt) - 1] ?? null;
}

/** From the end of the attempt before (or from when the run was due) to the start of this one. */
function waits(
  earlier: AttemptRow | null,
  dueAt: Date,
  next: { until: Date | null; waitedFor: Wait | null; number: number },
): WaitSegment[] {
  const found: WaitSegment[] = [];
  const afterAttempt = next.number - 1;
  if (earlier) {
    const rule = earlier.retryRule;
    found.push(wait(earlier.finishedAt, earliest(dueAt, next.until), 'retry', afterAttempt, rule));
  }
  const wasNoticed = next.until === null || next.until.getTime() - dueAt.getTime() > NOTICED_MS;
  if (wasNoticed || next.waitedFor !== null) {
    found.push(wait(dueAt, next.until, next.waitedFor, afterAttempt, null));
  }
  return found;
}

function earliest(a: Date, b: Date | null): Date {
  return b !== null && b < a ? b : a;
}

function wait(
  from: Date,
  to: Date | null,
  waitedFor: WaitSegment['waitedFor'],
  afterAttempt: number,
  rule: string | null,
): WaitSegment {
  return { kind: 'wait', ...stretch(from, to), waitedFor, afterAttempt, rule };
}

function ended(attempt: AttemptRow): AttemptSegment {
  return {
    kind: 'attempt',
    number: attempt.number,
    ...stretch(attempt.startedAt, attempt.finishedAt),
    outcome: attempt.outcome,
    worker: { id: attempt.workerId, name: attempt.workerName ?? '' },
    exitCode: attempt.exitCode,
    signal: attempt.signal,
    httpStatus: attempt.httpStatus,
    cause: attempt.cause,
    causeLine: attempt.causeLine,
    result: attempt.result,
  };
}

function running(run: TimedRun, startedAt: Date, workerId: number): AttemptSegment {
  return {
    kind: 'attempt',
    number: run.attempt,
    ...stretch(startedAt, null),
    outcome: 'running',
    worker: { id: workerId, name: run.workerName ?? '' },
    exitCode: null,
    signal: null,
    httpStatus: null,
    cause: null,
    causeLine: null,
    result: null,
  };
}

function stretch(from: Date, to: Date | null) {
  return {
    from: from.toISOString(),
    to: to?.toISOString() ?? null,
    durationMs: to === null ? null : Math.max(0, to.getTime() - from.getTime()),
  };
}
