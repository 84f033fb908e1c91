import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimingWorker } from '#tests/support/claiming.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { makeRun } from '#tests/support/runs.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('whoever holds the row of a queue in a forgotten transaction holds up that queue and no other', async () => {
  const held = await makeRun(db, await makeJob(db, { queue: 'sync' }));
  const free = await makeRun(db, await makeJob(db));
  const worker = await claimingWorker(db);
  const idsOfLook = async () => (await worker.look()).map(({ id }) => id);
  const holder = await db.pool.connect();
  try {
    await holder.query(`BEGIN; SELECT FROM queue WHERE name = 'sync' FOR UPDATE`);
    // It waits once, for as long as no other claim takes.
    expect(await idsOfLook()).toEqual([]);
    expect(worker.sleepsMs()).toBeLessThanOrEqual(250);
    expect(await idsOfLook()).toEqual([free]);
    const later = await makeRun(db, await makeJob(db));
    expect(await idsOfLook()).toEqual([later]);
    expect(await idsOfLook()).toEqual([]);
    expect(worker.sleepsMs()).toBeLessThanOrEqual(250);
    await holder.query('COMMIT');
  } finally {
    holder.release(true);
  }
  expect(await idsOfLook()).toEqual([held]);
  expect(worker.sleepsMs()).toBeGreaterThan(250);
});
