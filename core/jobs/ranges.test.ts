import { expect, test } from 'vitest';
import { rangesRise } from './ranges.ts';

test('a range that falls, which would match nothing, is noticed', () => {
  expect(rangesRise('200-299, 404')).toBe(true);
  expect(rangesRise('7 - 7')).toBe(true);
  expect(rangesRise('404, 299-200')).toBe(false);
});
