import { expect, test } from 'vitest';
import { shareOf, withoutEmptyBegin } from './week.ts';

const day = (ran: number, failed = 0) => ({
  from: '',
  to: '',
  ran,
  failed,
  skipped: 0,
  cancelled: 0,
  isEstimate: false,
  worst: null,
});

test('the days before the first run are left out, an idle day between stays', () => {
  expect(withoutEmptyBegin([day(5), day(0), day(3), day(0), day(0)]).map(({ ran }) => ran)).toEqual(
    [5, 0, 3],
  );
  expect(withoutEmptyBegin([day(0), day(0)])).toEqual([]);
});

test('one failure in a million is never 100 %', () => {
  expect(shareOf(day(1_000_000, 1))).toBe(99.9);
  expect(shareOf(day(10, 0))).toBe(100);
  expect(shareOf(day(0))).toBeNull();
});
