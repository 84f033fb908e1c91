import { afterAll, beforeAll, expect, test } from 'vitest';
import { Clock } from '#core/clock.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { makeRun } from '#tests/support/runs.ts';
import { createDefinitions } from '#worker/definitions.ts';
import { createReaderAhead } from '#worker/reader-ahead.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const inMs = (ms: number) => new Date(Date.now() + ms);

test('the definition of what is due soon is there before its instant, read once', async () => {
  const definitions = createDefinitions({ pool: db.pool });
  const reader = createReaderAhead({
    pool: db.pool,
    clock: new Clock(),
    definitions,
    queues: ['default'],
    intervalMs: 60_000,
  });
  const [soon, later, elsewhere] = [await makeJob(db), await makeJob(db), await makeJob(db)];
  await makeRun(db, soon, { dueAt: inMs(5_000) });
  await makeRun(db, soon, { dueAt: inMs(6_000) });
  await makeRun(db, later, { dueAt: inMs(60_000) });
  await db.sql(
    `INSERT INTO queue (name, description, max_running, max_waiting, default_timeout_ms)
     VALUES ('other', '', 1, 1, 60000)`,
  );
  await makeRun(db, elsewhere, { dueAt: inMs(5_000), queue: 'other' });
  expect(await reader.runOnce()).toEqual({ counts: { revisions: 1 } });

  const noDatabase = () => Promise.reject(new Error('the database was asked'));
  const load = (job: typeof soon) =>
    definitions.load([{ jobId: job.id, revision: job.revision }], noDatabase);
  expect(await load(soon)).toMatchObject([{ ok: true, value: { key: soon.key } }]);
  await expect(load(later)).rejects.toThrow('the database was asked');
  await expect(load(elsewhere)).rejects.toThrow('the database was asked');
  expect(await reader.runOnce()).toEqual({ counts: { revisions: 0 } });
});
