import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RateLog, rateLogOf, roomIn, startAfter, withStarts } from './rate.ts';

const rate = { starts: 3, perMs: 1_000 };

describe('the room in a rate', () => {
  it('is all of it where nothing started lately', () => {
    expect(roomIn(rate, [], 5_000)).toEqual({ starts: 3, nextInMs: 0 });
    expect(roomIn(rate, [[4_000, 3]], 5_000)).toEqual({ starts: 3, nextInMs: 0 });
  });
  it('is what is left, and then nothing until the first have left the stretch', () => {
    const log: RateLog = [
      [4_100, 1],
      [4_500, 2],
    ];
    expect(roomIn(rate, [[4_500, 2]], 5_000)).toEqual({ starts: 1, nextInMs: 0 });
    expect(roomIn(rate, log, 5_000)).toEqual({ starts: 0, nextInMs: 100 });
    expect(roomIn({ starts: 1, perMs: 1_000 }, log, 5_000)).toEqual({ starts: 0, nextInMs: 500 });
  });
  it('tells about when those behind start', () => {
    const log: RateLog = [[4_500, 3]];
    expect([0, 2, 3, 5, 6, 300].map((ahead) => startAfter(rate, log, ahead, 5_000))).toEqual([
      5_500, 5_500, 6_500, 6_500, 7_500, 105_500,
    ]);
    expect(startAfter(rate, [], 2, 5_000)).toBe(5_000);
  });
});

it('never lets more start in any stretch than it says, and keeps a short log', () => {
  const asked = fc.record({ afterMs: fc.nat(400), wanted: fc.nat(6) });
  const rates = fc.record({
    starts: fc.integer({ min: 1, max: 8 }),
    perMs: fc.integer({ min: 1_000, max: 3_000 }),
  });
  fc.assert(
    fc.property(rates, fc.array(asked, { maxLength: 200 }), (own, asks) => {
      let [log, nowMs]: [RateLog, number] = [[], 0];
      const started: number[] = [];
      for (const { afterMs, wanted } of asks) {
        nowMs += afterMs;
        const starts = Math.min(wanted, roomIn(own, log, nowMs).starts);
        log = withStarts(own, log, starts, nowMs);
        for (let n = 0; n < starts; n++) started.push(nowMs);
        expect(log.length).toBeLessThanOrEqual(66);
        expect(roomIn(own, log, nowMs).nextInMs).toBeLessThanOrEqual(own.perMs);
      }
      for (const [n, ms] of started.entries()) {
        const before = started[n - own.starts];
        if (before !== undefined) expect(ms - before).toBeGreaterThanOrEqual(own.perMs);
      }
    }),
  );
});

it('takes what is no log for an empty one', () => {
  expect(rateLogOf('x')).toEqual([]);
  expect(rateLogOf([[1, 2], 'x', [3]])).toEqual([[1, 2]]);
});
