import { expect, test } from 'vitest';
import type { Actor } from './auth/permissions.ts';
import { readTogether } from './read-together.ts';

const system: Actor = { kind: 'system', name: 'Test' };

/** A read whose answers come when the test says; each is the number of the read. */
function reads() {
  const going: { answer: () => void; fail: () => void }[] = [];
  const read = () =>
    new Promise<number>((resolve, reject) => {
      const number = going.length + 1;
      going.push({ answer: () => resolve(number), fail: () => reject(new Error(String(number))) });
    });
  return { going, read };
}

test('who asks while a read goes on waits for one that begins afterwards, together with all others', async () => {
  const { going, read } = reads();
  const ask = () => readTogether(system, ['a'], read);
  const first = ask();
  const others = [ask(), ask(), ask()];
  expect(going).toHaveLength(1);
  going[0]!.answer();
  expect(await first).toBe(1);
  expect(going).toHaveLength(2);
  const later = [ask(), ask()];
  going[1]!.answer();
  expect(await Promise.all(others)).toEqual([2, 2, 2]);
  going[2]!.answer();
  expect(await Promise.all(later)).toEqual([3, 3]);
  const alone = ask();
  expect(going).toHaveLength(4);
  going[3]!.answer();
  expect(await alone).toBe(4);
});

test('a read that fails fails for those who waited for it alone', async () => {
  const { going, read } = reads();
  const ask = () => readTogether(system, ['b'], read);
  const first = ask();
  const second = ask();
  going[0]!.fail();
  await expect(first).rejects.toThrow('1');
  going[1]!.answer();
  expect(await second).toBe(2);
});

test('another question, and other rights, are another read', async () => {
  const { going, read } = reads();
  const viewer = (grants: Extract<Actor, { kind: 'user' }>['grants']): Actor => ({
    kind: 'user',
    id: '1',
    name: '',
    email: '',
    address: null,
    grants,
  });
  const all = [
    readTogether(system, ['c', 1], read),
    readTogether(system, ['c', 2], read),
    readTogether(viewer([]), ['c', 1], read),
    readTogether(
      viewer([{ role: 'viewer', label: { name: 'team', value: 'x' } } as never]),
      ['c', 1],
      read,
    ),
  ];
  expect(going).toHaveLength(4);
  for (const { answer } of going) answer();
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
});
