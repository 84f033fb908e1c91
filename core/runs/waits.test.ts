import { expect, it } from 'vitest';
import { waitedFor } from './waits.ts';

const due = Date.parse('2026-03-01T02:30:00Z');
const run = (waitedMs: number, isExclusive = false) => ({
  dueAt: new Date(due),
  startedAt: new Date(due + waitedMs),
  isExclusive,
  isProbe: false,
});
const seen = {
  lookingSinceMs: due - 1e6,
  slotsFullAtMs: -Infinity,
  queueFullAtMs: -Infinity,
  rateReachedAtMs: -Infinity,
};

it.each([
  ['nothing, when it started on time', run(50), { ...seen, queueFullAtMs: due + 10 }, null],
  ['its queue', run(900), { ...seen, queueFullAtMs: due + 10, slotsFullAtMs: due }, 'queue'],
  ['its queue’s rate', run(900), { ...seen, rateReachedAtMs: due + 10 }, 'rate'],
  ['a circuit', { ...run(900), isProbe: true }, seen, 'circuit'],
  ['a slot of the worker', run(900), { ...seen, slotsFullAtMs: due + 10 }, 'slot'],
  ['a worker that began later', run(900), { ...seen, lookingSinceMs: due + 500 }, 'worker'],
  ['the run before it', run(900, true), seen, 'overlap'],
  ['a worker that was away', run(900), { ...seen, queueFullAtMs: due - 10 }, 'worker'],
])('says that a run waited for %s', (_what, given, memory, wait) => {
  expect(waitedFor(given, memory)).toBe(wait);
});
