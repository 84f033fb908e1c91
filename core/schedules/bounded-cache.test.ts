import { expect, test } from 'vitest';
import { BoundedCache } from './bounded-cache.ts';

test('what was asked for longest ago goes first, and is made again when it comes back', () => {
  const made: string[] = [];
  const cache = new BoundedCache<string, string>(2, (key) => {
    made.push(key);
    return key.toUpperCase();
  });
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) expect(cache.get(key)).toBe(key.toUpperCase());
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

test('nothing is kept of what could not be made', () => {
  let calls = 0;
  const cache = new BoundedCache<string, string>(2, () => {
    calls++;
    throw new Error('not now');
  });
  expect(() => cache.get('a')).toThrow('not now');
  expect(() => cache.get('a')).toThrow('not now');
  expect(calls).toBe(2);
});
