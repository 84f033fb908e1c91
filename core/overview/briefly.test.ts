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
