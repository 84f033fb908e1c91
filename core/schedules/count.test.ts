import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countFires, fires } from './fixtures/of-schedule.ts';
import { lineArbitrary, zoneArbitrary } from './fixtures/walk.ts';
import type { Schedule } from './schedule.ts';

const HOUR_MS = 3_600_000;

test('the count is the number of fires, for any lines, zone and stretch', () => {
  fc.assert(
    fc.property(
      fc.array(lineArbitrary, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      zoneArbitrary,
      fc.integer({ min: 0, max: 400 * HOUR_MS }),
      fc.integer({ min: 0, max: 60 * HOUR_MS }),
      (lines, withSeconds, { timeZone, nearMs }, before, lasting) => {
        const texts = lines.map(({ text }) => (withSeconds ? `*/20 ${text}` : text));
        const schedule: Schedule = { type: 'cron', lines: texts, timeZone };
        const after = new Date(nearMs - 30 * HOUR_MS - before);
        const until = new Date(nearMs - 30 * HOUR_MS + lasting);
        expect(countFires(schedule, after, until)).toBe(
          [...fires(schedule, { after, until })].length,
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('the counts of parts add up to the count of the whole', () => {
  fc.assert(
    fc.property(
      fc.array(lineArbitrary, { minLength: 1, maxLength: 3 }),
      zoneArbitrary,
      fc.array(fc.integer({ min: 0, max: 3 * 365 * 24 * HOUR_MS }), { minLength: 3, maxLength: 6 }),
      (lines, { timeZone, nearMs }, offsets) => {
        const schedule: Schedule = { type: 'cron', lines: lines.map(({ text }) => text), timeZone };
        const cuts = offsets.toSorted((a, b) => a - b).map((offset) => new Date(nearMs + offset));
        const parts = cuts
          .slice(1)
          .map((cut, index) => countFires(schedule, cuts[index] ?? cut, cut));
        const whole = countFires(schedule, cuts[0] ?? new Date(0), cuts.at(-1) ?? new Date(0));
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(whole);
      },
    ),
    { numRuns: 200 },
  );
});

test('a line that fires every second is counted over ten years within a blink', () => {
  const schedule: Schedule = { type: 'cron', lines: ['* * * * * *'], timeZone: 'Europe/Berlin' };
  const from = new Date('2016-01-01T00:00:00Z');
  const to = new Date('2026-01-01T00:00:00Z');
  const began = performance.now();
  expect(countFires(schedule, from, to)).toBe((to.getTime() - from.getTime()) / 1_000);
  expect(performance.now() - began).toBeLessThan(2_000);
});

test('an interval is counted by its anchor', () => {
  const schedule: Schedule = {
    type: 'interval',
    everyMs: 1_500,
    anchor: '2026-01-01T00:00:00Z',
    timeZone: 'UTC',
  };
  const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms);
  expect(countFires(schedule, at(-3_000), at(3_000))).toBe(4);
  expect(countFires(schedule, at(0), at(1_499))).toBe(0);
  expect(countFires(schedule, at(5), at(0))).toBe(0);
});
