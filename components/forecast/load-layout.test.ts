import { expect, test } from 'vitest';
import type { QueueLoad } from '#core/forecast/forecast.ts';
import { CHART_TOP, CHART_ZERO, layoutLoad, tableRows } from './load-layout.ts';

const queue = (load: number[], slots: number): QueueLoad => ({
  name: 'default',
  maxRunning: slots,
  workerSlots: slots,
  slots,
  starts: load,
  load,
  longLoad: load.map((runs) => runs * 2),
  waitMs: load.map(() => 0),
  longWaitMs: load.map((runs) => runs * 1_000),
  overlapped: load.map(() => 0),
});

test('buckets share a column where there is no room, and the most of them shows', () => {
  const load = Array.from({ length: 288 }, (_, n) => (n === 100 ? 9 : 1));
  const wide = layoutLoad(queue(load, 5), 1_152);
  expect(wide.columns).toHaveLength(288);
  expect(wide.peak).toEqual({ column: 100, bucket: 100 });
  const narrow = layoutLoad(queue(load, 5), 350);
  expect(narrow.columns.length * 3).toBeLessThanOrEqual(350);
  expect(narrow.peak!.bucket).toBe(100);
  expect(narrow.columns[narrow.peak!.column]).toMatchObject({
    load: 9,
    longLoad: 18,
    longWaitMs: 9_000,
  });
  expect(narrow.columns.reduce((sum, { starts }) => sum + starts, 0)).toBe(287 + 9);
});

test('the line of slots stands in the chart unless it is far above all load', () => {
  const near = layoutLoad(queue([1, 2], 10), 100);
  expect(near.showsSlots).toBe(true);
  expect(near.yOf(10)).toBe(CHART_TOP);
  expect(near.yOf(0)).toBe(CHART_ZERO);
  const far = layoutLoad(queue([1, 2], 100), 100);
  expect(far.showsSlots).toBe(false);
  expect(far.yOf(4)).toBe(CHART_TOP);
});

test('a day is told by the hour, and hours without anything are left out', () => {
  const load = Array.from({ length: 288 }, (_, n) => (n >= 24 && n < 36 ? 1 : 0));
  expect(tableRows(queue(load, 5), 300_000)).toMatchObject([{ start: 24, end: 36, starts: 12 }]);
  expect(layoutLoad(queue([0, 0], 5), 100).peak).toBeNull();
});
