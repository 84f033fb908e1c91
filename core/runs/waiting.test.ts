import { expect, test } from 'vitest';
import { type WaitingFacts, whyWaiting } from './waiting.ts';

const now = new Date('2026-03-23T02:40:00Z');
const free: WaitingFacts = {
  now,
  dueAt: now,
  attempt: 0,
  isHeld: false,
  overlap: 'skip',
  maxParallel: null,
  queue: 'reports',
  kind: 'script',
  runsOn: {},
  isEverythingPaused: false,
  queueMaxRunning: 3,
  queueRunning: 0,
  jobRunning: 0,
  jobRunBefore: null,
  workersThatFit: 2,
  drainingWorkersThatFit: 0,
  freeSlots: 5,
  workersAlive: 2,
};
const later = new Date(now.getTime() + 30_000);

test.each<[string, Partial<WaitingFacts>]>([
  ['about_to_start', {}],
  ['not_due', { dueAt: later }],
  ['retry', { dueAt: later, attempt: 1 }],
  ['everything_paused', { isEverythingPaused: true, isHeld: true }],
  ['job_paused', { isHeld: true, workersAlive: 0 }],
  ['no_worker', { workersAlive: 0, workersThatFit: 0 }],
  ['no_worker_fits', { workersThatFit: 0, runsOn: { zone: 'b' } }],
  ['overlap', { jobRunBefore: 7, queueRunning: 3 }],
  ['queue_full', { queueRunning: 3, freeSlots: 0 }],
  ['no_free_slot', { freeSlots: 0 }],
  ['max_parallel', { overlap: 'allow', maxParallel: 2, jobRunning: 2, jobRunBefore: 7 }],
  ['about_to_start', { overlap: 'allow', maxParallel: 2, jobRunning: 1, jobRunBefore: 7 }],
])('%s: the first thing that has to change', (reason, change) => {
  expect(whyWaiting({ ...free, ...change }).reason).toBe(reason);
});
