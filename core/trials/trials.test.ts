import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOnTrial } from './share.ts';
import { oddsOfSoManyFailures, type Side, verdictOf } from './verdict.ts';

const MINUTE_MS = 60_000;
const now = new Date('2027-03-01T00:00:00Z');
const trial = { untilRuns: 50, untilAt: new Date('2027-03-02T00:00:00Z') };
const side = (runs: number, failed: number, p95Ms: number | null = 1_000): Side => ({
  runs,
  failed,
  p95Ms,
});
const verdict = (tried: Side, base: Side, at = now) =>
  verdictOf(trial, { trial: tried, base }, at)?.reason ?? null;

describe('the share of a trial', () => {
  test('is as close to what was asked for as chance is, for any job and any interval', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.constantFrom(1_000, MINUTE_MS, 60 * MINUTE_MS, 24 * 60 * MINUTE_MS),
        fc.constantFrom(10, 25, 50),
        (jobId, everyMs, share) => {
          const runs = 2_000;
          const picked = Array.from({ length: runs }, (_, n) =>
            isOnTrial(jobId, now.getTime() + n * everyMs, share),
          ).filter(Boolean).length;
          const deviation = Math.sqrt((runs * share * (100 - share)) / 10_000);
          expect(Math.abs(picked - (runs * share) / 100)).toBeLessThan(5 * deviation);
        },
      ),
    );
  });

  test('never changes its mind', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((n) => isOnTrial(7, n * MINUTE_MS, 50))).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => isOnTrial(7, n * MINUTE_MS, 50)),
    );
    expect(isOnTrial(7, 1, 100)).toBe(true);
    expect(isOnTrial(7, 1, 0)).toBe(false);
  });
});

describe('a trial', () => {
  test('waits for its runs, and goes on when they are as good as before', () => {
    expect(verdict(side(49, 0), side(200, 0))).toBeNull();
    expect(verdict(side(50, 0), side(200, 0))).toBe('enough_runs');
    expect(verdict(side(50, 5), side(200, 20))).toBe('enough_runs');
  });

  test('goes back as soon as it fails more often than chance explains', () => {
    expect(verdict(side(3, 3), side(200, 0))).toBe('more_failures');
    expect(verdict(side(2, 2), side(200, 0))).toBeNull();
    expect(verdict(side(10, 3), side(200, 60))).toBeNull();
    // Of an old revision that never ran nobody knows how often it fails.
    expect(verdict(side(3, 3), side(0, 0, null))).toBeNull();
  });

  test('goes back when it is slower by half, and a second at least', () => {
    expect(verdict(side(50, 0, 10_000), side(200, 0, 6_000))).toBe('slower');
    expect(verdict(side(50, 0, 10_000), side(200, 0, 7_000))).toBe('enough_runs');
    expect(verdict(side(50, 0, 300), side(200, 0, 100))).toBe('enough_runs');
    expect(verdict(side(50, 0, 10_000), side(10, 0, 6_000))).toBe('enough_runs');
  });

  test('that hardly ran until its time was over goes back', () => {
    const over = new Date(trial.untilAt.getTime() + 1);
    expect(verdict(side(4, 0), side(200, 0), over)).toBe('too_few_runs');
    expect(verdict(side(5, 0), side(200, 0), over)).toBe('enough_runs');
  });

  test('is held against the binomial distribution', () => {
    // 3 of 10 at one in ten: 1 − P(0) − P(1) − P(2) = 0.0702.
    expect(oddsOfSoManyFailures(side(10, 3), side(8, 0))).toBeCloseTo(0.0702, 4);
    expect(oddsOfSoManyFailures(side(1_000, 1_000), side(998, 0))).toBeCloseTo(0);
    expect(oddsOfSoManyFailures(side(10, 0), side(8, 0))).toBe(1);
  });
});
