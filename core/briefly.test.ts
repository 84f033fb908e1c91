import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { briefly } from './briefly.ts';

test('who asks at the same time gets the same result, and keys are apart', async () => {
  let made = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const read = briefly(async (key: string) => {
    made += 1;
    await promise;
    return `${key} ${made}`;
  });
  const answers = [read('a'), read('a'), read('b')];
  resolve();
  expect(await Promise.all(answers)).toEqual(['a 2', 'a 2', 'b 2']);
});

test('a failure isn’t kept', async () => {
  let made = 0;
  const read = briefly(async (_key: string) => {
    made += 1;
    if (made === 1) throw new Error('away');
    return made;
  });
  await expect(read('a')).rejects.toThrow('away');
  expect(await read('a')).toBe(2);
});

test('what is old is answered while the next is made, and what is older is waited for', async () => {
  let made = 0;
  const read = briefly(async (_key: string) => {
    const own = (made += 1);
    await pause(30);
    return own;
  });
  expect(await read('a')).toBe(1);
  expect(await read('a')).toBe(1);
  await pause(310);
  expect([await read('a'), made]).toEqual([1, 2]);
  await pause(60);
  expect([await read('a'), made]).toEqual([2, 2]);
  await pause(700);
  expect(await read('a')).toBe(3);
});

test('so many are kept at most, the oldest go first', async () => {
  let made = 0;
  const read = briefly(async (key: string) => `${key}${(made += 1)}`, {
    times: Infinity,
    mostMs: 60_000,
    mostKept: 2,
  });
  const told = [];
  for (const key of ['a', 'b', 'c', 'b', 'a']) told.push(await read(key));
  expect(told).toEqual(['a1', 'b2', 'c3', 'b2', 'a4']);
});
