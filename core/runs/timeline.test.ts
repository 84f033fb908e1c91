import { expect, test } from 'vitest';
import type { AttemptRow } from './reads-run.sql.ts';
import { timelineOf, waitedMs } from './timeline.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 23, 2, 30, 0) + seconds * 1_000);

function attempt(
  number: number,
  due: number,
  start: number,
  end: number,
  more: Partial<AttemptRow> = {},
): AttemptRow {
  return {
    number,
    outcome: 'failed',
    workerId: 1,
    workerName: 'w-a1',
    dueAt: at(due),
    startedAt: at(start),
    finishedAt: at(end),
    waitedFor: null,
    exitCode: 1,
    signal: null,
    httpStatus: null,
    cause: 'exit 1',
    causeLine: null,
    result: null,
    retryAt: null,
    retryRule: null,
    ...more,
  };
}
const run = {
  state: 'failed' as const,
  attempt: 2,
  dueAt: at(0),
  startedAt: at(60),
  workerId: 1,
  workerName: 'w-a1',
};
const kinds = (segments: ReturnType<typeof timelineOf>) =>
  segments.map((segment) =>
    segment.kind === 'wait'
      ? `${segment.waitedFor} ${segment.durationMs}`
      : `${segment.outcome} ${segment.durationMs}`,
  );

test('waits and attempts follow each other, each with its reason', () => {
  const segments = timelineOf(run, [
    attempt(1, 0, 4.2, 36, { waitedFor: 'queue', retryAt: at(66), retryRule: '30 s, fixed' }),
    attempt(2, 66, 70, 100, { waitedFor: 'slot' }),
  ]);
  expect(kinds(segments)).toEqual([
    'queue 4200',
    'failed 31800',
    'retry 30000',
    'slot 4000',
    'failed 30000',
  ]);
  expect(segments[2]).toMatchObject({ rule: '30 s, fixed', afterAttempt: 1 });
  expect(waitedMs(segments)).toBe(38_200);
});

test('a punctual start is no wait', () => {
  expect(kinds(timelineOf(run, [attempt(1, 0, 0.005, 1)]))).toEqual(['failed 995']);
});

test('a running attempt has an open end', () => {
  const running = { ...run, state: 'running' as const, startedAt: at(0.01) };
  expect(kinds(timelineOf(running, []))).toEqual(['running null']);
});

test('a run that waits for its retry shows the rule, then the open wait', () => {
  const queued = {
    ...run,
    state: 'queued' as const,
    attempt: 1,
    dueAt: at(66),
    startedAt: null,
    workerId: null,
  };
  const segments = timelineOf(queued, [
    attempt(1, 0, 0, 36, { retryAt: at(66), retryRule: 'fixed' }),
  ]);
  expect(kinds(segments)).toEqual(['failed 36000', 'retry 30000', 'null null']);
});

test('a skipped run has neither', () => {
  expect(timelineOf({ ...run, state: 'skipped', startedAt: null }, [])).toEqual([]);
});
