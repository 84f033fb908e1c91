import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { endedAttempt } from '#tests/support/attempts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { silent } from '#tests/support/planning.ts';
import { claimFor, emptyLedger, makeRun, makeWorker } from '#tests/support/runs.ts';
import { createFinisher } from '#worker/finisher.ts';

let db: TestDatabase;
let workerId: number;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await emptyLedger(db);
  workerId = await makeWorker(db);
});

/** After its first end was recorded, so that it may rest; and three more that wait to be added. */
async function finisherAtWork(isCrowded: boolean, pool = db.pool) {
  const finisher = createFinisher({
    pool,
    logger: silent,
    isCrowded: () => isCrowded,
    onRecorded: () => {},
  });
  const job = await makeJob(db, { overlap: 'allow' });
  for (let runs = 0; runs < 4; runs++) await makeRun(db, job);
  const [first, ...others] = await claimFor(db, workerId, 4);
  finisher.add(endedAttempt(first!));
  await finisher.runOnce();
  return { finisher, ends: others.map((run) => endedAttempt(run)) };
}

test.each([
  { slots: 'where few slots are free', isCrowded: true, recorded: 2 },
  { slots: 'where many slots are free', isCrowded: false, recorded: 1 },
])('$slots an end a moment after another goes with $recorded', async ({ isCrowded, recorded }) => {
  const { finisher, ends } = await finisherAtWork(isCrowded);
  finisher.add(ends[0]!);
  const flush = finisher.runOnce();
  finisher.add(ends[1]!);
  expect((await flush).counts).toMatchObject({ recorded });
});

test('an end that the next tick of its job may wait for goes at once', async () => {
  const { finisher, ends } = await finisherAtWork(true);
  finisher.add(ends[0]!);
  const flush = finisher.runOnce();
  finisher.add(ends[1]!, true);
  const atMs = performance.now();
  expect((await flush).counts).toMatchObject({ recorded: 2 });
  finisher.add(ends[2]!, true);
  expect((await finisher.runOnce()).counts).toMatchObject({ recorded: 1 });
  expect(performance.now() - atMs).toBeLessThan(1_000);
});

test('also one that comes while the one before it is written', async () => {
  const { finisher, ends } = await finisherAtWork(true);
  finisher.add(ends[0]!, true);
  const flush = finisher.runOnce();
  finisher.add(ends[1]!, true);
  await flush;
  const next = finisher.runOnce();
  // After a rest they would go together.
  finisher.add(ends[2]!);
  expect((await next).counts).toMatchObject({ recorded: 1 });
});

test('a row that somebody holds keeps its own end waiting, and no other', async () => {
  const pool = new pg.Pool({ connectionString: db.url, statement_timeout: 700 });
  const { finisher, ends } = await finisherAtWork(false, pool);
  const holder = await db.pool.connect();
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT FROM run_live WHERE id = $1 FOR UPDATE', [ends[0]!.runId]);
    finisher.add(ends[0]!);
    finisher.add(ends[1]!);
    expect(await finisher.runOnce()).toEqual({
      counts: { recorded: 1, lost: 0 },
      nextInMs: expect.any(Number),
    });
    expect(finisher.waiting).toBe(1);
    finisher.add(ends[2]!);
    // Also what comes later: the one that waits is left aside for a second.
    const pass = await finisher.runOnce();
    expect(pass).toMatchObject({ counts: { recorded: 1, lost: 0 }, nextInMs: expect.any(Number) });
    await holder.query('ROLLBACK');
    await pause(pass.nextInMs);
    expect((await finisher.runOnce()).counts).toEqual({ recorded: 1, lost: 0 });
    expect(finisher.waiting).toBe(0);
    expect(await db.sql('SELECT FROM run_live')).toEqual([]);
  } finally {
    holder.release(true);
    await pool.end();
  }
});

test('what is forgotten while it rests isn’t recorded', async () => {
  const { finisher, ends } = await finisherAtWork(true);
  finisher.add(ends[0]!);
  const flush = finisher.runOnce();
  finisher.forget(workerId);
  expect((await flush).counts).toEqual({});
  expect(finisher.waiting).toBe(0);
});
