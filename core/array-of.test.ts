import { describe, expect, it } from 'vitest';
import { arrayOf } from './array-of.ts';

const of = (elements: readonly (string | number | Date | null)[]) =>
  arrayOf(elements, (element) => element);

describe('a column as an array for Postgres', () => {
  it('is written at once where nothing needs quotes', () => {
    expect(of([1, null, 2.5])).toBe('{1,NULL,2.5}');
    expect(of([null, new Date('2026-11-21T02:30:00.250Z')])).toBe(
      '{NULL,2026-11-21T02:30:00.250Z}',
    );
  });

  it('leaves texts to the driver, which quotes them', () => {
    expect(of([null, 'NULL', 'a"b,{}'])).toEqual([null, 'NULL', 'a"b,{}']);
  });

  it('is empty where there is nothing but nulls: unnest() fills it up beside a longer one', () => {
    expect(of([null, null])).toEqual([]);
    expect(of([])).toEqual([]);
  });
});
