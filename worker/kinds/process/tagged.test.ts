import { expect, it } from 'vitest';
import type { ProcessEntry } from './snapshot.ts';
import { taggedFamily } from './tagged.ts';

const entry = (pid: number, given: Partial<ProcessEntry> = {}): ProcessEntry => ({
  pid,
  parentPid: 1,
  groupId: pid,
  startTicks: 1,
  isZombie: false,
  tag: null,
  ...given,
});

it('finds what a worker’s attempts started, and nothing of another worker', () => {
  const all = [
    entry(10, { tag: '/tmp/punctual-7-a/result' }),
    entry(11, { groupId: 10, parentPid: 1 }),
    entry(12, { parentPid: 11, groupId: 12 }),
    entry(13, { parentPid: 1, tag: '/tmp/punctual-7-b/result' }),
    entry(20, { tag: '/tmp/punctual-77-a/result' }),
    entry(21, { parentPid: 20 }),
    entry(30),
  ];
  const found = taggedFamily(all, '/tmp/punctual-7-').map(({ pid }) => pid);
  expect(found).toEqual([10, 11, 12, 13]);
});
