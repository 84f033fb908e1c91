import type { Logger } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { claimingWorker } from '#tests/support/claiming.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { emptyLedger, makeRun } from '#tests/support/runs.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(() => emptyLedger(db));

const told = { warn: vi.fn<(about: object) => void>(), info: vi.fn<(about: object) => void>() };
const logger = told as unknown as Logger;

/** While somebody holds that row in a forgotten transaction. */
async function whileHeld(queue: string, work: () => Promise<void>): Promise<void> {
  const holder = await db.pool.connect();
  try {
    await holder.query(`BEGIN; SELECT FROM queue WHERE name = '${queue}' FOR UPDATE`);
    await work();
    await holder.query('COMMIT');
  } finally {
    holder.release(true);
  }
}

test('whoever holds the row of a queue holds up that queue and no other, and the worker says so', async () => {
  const held = await makeRun(db, await makeJob(db, { queue: 'sync' }));
  const free = await makeRun(db, await makeJob(db));
  const worker = await claimingWorker(db, { logger });
  const idsOfLook = async () => (await worker.look()).map(({ id }) => id);
  await whileHeld('sync', async () => {
    expect(await idsOfLook()).toEqual([free]);
    expect(told.warn).toHaveBeenCalledExactlyOnceWith({ queues: ['sync'] }, expect.any(String));
    const beganAtMs = performance.now();
    const later = await makeRun(db, await makeJob(db));
    expect(await idsOfLook()).toEqual([later]);
    expect(await idsOfLook()).toEqual([]);
    expect(await idsOfLook()).toEqual([]);
    // It waited once, for a second, and doesn't at each look.
    expect(performance.now() - beganAtMs).toBeLessThan(2_500);
    expect(worker.sleepsMs()).toBeLessThanOrEqual(250);
    expect(told.warn).toHaveBeenCalledTimes(1);
    expect(told.info).not.toHaveBeenCalled();
  });
  expect(await idsOfLook()).toEqual([held]);
  expect(told.info).toHaveBeenCalledExactlyOnceWith({ queue: 'sync' }, expect.any(String));
  expect(worker.sleepsMs()).toBeGreaterThan(250);
});

test('it looks no more often than usual once another worker has taken what was due there', async () => {
  await makeRun(db, await makeJob(db, { queue: 'sync' }));
  const worker = await claimingWorker(db, { logger });
  await whileHeld('sync', async () => {
    expect(await worker.look()).toEqual([]);
    expect(worker.sleepsMs()).toBeLessThanOrEqual(250);
  });
  expect(await (await claimingWorker(db, { name: 'w-other' })).look()).toHaveLength(1);
  expect(await worker.look()).toEqual([]);
  expect(worker.sleepsMs()).toBeGreaterThan(250);
});
