import { expect, test } from 'vitest';
import { chooseBuckets } from './buckets.ts';

const at = (text: string) => Date.parse(text);

test('a month is told in buckets of half a day, a day in half hours', () => {
  expect(chooseBuckets(at('2026-02-22T00:00Z'), at('2026-03-23T00:00Z'), 60, 0)).toEqual({
    fromMs: at('2026-02-22T00:00Z'),
    bucketMs: 12 * 3_600_000,
    count: 58,
  });
  expect(chooseBuckets(at('2026-03-22T02:40Z'), at('2026-03-23T02:40Z'), 60, 0)).toMatchObject({
    fromMs: at('2026-03-22T02:30Z'),
    bucketMs: 30 * 60_000,
    count: 49,
  });
});

test('days begin where the reader’s do', () => {
  const { fromMs } = chooseBuckets(at('2026-01-01T12:00Z'), at('2026-03-01T12:00Z'), 60, 60);
  expect(fromMs).toBe(at('2025-12-31T23:00Z'));
});

test('any range is covered, by not many more buckets than asked for', () => {
  for (let power = 0; power < 13; power += 0.37) {
    const toMs = 1_000_000 + Math.ceil(10 ** power);
    const { fromMs, bucketMs, count } = chooseBuckets(1_000_000, toMs, 60, 330);
    expect(fromMs).toBeLessThanOrEqual(1_000_000);
    expect(fromMs + count * bucketMs).toBeGreaterThanOrEqual(toMs);
    expect(count).toBeLessThanOrEqual(61);
  }
});
