import pino from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import { sqlOf } from '#core/db.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import type { ClaimedRun } from '#core/runs/claimed.sql.ts';
import { finishAttemptsIfStillOwned } from '#core/runs/finish.sql.ts';
import { giveBackUnstartedRuns } from '#core/runs/strays.sql.ts';
import { endWorker } from '#core/workers/lease.sql.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { claimFor, emptyLedger, makeRun, makeWorker, readLedger } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { createDefinitions } from '#worker/definitions.ts';
import { createRescuer } from '#worker/rescuer.ts';

const web = webDatabase();
const db = () => web.db();
let workerId: number;

beforeEach(async () => {
  await emptyLedger(db());
  await db().sql('UPDATE queue SET max_running = 10');
  workerId = await makeWorker(db());
});

const edit = async ({ id, definition }: TestJob, change: Partial<JobDefinitionInput>) =>
  valueOf(
    await editJob(admin, {
      jobId: id,
      basedOnRevision: 1,
      definition: { ...definition, ...change },
    }),
  );
const remove = async (job: TestJob) =>
  valueOf(await deleteJob(admin, { jobId: job.id, confirmKey: job.key }));
const rowOf = async (id: number) => (await readLedger(db(), [id]))[0]!;
const queueOf = async (id: number) =>
  (await db().sql<{ queue: string }>('SELECT queue FROM run WHERE id = $1', [id]))[0]?.queue;

async function runningRun(job: TestJob): Promise<ClaimedRun> {
  await makeRun(db(), job);
  const [run] = await claimFor(db(), workerId, 1);
  return run!;
}

/** The attempt failed, and the rule says again at once. */
const failAndRetry = (run: ClaimedRun, sql = db().sql) =>
  finishAttemptsIfStillOwned(sql, [
    {
      runId: run.id,
      scheduledFor: run.scheduledFor,
      workerId: run.workerId,
      attempt: run.attempt,
      outcome: 'failed',
      dueAt: run.dueAt,
      startedAt: run.startedAt,
      elapsedMs: 20,
      waitedFor: null,
      exitCode: 1,
      signal: null,
      httpStatus: null,
      cause: 'exit code 1',
      causeLine: null,
      result: null,
      retryAt: new Date(Date.now() - 1),
      retryRule: 'backoff',
      losses: 0,
      logLines: 0,
      logBytes: 0,
    },
  ]);

describe('an edit that moves a job to another queue', () => {
  test('rule 7: moves what waits, so that the limit of the new queue holds', async () => {
    await db().sql(`UPDATE queue SET max_running = 1 WHERE name = 'archive'`);
    const job = await makeJob(db(), { queue: 'reports', overlap: 'allow' });
    const running = await runningRun(job);
    const waiting = await makeRun(db(), job);
    const held = await makeRun(db(), job, { hold: 'paused' });
    const retry = await makeRun(db(), job, { attempt: 1 });
    await edit(job, { queue: 'archive' });
    expect(await queueOf(running.id)).toBe('reports');
    for (const id of [waiting, held, retry]) expect(await queueOf(id)).toBe('archive');
    expect(await claimFor(db(), workerId)).toHaveLength(1);
    expect(await claimFor(db(), workerId)).toHaveLength(0);
  });

  test('also moves a run whose attempt fails afterwards and is tried again', async () => {
    const job = await makeJob(db(), { queue: 'reports' });
    const run = await runningRun(job);
    await edit(job, { queue: 'archive' });
    await failAndRetry(run);
    expect(await rowOf(run.id)).toMatchObject({ state: 'queued' });
    expect(await queueOf(run.id)).toBe('archive');
  });

  test('also moves a run whose attempt fails at the same moment', async () => {
    const job = await makeJob(db(), { queue: 'reports' });
    const run = await runningRun(job);
    await whileEnding(run, () => edit(job, { queue: 'archive' }));
    expect(await queueOf(run.id)).toBe('archive');
  });
});

describe('once a job is deleted no attempt starts', () => {
  const ended = {
    state: 'failed',
    attempt: 1,
    cause: 'exit code 1; its job was deleted, so it isn’t tried again',
  };

  test('a run that was running ends as its attempt did, and says why it isn’t tried again', async () => {
    const job = await makeJob(db());
    const run = await runningRun(job);
    await remove(job);
    expect(await rowOf(run.id)).toMatchObject({ state: 'running', isCancelRequested: false });
    await failAndRetry(run);
    expect(await rowOf(run.id)).toMatchObject(ended);
    expect(await db().sql('SELECT outcome, cause, retry_at FROM attempt')).toEqual([
      { outcome: 'failed', cause: 'exit code 1', retry_at: null },
    ]);
  });

  test('nor when the attempt ends while the job is being deleted', async () => {
    const job = await makeJob(db());
    const run = await runningRun(job);
    const audits = await db().pool.connect();
    await audits.query('BEGIN; LOCK TABLE audit_entry IN ACCESS EXCLUSIVE MODE');
    const removed = remove(job);
    await until(async () => (await lockWaits()) === 1);
    const finished = failAndRetry(run);
    await until(async () => (await lockWaits()) === 2);
    await audits.query('COMMIT');
    audits.release();
    await Promise.all([removed, finished]);
    expect(await rowOf(run.id)).toMatchObject(ended);
  });

  test('nor when the attempt ended just before and wasn’t committed yet', async () => {
    const job = await makeJob(db());
    const run = await runningRun(job);
    await whileEnding(run, () => remove(job));
    expect(await rowOf(run.id)).toMatchObject({
      state: 'cancelled',
      cause: 'Its job was deleted before its next attempt.',
    });
  });

  test('a retry that waits is cancelled', async () => {
    const job = await makeJob(db());
    const run = await runningRun(job);
    await failAndRetry(run);
    await remove(job);
    expect(await rowOf(run.id)).toMatchObject({
      state: 'cancelled',
      cause: 'Its job was deleted before its next attempt.',
    });
    expect(await claimFor(db(), workerId)).toEqual([]);
  });

  test('a run whose worker died stays lost, also where it may run twice', async () => {
    const job = await makeJob(db(), { mayRunTwice: true });
    const run = await runningRun(job);
    await remove(job);
    await endWorker(db().sql, workerId, 'stopped');
    await createRescuer({
      pool: db().pool,
      definitions: createDefinitions({ pool: db().pool }),
      logger: pino({ level: 'silent' }),
      leaseMs: 60_000,
      intervalMs: 1_000,
    }).runOnce();
    const row = await rowOf(run.id);
    expect(row).toMatchObject({ state: 'lost', attempt: 1 });
    expect(row.cause).toMatch(/ended before the run did; its job was deleted, so it isn’t tried/);
  });

  test('a claim that is given back is cancelled', async () => {
    const job = await makeJob(db());
    const run = await runningRun(job);
    await remove(job);
    expect(await giveBackUnstartedRuns(db().sql, workerId, [run])).toEqual([run.id]);
    expect(await rowOf(run.id)).toMatchObject({
      state: 'cancelled',
      attempt: 0,
      cause: 'Its job was deleted.',
    });
  });
});

async function lockWaits(): Promise<number> {
  const rows = await db().sql(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows.length;
}

/** Begins `change` while the end of the attempt is written and not committed yet. */
async function whileEnding(run: ClaimedRun, change: () => Promise<unknown>): Promise<void> {
  const client = await db().pool.connect();
  await client.query('BEGIN');
  await failAndRetry(run, sqlOf(client));
  const changed = change();
  await until(async () => (await lockWaits()) === 1);
  await client.query('COMMIT');
  client.release();
  await changed;
}
