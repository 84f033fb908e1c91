import { expect, it } from 'vitest';
import { isFinal } from '#core/runs/states.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob, type TestJob, type TestJobOverrides } from '#tests/support/jobs.ts';
import { makeRun, readLedger } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { startWorker } from '#tests/support/worker.ts';

/** Ticks of the hour before, ten minutes apart. */
const HOUR = Math.floor(Date.now() / 3_600_000 - 1) * 3_600_000;
const tick = (number: number) => new Date(HOUR + number * 600_000);

/** A script's parent is the spawner, and its parent the worker. */
const WORKER = `$(cut -d ' ' -f 4 "/proc/$PPID/stat")`;

/** Says what it was given, and leaves its tick and attempt as the state; at the second tick it does `atSecond` as well. */
const makeTeller = (db: TestDatabase, atSecond: string, more: TestJobOverrides) =>
  makeJob(db, {
    work: {
      kind: 'script',
      text: `printf 'from %s, state %s' "$PUNCTUAL_FROM" "$(cat "$PUNCTUAL_STATE")" > "$PUNCTUAL_RESULT"
printf '%s at attempt %s' "$PUNCTUAL_TICK" "$PUNCTUAL_ATTEMPT" > "$PUNCTUAL_STATE"
if [ "$PUNCTUAL_TICK" = ${tick(2).toISOString()} ]; then ${atSecond}; fi
exit 0`,
    },
    ...more,
  });

const runOf = (db: TestDatabase, job: TestJob, number: number) =>
  makeRun(db, job, { trigger: 'tick', scheduledFor: tick(number) });

async function ended(db: TestDatabase, id: number) {
  return until(
    async () => {
      const [row] = await readLedger(db, [id]);
      return row && isFinal(row.state) && row;
    },
    { timeoutMs: 20_000, what: `run ${id} to end` },
  );
}

async function resultOf(db: TestDatabase, id: number): Promise<string | null> {
  const [row] = await db.sql<{ result: string | null }>(
    'SELECT result FROM attempt WHERE run_id = $1 ORDER BY number DESC LIMIT 1',
    [id],
  );
  return row!.result;
}

const statesOf = (db: TestDatabase, job: TestJob) =>
  db.sql<{ version: number; body: string }>(
    'SELECT version, body FROM job_state WHERE job_id = $1 ORDER BY version',
    [job.id],
  );

it('a worker that dies between a success and its record keeps nothing, and the next run covers both stretches', async () => {
  await using db = await createTestDatabase();
  // Killed before it can hear how the script ended.
  const job = await makeTeller(db, `kill -KILL ${WORKER}`, { mayRunTwice: false });
  const first = await startWorker(db);
  expect(await ended(db, await runOf(db, job, 1))).toMatchObject({ state: 'succeeded' });
  const lost = await runOf(db, job, 2);
  await first.ended;
  await startWorker(db);
  expect(await ended(db, lost)).toMatchObject({ state: 'lost' });
  const next = await runOf(db, job, 3);
  expect(await ended(db, next)).toMatchObject({ state: 'succeeded' });
  expect(await resultOf(db, next)).toBe(
    `from ${tick(1).toISOString()}, state ${tick(1).toISOString()} at attempt 1`,
  );
  expect((await statesOf(db, job)).map(({ body }) => body)).toEqual([
    `${tick(1).toISOString()} at attempt 1`,
    `${tick(3).toISOString()} at attempt 1`,
  ]);
}, 60_000);

it('rule 3: what a frozen worker’s run left is not kept when it wakes, however well it ended', async () => {
  await using db = await createTestDatabase();
  // Frozen when the script has done its work; the second attempt, elsewhere, is left alone.
  const job = await makeTeller(db, `[ "$PUNCTUAL_ATTEMPT" = 2 ] || kill -STOP ${WORKER}`, {
    mayRunTwice: true,
  });
  const frozen = await startWorker(db);
  expect(await ended(db, await runOf(db, job, 1))).toMatchObject({ state: 'succeeded' });
  const run = await runOf(db, job, 2);
  await until(async () => (await readLedger(db, [run]))[0]?.state === 'running', {
    what: 'the run to start',
  });
  await startWorker(db);
  expect(await ended(db, run)).toMatchObject({ state: 'succeeded', attempt: 2 });
  frozen.thaw();
  await frozen.logged(({ msg }) => msg === 'own runs ended');
  expect(await resultOf(db, run)).toBe(
    `from ${tick(1).toISOString()}, state ${tick(1).toISOString()} at attempt 1`,
  );
  const next = await runOf(db, job, 3);
  await ended(db, next);
  expect(await resultOf(db, next)).toBe(
    `from ${tick(2).toISOString()}, state ${tick(2).toISOString()} at attempt 2`,
  );
  expect((await statesOf(db, job)).map(({ version }) => version)).toEqual([1, 2, 3]);
}, 60_000);
