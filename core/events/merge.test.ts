import { expect, test } from 'vitest';
import { PendingChanges } from './merge.ts';

function drain(pending: PendingChanges) {
  const taken = [];
  for (let next = pending.take(); next; next = pending.take()) taken.push(next);
  return taken;
}

test('changes of one topic become one message, in the order in which topics came', () => {
  const pending = new PendingChanges();
  pending.add({ topic: 'run', ids: [1] });
  pending.add({ topic: 'log', ids: [7] });
  pending.add({ topic: 'run', ids: [2, 1] });
  expect(drain(pending)).toEqual([
    { topic: 'run', ids: [1, 2] },
    { topic: 'log', ids: [7] },
  ]);
});

test('“many” swallows ids, and too many ids become “many”', () => {
  const pending = new PendingChanges();
  pending.add({ topic: 'run', ids: [1] });
  pending.add({ topic: 'run', ids: [] });
  pending.add({ topic: 'run', ids: [2] });
  pending.add({ topic: 'log', ids: Array.from({ length: 201 }, (_, id) => id) });
  expect(drain(pending)).toEqual([
    { topic: 'run', ids: [] },
    { topic: 'log', ids: [] },
  ]);
});

test('“everything” swallows the rest until it is sent', () => {
  const pending = new PendingChanges();
  pending.add({ topic: 'run', ids: [1] });
  pending.add({ topic: '*', ids: [] });
  pending.add({ topic: 'log', ids: [1] });
  expect(drain(pending)).toEqual([{ topic: '*', ids: [] }]);
  pending.add({ topic: 'log', ids: [2] });
  expect(drain(pending)).toEqual([{ topic: 'log', ids: [2] }]);
});
