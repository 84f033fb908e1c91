import { expect, test } from 'vitest';
import { bucketOf, lagOfBucket, lagsOf } from './lag.ts';

test('a lag comes back from its bucket within 10 %', () => {
  for (let ms = 1; ms < 4_000_000_000; ms *= 1.07) {
    expect(Math.abs(lagOfBucket(bucketOf(ms)) / ms - 1)).toBeLessThan(0.1);
  }
  expect(lagOfBucket(bucketOf(0.4))).toBe(0);
  expect(bucketOf(1e15)).toBe(130);
});

test('buckets grow with the lag, none is left out', () => {
  expect([0, 0.9, 1, 1.18, 1.2, 2].map(bucketOf)).toEqual([0, 0, 1, 1, 2, 5]);
});

test('the 99th of a hundred counts, and what had to wait only with all', () => {
  const counts = [
    { waited: false, bucket: bucketOf(5), starts: 98 },
    { waited: false, bucket: bucketOf(900), starts: 2 },
    { waited: true, bucket: bucketOf(60_000), starts: 50 },
  ];
  const { own, all } = lagsOf(counts);
  expect(own).toMatchObject({ starts: 100 });
  expect(own!.p50Ms).toBeCloseTo(5, 0);
  expect(own!.p99Ms).toBe(lagOfBucket(bucketOf(900)));
  expect(all).toMatchObject({ starts: 150, p99Ms: lagOfBucket(bucketOf(60_000)) });
  expect(lagsOf([])).toEqual({ own: null, all: null });
});
