import { expect, test } from 'vitest';
import { chartMarks, CHART_ZERO, layoutRunChart, stretchOf, timeOf } from './run-chart-layout.ts';

const HOUR_MS = 3_600_000;
const buckets = Array.from({ length: 4 }, (_, n) => ({
  at: new Date(Date.UTC(2027, 2, 23) + n * HOUR_MS).toISOString(),
  counts: {},
}));
const at = (hour: number, minute = 0) =>
  new Date(Date.UTC(2027, 2, 23, hour, minute)).toISOString();

test('one failure among thousands is still seen, at the zero line', () => {
  const { bars } = layoutRunChart([{ counts: { succeeded: 5_000, failed: 1 } }], 100);
  const [failed] = bars[0]!.parts;
  expect(failed).toMatchObject({ tone: 'fail', height: 2, y: CHART_ZERO - 2 });
});

test('the highest bar fills the chart and an empty bucket has no parts', () => {
  const { bars } = layoutRunChart([{ counts: { failed: 10 } }, { counts: {} }], 100);
  expect(bars[0]!.parts[0]!.y).toBe(4);
  expect(bars[1]!.parts).toEqual([]);
});

test('a choice of time is the buckets that it touches, and back', () => {
  expect(stretchOf(buckets, null, null)).toEqual({ start: 0, end: 4 });
  expect(stretchOf(buckets, at(1), at(3))).toEqual({ start: 1, end: 3 });
  expect(stretchOf(buckets, at(1, 30), null)).toEqual({ start: 1, end: 4 });
  expect(stretchOf(buckets, '2027-03-23T02:00:00+01:00', null)).toEqual({ start: 1, end: 4 });
  expect(timeOf(buckets, { start: 1, end: 3 })).toEqual({ from: at(1), to: at(3) });
  expect(timeOf(buckets, { start: 0, end: 4 })).toEqual({ from: null, to: null });
  expect(timeOf(buckets, { start: 2, end: 4 })).toEqual({ from: at(2), to: null });
});

test('a choice outside of the chart leaves one bucket', () => {
  expect(stretchOf(buckets, at(9), at(10))).toEqual({ start: 3, end: 4 });
  expect(stretchOf(buckets, '2027-03-22T00:00:00Z', '2027-03-22T01:00:00Z')).toEqual({
    start: 0,
    end: 1,
  });
});

test('marks stand at round hours of the reader’s zone', () => {
  const marks = chartMarks(
    { from: '2027-03-22T18:15:00Z', to: '2027-03-23T18:15:00Z', offsetMinutes: 330 },
    800,
  );
  const local = marks.map(({ atMs }) => new Date(atMs + 330 * 60_000).toISOString().slice(11, 16));
  expect(local).toEqual(['00:00', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00', '21:00']);
  expect(marks.map(({ isDay }) => isDay)).toEqual([true, ...Array<boolean>(7).fill(false)]);
});
