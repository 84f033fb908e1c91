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
async function finisherAtWork(isCrowded: boolean) {
  const finisher = createFinisher({
    pool: db.pool,
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

test('what is forgotten while it rests isn’t recorded', async () => {
  const { finisher, ends } = await finisherAtWork(true);
  finisher.add(ends[0]!);
  const flush = finisher.runOnce();
  finisher.forget(workerId);
  expect((await flush).counts).toEqual({});
  expect(finisher.waiting).toBe(0);
});
