import { describe, expect, test } from 'vitest';
import type { OutcomeBar } from '#components/bars/bar-layout.ts';
import { layOutChart, quantile } from './job-chart-layout.ts';
import { CHART_ZERO } from './job-chart-measures.ts';

const measures = { width: 1_096, past: 60, ahead: 14, left: 60 };
const minute = (n: number) => new Date(Date.UTC(2027, 2, 23, 0, n)).toISOString();
const bars = (count: number): OutcomeBar[] =>
  Array.from({ length: count }, (_, n) => ({
    runId: n + 1,
    state: 'succeeded',
    durationMs: 1_000 + n,
    failedAttempts: 0,
    at: minute(n),
  }));

describe('a job’s chart', () => {
  test('keeps the line of now where it is, however few ticks there are', () => {
    const [few, many] = [3, 200].map((count) => layOutChart(bars(count), 14, measures));
    expect(few!.nowX).toBe(many!.nowX);
    for (const { full, nowX, step } of [few!, many!]) {
      const last = full.at(-1)!;
      expect(last.x + last.width).toBeLessThanOrEqual(nowX);
      expect(last.x + last.width).toBeGreaterThan(nowX - step);
    }
    expect(many!.full).toHaveLength(60);
    expect(many!.full[0]!.x).toBeGreaterThanOrEqual(measures.left - 1);
  });

  test('outlines the ticks to come between now and the right edge', () => {
    const { aheadX, nowX, barWidth } = layOutChart(bars(10), 30, measures);
    expect(aheadX).toHaveLength(14);
    expect(aheadX[0]).toBeGreaterThan(nowX);
    expect(aheadX.at(-1)! + barWidth).toBeLessThanOrEqual(measures.width);
  });

  test('draws the lines of what is usual only from enough runs that went well', () => {
    expect(layOutChart(bars(4), 0, measures).p50).toBeNull();
    const { p50, p95 } = layOutChart(bars(60), 0, measures);
    expect(p50!.ms).toBe(1_029);
    expect(p95!.ms).toBe(1_056);
    expect(p95!.y).toBeLessThan(p50!.y);
    expect(p50!.y).toBeLessThan(CHART_ZERO);
  });
});

test('a quantile is one of the values', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2);
  expect(quantile([7], 0.95)).toBe(7);
  expect(quantile([], 0.5)).toBe(0);
});
