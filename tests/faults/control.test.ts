import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isFinal } from '#core/runs/states.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob, type TestJobOverrides } from '#tests/support/jobs.ts';
import { processesOfWorker } from '#tests/support/processes.ts';
import { startRecorder } from '#tests/support/recorder.ts';
import { type LedgerRow, makeRun, readLedger } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { startWorker } from '#tests/support/worker.ts';

async function ended(db: TestDatabase, id: number): Promise<LedgerRow | false> {
  const [run] = await readLedger(db, [id]);
  return run !== undefined && isFinal(run.state) && run;
}

const inState = (db: TestDatabase, id: number, state: string) =>
  until(async () => (await readLedger(db, [id]))[0]?.state === state, { what: `state ${state}` });

/** A run whose process ignores TERM and has started grandchildren, one of them in a session of its own. */
async function startStubbornRun(db: TestDatabase, overrides: TestJobOverrides = {}) {
  const recorder = startRecorder();
  const text = `${recorder.head}
trap '' TERM
sh -c "trap '' TERM; sleep 60" &
setsid sh -c "trap '' TERM; sleep 60" &
rec start
sleep 60; sleep 60`;
  const job = await makeJob(db, { work: { kind: 'script', text }, ...overrides });
  const id = await makeRun(db, job);
  return {
    id,
    hasStarted: () => until(() => recorder.entries().length > 0, { what: 'its start' }),
  };
}

const signal = (db: TestDatabase, name: string) =>
  db.sql(`SELECT pg_notify('punctual_work', $1)::text`, [JSON.stringify({ signal: name })]);

describe('cancel', () => {
  it.each([
    ['announced', true],
    ['not announced', false],
  ])(
    'takes effect within a second when it is %s, grandchildren included (rule 9)',
    async (_, tell) => {
      await using db = await createTestDatabase();
      const { id, hasStarted } = await startStubbornRun(db);
      const worker = await startWorker(db, { PUNCTUAL_KILL_GRACE_MS: '100' });
      await hasStarted();
      await db.sql(
        `UPDATE run SET cancel_requested_at = now(), cancelled_by = 'Test' WHERE is_live AND id = $1`,
        [id],
      );
      const askedAt = performance.now();
      if (tell) await signal(db, 'cancel');
      const run = await until(() => ended(db, id), { what: 'the run to end' });
      // Half a second at most until it is noticed, the grace, and room for a busy machine.
      expect(performance.now() - askedAt).toBeLessThan(2_000);
      expect(run).toMatchObject({ state: 'cancelled', cause: 'cancelled by Test' });
      expect(await processesOfWorker(worker.pid)).toEqual([]);
    },
  );
});

describe('timeout', () => {
  it('ends the whole group and is told as such', async () => {
    await using db = await createTestDatabase();
    const { id } = await startStubbornRun(db, { timeoutMs: 1_000 });
    const worker = await startWorker(db, { PUNCTUAL_KILL_GRACE_MS: '100' });
    const run = await until(() => ended(db, id));
    expect(run).toMatchObject({ state: 'timed_out', cause: 'timed out after 1 s' });
    expect(await processesOfWorker(worker.pid)).toEqual([]);
  });
});

describe('drain', () => {
  it('lets runs finish, takes no more, and can be taken back', async () => {
    await using db = await createTestDatabase();
    const recorder = startRecorder();
    const job = await makeJob(db, { work: { kind: 'script', text: recorder.script(10) } });
    const first = await makeRun(db, job);
    const worker = await startWorker(db);
    await inState(db, first, 'running');
    await db.sql(`UPDATE worker SET state = 'draining', drain_requested_by = 'Test'`);
    await signal(db, 'drain');
    await worker.logged(({ msg }) => msg === 'worker drains');
    const second = await makeRun(db, await makeJob(db));
    await signal(db, 'look');
    expect(await until(() => ended(db, first))).toMatchObject({ state: 'succeeded' });
    // The end of the first run is a reason to look: it was looked, and nothing taken.
    expect((await readLedger(db, [second]))[0]?.state).toBe('queued');
    await db.sql(`UPDATE worker SET state = 'active', drain_requested_by = NULL`);
    await signal(db, 'drain');
    expect(await until(() => ended(db, second))).toMatchObject({ state: 'succeeded' });
  });
});

describe('shutdown', () => {
  it('waits for what is running, and ends in order', async () => {
    await using db = await createTestDatabase();
    const recorder = startRecorder();
    const job = await makeJob(db, { work: { kind: 'script', text: recorder.script(10) } });
    const id = await makeRun(db, job);
    const worker = await startWorker(db);
    await until(() => recorder.entries().length > 0, { what: 'the run to start' });
    expect(await worker.stop()).toEqual({ code: 0, signal: null });
    expect((await readLedger(db, [id]))[0]).toMatchObject({ state: 'succeeded' });
    const [row] = await db.sql('SELECT state, ended_at IS NOT NULL AS ended FROM worker');
    expect(row).toEqual({ state: 'stopped', ended: true });
    expect(worker.errors()).toBe('');
  });

  it.each([
    ['gives it back', true, 'queued', ''],
    ['leaves it lost', false, 'lost', ', and the job may not run twice'],
  ])('past the drain time it kills a run and %s (rule 4)', async (_, mayRunTwice, state, why) => {
    await using db = await createTestDatabase();
    const { id, hasStarted } = await startStubbornRun(db, { mayRunTwice });
    const worker = await startWorker(db, {
      PUNCTUAL_DRAIN_MS: '200',
      PUNCTUAL_WORKER_NAME: 'w-b1',
    });
    await hasStarted();
    expect(await worker.stop()).toEqual({ code: 0, signal: null });
    const [run] = await readLedger(db, [id]);
    expect(run).toMatchObject({ state, attempt: 1, losses: 0 });
    expect(run!.cause).toBe(`worker w-b1 was shut down before the run ended${why}`);
    const [attempt] = await db.sql('SELECT number, outcome FROM attempt');
    expect(attempt).toEqual({ number: 1, outcome: 'lost' });
    expect(await processesOfWorker(worker.pid)).toEqual([]);
  });

  it('a second signal doesn’t wait for the drain time', async () => {
    await using db = await createTestDatabase();
    const { hasStarted } = await startStubbornRun(db);
    const worker = await startWorker(db, { PUNCTUAL_DRAIN_MS: '600000' });
    await hasStarted();
    process.kill(worker.pid, 'SIGINT');
    await worker.logged(({ msg }) => msg === 'waiting for runs to finish');
    process.kill(worker.pid, 'SIGINT');
    expect(await worker.ended).toEqual({ code: 0, signal: null });
  });

  it('a worker whose parent was killed ends by itself', async () => {
    await using db = await createTestDatabase();
    const parent = fork(path.join(import.meta.dirname, '../support/parent-of-worker.ts'), {
      env: { ...process.env, DATABASE_URL: db.url },
    });
    const [pid] = (await once(parent, 'message')) as [number];
    parent.kill('SIGKILL');
    await until(
      async () => (await db.sql(`SELECT 1 FROM worker WHERE state = 'stopped'`)).length > 0,
    );
    await until(() => !isAlive(pid), { what: 'the worker to be gone' });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a worker that can’t begin', () => {
  it('waits for the database and goes on when it comes', async () => {
    await using db = await createTestDatabase();
    await db.sql('ALTER TABLE worker RENAME TO worker_not_migrated_yet');
    const ready = startWorker(db);
    await until(
      async () =>
        (await db.sql(`SELECT 1 FROM pg_stat_activity WHERE application_name LIKE '%heartbeat'`))
          .length > 0,
      { what: 'a try' },
    );
    await db.sql('ALTER TABLE worker_not_migrated_yet RENAME TO worker');
    const id = await makeRun(db, await makeJob(db));
    expect((await ready).errors()).toBe('');
    expect(await until(() => ended(db, id))).toMatchObject({ state: 'succeeded' });
  });

  it('says which variables don’t fit together', async () => {
    await using db = await createTestDatabase();
    await expect(startWorker(db, { PUNCTUAL_SELF_KILL_MS: '3000' })).rejects.toThrow(
      /PUNCTUAL_SELF_KILL_MS \(3000\), and that less than PUNCTUAL_LEASE_MS \(2000\)/,
    );
    await expect(startWorker(db, { PUNCTUAL_KINDS: 'script,sqll' })).rejects.toThrow(
      /PUNCTUAL_KINDS names sqll; there are /,
    );
  });
});
