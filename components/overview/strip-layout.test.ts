import { expect, test } from 'vitest';
import type { DayStrip } from '#core/overview/day.ts';
import { badSince, placeOf, placeStrip } from './strip-layout.ts';

const QUARTER_MS = 15 * 60_000;
const currentMs = Date.parse('2027-03-23T02:30:00Z');
const at = (quarters: number) => new Date(currentMs + quarters * QUARTER_MS).toISOString();

const day: DayStrip = {
  now: new Date(currentMs + 10 * 60_000).toISOString(),
  bucketMs: QUARTER_MS,
  past: Array.from({ length: 96 }, (_, n) => ({
    at: at(n - 95),
    counts: n === 95 ? { succeeded: 3, failed: 1 } : { succeeded: 2, skipped: 5 },
    isEstimate: false,
  })),
  next: Array.from({ length: 24 }, (_, n) => ({ at: at(n), ticks: n === 0 ? 1 : 4 })),
  gaps: [
    { jobKey: 'sync', reason: 'paused', from: at(-200), to: null, ticks: 9 },
    { jobKey: 'old', reason: 'paused', from: at(-90), to: at(-80), ticks: 2 },
  ],
  sum: {} as DayStrip['sum'],
};

test('the day and what comes stand side by side, and the bucket of now has both', () => {
  const strip = placeStrip(day, 24, 6);
  expect(strip.slots).toHaveLength(119);
  expect(strip.slots[95]).toMatchObject({ ran: 4, bad: 1, planned: 1 });
  expect(strip.slots[96]).toMatchObject({ ran: 0, planned: 4 });
  expect(strip.most).toBe(5);
  const last = strip.slots.at(-1)!;
  expect(last.x + last.width).toBeCloseTo(100);
});

test('what was skipped is no run', () => {
  expect(placeStrip(day, 24, 6).slots[0]).toMatchObject({ ran: 2, bad: 0 });
});

test('a gap reaches from the left edge to now, and one from before isn’t in a shorter strip', () => {
  const strip = placeStrip(day, 6, 2);
  expect(strip.gaps).toHaveLength(1);
  expect(strip.gaps[0]).toMatchObject({ jobKey: 'sync', from: 0 });
  expect(strip.gaps[0]!.to).toBeCloseTo(placeOf(strip, Date.parse(day.now)));
});

test('bad ends are counted back to an instant', () => {
  const strip = placeStrip(day, 24, 6);
  expect(badSince(strip, currentMs - 3 * 3_600_000)).toBe(1);
  expect(badSince(strip, currentMs + 1)).toBe(0);
});
