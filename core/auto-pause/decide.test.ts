import { describe, expect, it } from 'vitest';
import type { FinalState } from '../runs/states.ts';
import { AutoPauseRule } from './auto-pause-rule.ts';
import { decideAutoPause, reasonOf } from './decide.ts';

const rule = (given: Partial<AutoPauseRule>) => AutoPauseRule.parse(given);
/** f: failed, t: timed out, l: lost, s: succeeded, c: cancelled, k: skipped; oldest first, a minute apart. */
const STATE: Record<string, FinalState> = {
  f: 'failed',
  t: 'timed_out',
  l: 'lost',
  s: 'succeeded',
  c: 'cancelled',
  k: 'skipped',
};
const MINUTE_MS = 60_000;
const runs = (states: string) =>
  states.split('').map((letter, n) => ({
    runId: n + 1,
    state: STATE[letter]!,
    finishedAtMs: (n + 1) * MINUTE_MS,
  }));
const decide = (own: AutoPauseRule, states: string, afterMs = 0) =>
  decideAutoPause(own, {
    nowMs: states.length * MINUTE_MS + afterMs,
    ended: runs(states),
    errorLines: [],
  });

describe('failures in a row', () => {
  const three = rule({ inRow: 3 });
  it.each([
    ['ff', null],
    ['fff', 3],
    ['ftl', 3],
    ['fsff', null],
    ['sffff', 4],
    ['fcfkf', 3],
    ['', null],
  ])('%s', (states, failed) => {
    expect(decide(three, states)?.rule === 'in_row').toBe(failed !== null);
    if (failed !== null) expect(decide(three, states)).toMatchObject({ failed });
  });
  it('says which', () => {
    const found = decide(three, 'sfff')!;
    expect(found.runIds).toEqual([4, 3, 2]);
    expect(reasonOf(found)).toBe('3 runs in a row went wrong, the last one run 4');
  });
});

describe('a failure rate', () => {
  const half = rule({ rate: { percent: 50, withinMs: 10 * MINUTE_MS, leastRuns: 4 } });
  it.each([
    ['fff', false],
    ['fsfs', true],
    ['fsss', false],
    ['fckfss', true],
    ['ssssssssssffff', false],
    ['ssssssssssfffff', true],
  ])('%s', (states, isPaused) => {
    expect(decide(half, states) !== null).toBe(isPaused);
  });
  it('looks no further back than its window', () => {
    expect(decide(half, 'ffff', 8 * MINUTE_MS)).toBeNull();
  });
  it('says so', () => {
    expect(reasonOf(decide(half, 'fsfs')!)).toBe(
      '2 of 4 runs within 10 min went wrong, the last one run 3',
    );
  });
});

describe('error lines', () => {
  const ten = rule({ errorLines: { lines: 10, withinMs: 5 * MINUTE_MS } });
  const seen = (lines: number[]) =>
    decideAutoPause(ten, {
      nowMs: 10 * MINUTE_MS,
      ended: [],
      errorLines: lines.map((count, n) => ({
        runId: n,
        atMs: 10 * MINUTE_MS - n * 2 * MINUTE_MS,
        lines: count,
      })),
    });
  it('adds up what lies within the window', () => {
    expect(seen([4, 3, 2, 9])).toBeNull();
    const found = seen([4, 3, 3, 9])!;
    expect(found).toMatchObject({ lines: 10, runIds: [2, 1, 0] });
    expect(reasonOf(found)).toBe('10 error lines within 5 min, the last ones in run 2');
  });
});

it('asks for at least one condition', () => {
  expect(AutoPauseRule.safeParse({}).error?.issues[0]?.message).toMatch(/^Say what pauses/);
});
