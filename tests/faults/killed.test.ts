import { execFileSync } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { isFinal } from '#core/runs/states.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { processesOfWorker } from '#tests/support/processes.ts';
import { doubleStartsIn, overlapsIn, startRecorder } from '#tests/support/recorder.ts';
import { type LedgerRow, makeRun, readLedger } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { startWorker, type TestWorker } from '#tests/support/worker.ts';
import { folderPrefixOf } from '#worker/kinds/process/attempt-folder.ts';

it('rules 3, 4, 6: workers killed at random points lose no run, start none twice, and none beside another', async () => {
  await using db = await createTestDatabase();
  const recorder = startRecorder();
  for (let jobs = 0; jobs < 4; jobs++) {
    const job = await makeJob(db, {
      overlap: 'queue_all',
      mayRunTwice: true,
      work: { kind: 'script', text: recorder.script(4) },
    });
    for (let runs = 0; runs < 6; runs++)
      await makeRun(db, job, { dueAt: new Date(Date.now() - 60_000 + runs * 1_000) });
  }
  const workers: TestWorker[] = await Promise.all([startWorker(db), startWorker(db)]);
  for (let kills = 0; kills < 8; kills++) {
    // A random point of whatever it is doing: the one wait in these tests that waits for nothing.
    await pause(50 + Math.random() * 500);
    const [victim] = workers.splice(Math.floor(Math.random() * workers.length), 1);
    await victim!.kill();
    workers.push(await startWorker(db));
  }
  const ledger = await until(
    async () => {
      const rows = await readLedger(db);
      return rows.every(({ state }) => isFinal(state)) && rows;
    },
    { timeoutMs: 60_000, what: 'every run to end' },
  );

  expect(ledger).toHaveLength(24);
  const entries = recorder.entries();
  expect(overlapsIn(entries)).toEqual([]);
  expect(doubleStartsIn(entries)).toEqual([]);
  for (const { id, state, attempt, cause } of ledger) {
    // A run that was unlucky three times in a row stays lost, and says so.
    if (state === 'lost') expect(cause).toContain('3rd time in a row');
    else expect({ id, state }).toEqual({ id, state: 'succeeded' });
    const ends = entries.filter(({ run, what }) => run === id && what === 'end');
    if (state === 'succeeded') expect(ends.at(-1)?.attempt).toBe(attempt);
  }
  const attempts = await db.sql<{ outcome: string; count: number }>(
    'SELECT outcome, count(*) FROM attempt GROUP BY outcome ORDER BY outcome',
  );
  expect(attempts.map(({ outcome }) => outcome)).toContain('succeeded');
}, 120_000);

it('rule 4: a run that may not run twice is lost within lease and grace, and its processes with it', async () => {
  await using db = await createTestDatabase();
  const recorder = startRecorder();
  const job = await makeJob(db, {
    mayRunTwice: false,
    work: {
      kind: 'script',
      text: `${recorder.head}; (setsid sh -c 'sleep 99' &); rec start; sleep 99`,
    },
  });
  const id = await makeRun(db, job);
  const victim = await startWorker(db, { PUNCTUAL_WORKER_NAME: 'w-b1' });
  await until(() => recorder.entries().length > 0, { what: 'the run to start' });
  await startWorker(db);
  expect((await processesOfWorker(victim.pid)).length).toBeGreaterThan(1);
  await victim.kill();
  const killedAt = performance.now();
  const lost = await until(() => ended(db, id), { what: 'the run to be lost' });
  // Lease 2 s, a rescue each 0.2 s, and room for a busy machine.
  expect(performance.now() - killedAt).toBeLessThan(4_000);
  expect(lost.state).toBe('lost');
  expect(lost.cause).toMatch(/^worker w-b1 didn’t answer for \d s, and the job may not run twice$/);
  expect(await processesOfWorker(victim.pid)).toEqual([]);
});

it('CONTROL: with its guard killed as well, the orphan goes on beside the next attempt, and the record shows it', async () => {
  await using db = await createTestDatabase();
  const recorder = startRecorder();
  const job = await makeJob(db, {
    mayRunTwice: true,
    work: { kind: 'script', text: recorder.script(100) },
  });
  const id = await makeRun(db, job);
  const victim = await startWorker(db);
  await until(() => recorder.entries().length > 0, { what: 'the run to start' });
  const guard = Number(execFileSync('pgrep', ['-f', `guard-process.ts ${victim.pid}$`]).toString());
  process.kill(victim.pid, 'SIGSTOP');
  process.kill(guard, 'SIGKILL');
  await victim.kill();
  const rescuer = await startWorker(db);
  await until(() => overlapsIn(recorder.entries()).length > 0, {
    what: 'an overlap in the record',
  });
  await db.sql('UPDATE run SET cancel_requested_at = now() WHERE is_live AND id = $1', [id]);
  await rescuer.stop();
  // What the guard would have tidied away.
  await removeAttemptFoldersOf(victim.pid);
});

it('rule 4: a job that kills its worker stops after three losses in a row', async () => {
  await using db = await createTestDatabase();
  const job = await makeJob(db, {
    mayRunTwice: true,
    work: { kind: 'script', text: 'kill -9 $PPID; sleep 5' },
  });
  const id = await makeRun(db, job);
  for (let losses = 1; losses <= 3; losses++) {
    const worker = await startWorker(db);
    await worker.ended;
  }
  await startWorker(db);
  const lost = await until(() => ended(db, id), { what: 'the run to be lost' });
  expect(lost).toMatchObject({ state: 'lost', attempt: 3, losses: 3 });
}, 60_000);

async function ended(db: TestDatabase, id: number): Promise<LedgerRow | false> {
  const [run] = await readLedger(db, [id]);
  return run !== undefined && isFinal(run.state) && run;
}

async function removeAttemptFoldersOf(workerPid: number): Promise<void> {
  const prefix = folderPrefixOf(workerPid);
  for (const name of await readdir(dirname(prefix))) {
    if (name.startsWith(basename(prefix)))
      await rm(join(dirname(prefix), name), { recursive: true });
  }
}
