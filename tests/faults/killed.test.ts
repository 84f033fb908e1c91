import { execFileSync } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { isFinal } from '#core/runs/states.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { processesOfWorker } from '#tests/support/processes.ts';
import { overlapsIn, startRecorder } from '#tests/support/recorder.ts';
import { type LedgerRow, makeRun, readLedger } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { startWorker } from '#tests/support/worker.ts';
import { folderPrefixOf } from '#worker/kinds/process/attempt-folder.ts';

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
