import { expect, it } from 'vitest';
import { isFinal } from '#core/runs/states.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { processesOfWorker } from '#tests/support/processes.ts';
import { startProxy } from '#tests/support/proxy.ts';
import { overlapsIn, type Recorder, startRecorder } from '#tests/support/recorder.ts';
import { type LedgerRow, makeRun, readLedger } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { startWorker } from '#tests/support/worker.ts';

const FOR_EVER = 2_000;

/** A run that may run twice: its first attempt takes longer than any test unless told otherwise, later ones are short. */
async function startRun(db: TestDatabase, recorder: Recorder, beats = FOR_EVER): Promise<number> {
  const job = await makeJob(db, {
    mayRunTwice: true,
    work: { kind: 'script', text: recorder.script(beats, 5) },
  });
  return makeRun(db, job);
}

async function ended(db: TestDatabase, id: number): Promise<LedgerRow | false> {
  const [run] = await readLedger(db, [id]);
  return run !== undefined && isFinal(run.state) && run;
}

const attemptsOf = (db: TestDatabase, id: number) =>
  db.sql<{ number: number; outcome: string; workerId: number }>(
    `SELECT number, outcome, worker_id AS "workerId" FROM attempt WHERE run_id = $1 ORDER BY number`,
    [id],
  );

it('rule 5: a worker that is cut off from the database kills its own runs before its lease is over', async () => {
  await using db = await createTestDatabase();
  const recorder = startRecorder();
  const proxy = await startProxy(db);
  const id = await startRun(db, recorder);
  const cutOff = await startWorker(proxy);
  await until(() => recorder.entries().length > 2, { what: 'the run to start' });
  const other = await startWorker(db);

  proxy.set('swallow');
  await until(async () => (await processesOfWorker(cutOff.pid)).length === 0, {
    what: 'its processes to be gone',
  });
  const [worker] = await db.sql<{ leaseHolds: boolean }>(
    `SELECT lease_until > clock_timestamp() AS "leaseHolds" FROM worker WHERE id = $1`,
    [cutOff.workerId],
  );
  expect(worker).toEqual({ leaseHolds: true });
  const run = await until(() => ended(db, id), { what: 'the other worker to end it' });
  expect(run).toMatchObject({ state: 'succeeded', attempt: 2, workerId: other.workerId });
  expect(overlapsIn(recorder.entries())).toEqual([]);

  proxy.set('open');
  proxy.reset();
  const anew = await cutOff.logged(
    ({ msg, former }) => msg === 'worker registered' && former === cutOff.workerId,
  );
  const next = await makeRun(db, await makeJob(db, { runsOn: {} }));
  await other.stop();
  expect(await until(() => ended(db, next))).toMatchObject({ state: 'succeeded' });
  expect((await attemptsOf(db, next))[0]?.workerId).not.toBe(cutOff.workerId);
  expect(anew['workerId']).not.toBe(cutOff.workerId);
});

it('CONTROL: when the lease is taken away before the kill, both attempts run at once, and the record shows it', async () => {
  await using db = await createTestDatabase();
  const recorder = startRecorder();
  const proxy = await startProxy(db);
  await startRun(db, recorder);
  const cutOff = await startWorker(proxy);
  await until(() => recorder.entries().length > 2, { what: 'the run to start' });
  await startWorker(db);
  proxy.set('swallow');
  await db.sql(
    `UPDATE worker SET lease_until = clock_timestamp() - interval '1 ms' WHERE id = $1`,
    [cutOff.workerId],
  );
  await until(() => overlapsIn(recorder.entries()).length > 0, { what: 'an overlap' });
});

it('results that the database can’t take are kept until it can, and recorded once', async () => {
  await using db = await createTestDatabase();
  const recorder = startRecorder();
  const proxy = await startProxy(db);
  const id = await startRun(db, recorder, 6);
  await startWorker(proxy, { PUNCTUAL_LEASE_MS: '30000', PUNCTUAL_SELF_KILL_MS: '25000' });
  await until(() => recorder.entries().length > 0, { what: 'the run to start' });
  proxy.set('swallow');
  await until(() => recorder.entries().some(({ what }) => what === 'end'), { what: 'its end' });
  expect((await readLedger(db, [id]))[0]?.state).toBe('running');
  proxy.set('open');
  proxy.reset();
  const run = await until(() => ended(db, id), { what: 'the result to be recorded' });
  expect(run).toMatchObject({ state: 'succeeded', attempt: 1 });
  expect(await attemptsOf(db, id)).toHaveLength(1);
});

it('rule 4: a claim whose answer is lost is given back, also where the job may not run twice', async () => {
  await using db = await createTestDatabase();
  const proxy = await startProxy(db);
  const worker = await startWorker(proxy, {
    // Little else commits a transaction meanwhile.
    PUNCTUAL_RESCUE_MS: '3600000',
    PUNCTUAL_SELF_KILL_MS: '1900',
  });
  const first = await makeRun(db, await makeJob(db));
  await until(() => ended(db, first), { what: 'the duties’ first passes to be over' });
  const job = await makeJob(db, { mayRunTwice: false });
  let lost = proxy.swallowAnswerToCommit();
  const id = await makeRun(db, job);
  await until(
    async () => {
      await lost;
      const isClaim = () => readLedger(db, [id]).then(([run]) => run?.state === 'running');
      if (await until(isClaim, { timeoutMs: 300 }).catch(() => false)) return true;
      // It was another duty's: the line breaks again at the next.
      lost = proxy.swallowAnswerToCommit();
      proxy.set('open');
      proxy.reset();
      return false;
    },
    { timeoutMs: 30_000, what: 'a claim whose answer is lost' },
  );
  proxy.set('open');
  proxy.reset();
  const run = await until(() => ended(db, id), { what: 'the run to start after all' });
  expect(run).toMatchObject({ state: 'succeeded', attempt: 1, workerId: worker.workerId });
});
