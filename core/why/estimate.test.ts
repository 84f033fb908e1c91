import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateStartMs, expectedEndMs } from './estimate.ts';
import type { RunningRun } from './snapshot.ts';

const run = (sinceMs: number, more: Partial<RunningRun> = {}): RunningRun => ({
  isOfOther: false,
  runId: 1,
  jobKey: 'a',
  sinceMs,
  usualMs: 100,
  longMs: 200,
  limitMs: 1_000,
  ...more,
});

describe('the end of a run that goes', () => {
  test.each([
    ['as usual', 50, 100],
    ['longer than usual: by its 95th percentile', 150, 200],
    ['longer than that: by its timeout', 300, 1_000],
    ['past all that is known', 1_000, null],
  ])('%s', (_name, nowMs, end) => {
    expect(expectedEndMs(run(0), nowMs)).toBe(end);
  });
});

describe('the start of a run that waits', () => {
  const estimate = (more: Partial<Parameters<typeof estimateStartMs>[0]>) =>
    estimateStartMs({ nowMs: 10, slots: 2, running: [], aheadUsualMs: [], ...more });

  test('now, where a slot is free', () => {
    expect(estimate({ running: [run(0)] })).toBe(10);
  });
  test('when the first of those that go is over', () => {
    expect(estimate({ running: [run(0), run(5)] })).toBe(100);
  });
  test('after those that come first, a slot each', () => {
    expect(estimate({ running: [run(0), run(5)], aheadUsualMs: [1_000] })).toBe(105);
    expect(estimate({ running: [run(0), run(5)], aheadUsualMs: [3, 1_000] })).toBe(105);
    expect(estimate({ slots: 1, running: [run(0)], aheadUsualMs: [30, 40] })).toBe(170);
  });
  test('what is not known takes as long as the others that wait', () => {
    expect(estimate({ slots: 1, running: [run(0)], aheadUsualMs: [30, null] })).toBe(160);
    expect(estimate({ slots: 1, running: [run(0)], aheadUsualMs: [null] })).toBeNull();
  });
  test('a limit that was lowered under what runs', () => {
    expect(estimate({ slots: 1, running: [run(0), run(50)] })).toBe(150);
  });

  test('is never in the past, and never sooner for a longer line', () => {
    const lengths = fc.array(fc.nat(10_000), { maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), lengths, lengths, (slots, since, ahead) => {
        const nowMs = 10_000;
        const running = since.slice(0, slots).map((sinceMs) => run(sinceMs, { limitMs: 1e6 }));
        const startOf = (aheadUsualMs: number[]) =>
          estimateStartMs({ nowMs, slots, running, aheadUsualMs }) ?? Infinity;
        expect(startOf(ahead)).toBeGreaterThanOrEqual(nowMs);
        expect(startOf([...ahead, 5])).toBeGreaterThanOrEqual(startOf(ahead));
      }),
    );
  });
});
