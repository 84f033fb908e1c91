import { describe, expect, test } from 'vitest';
import { NotAllowed } from '#core/auth/permissions.ts';
import { createClient, sqlOf, transaction, WORK_CHANNEL } from '#core/db.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { prisma } from '#core/prisma.ts';
import { readWhy } from '#core/why/read-why.ts';
import { cancelRuns } from '#core/runs/cancel-by-hand.ts';
import { retryRuns, runAgain } from '#core/runs/retry-by-hand.ts';
import { triggerJob, triggerJobs } from '#core/runs/trigger.ts';
import { makeJob } from '../support/jobs.ts';
import { insertRun } from '../support/ledger.ts';
import { valueOf } from '../support/outcomes.ts';
import { claimFor, emptyLedger, makeRun, makeWorker } from '../support/runs.ts';
import { until } from '../support/wait.ts';
import { admin, webDatabase, viewer } from '../support/web.ts';

const { db } = webDatabase();
const runRow = (id: number) => prisma().run.findFirstOrThrow({ where: { id } });

const PARAMETERS = [
  { name: 'region', type: 'choice' as const, choices: ['eu', 'us'], default: 'eu' },
  { name: 'limit', type: 'number' as const, default: null },
];

describe('triggering', () => {
  test('makes a run of the current revision with all that claims need, audited, and wakes the workers', async () => {
    const job = await makeJob(db(), {
      queue: 'reports',
      priority: 1,
      overlap: 'allow',
      maxParallel: 3,
      runsOn: { zone: 'a' },
      parameters: PARAMETERS,
    });
    const client = createClient(db().url, 'punctual-test-listen');
    await client.connect();
    const heard: string[] = [];
    client.on('notification', ({ payload }) => heard.push(payload ?? ''));
    await client.query(`LISTEN ${WORK_CHANNEL}`);
    const outcome = await triggerJob(admin, {
      jobId: job.id,
      parameters: { limit: 5 },
      note: ' after the deploy ',
    });
    if (!outcome.ok) throw new Error(outcome.refusal.message);
    expect(await runRow(outcome.value.runId)).toMatchObject({
      isLive: true,
      state: 'queued',
      trigger: 'manual',
      revision: 1,
      queue: 'reports',
      kind: 'script',
      priority: 1,
      overlap: 'allow',
      maxParallel: 3,
      runsOn: { zone: 'a' },
      startBy: null,
      requestedBy: 'Test',
      note: 'after the deploy',
      parameters: { region: 'eu', limit: 5 },
    });
    const entries = await prisma().auditEntry.findMany({
      where: { subject: `run:${outcome.value.runId}` },
    });
    expect(entries).toMatchObject([
      { action: 'job.trigger', actor: 'Test', reason: 'after the deploy' },
    ]);
    await until(() => heard.includes('{"signal":"look"}'));
    await client.end();
  });

  test('tells every parameter that doesn’t fit, at its field, and changes nothing', async () => {
    const job = await makeJob(db(), { parameters: PARAMETERS });
    const parameters = { region: 'mars', other: 1 };
    expect(await triggerJob(admin, { jobId: job.id, parameters })).toMatchObject({
      ok: false,
      refusal: {
        code: 'invalid',
        fields: [
          { path: ['parameters', 'region'] },
          { path: ['parameters', 'limit'] },
          { path: ['parameters', 'other'] },
        ],
      },
    });
    expect(await prisma().run.count({ where: { jobId: job.id } })).toBe(0);
  });

  test('works while the job is paused, and not once it is deleted', async () => {
    const job = await makeJob(db());
    await db().sql(`UPDATE job SET paused_at = now(), paused_by = 'Test' WHERE id = $1`, [job.id]);
    expect(await triggerJob(admin, { jobId: job.id })).toMatchObject({ ok: true });
    await db().sql('UPDATE job SET deleted_at = now() WHERE id = $1', [job.id]);
    expect(await triggerJob(admin, { jobId: job.id })).toMatchObject({
      refusal: { code: 'conflict' },
    });
    expect(await triggerJob(admin, { jobId: 999_999 })).toMatchObject({
      refusal: { code: 'not_found' },
    });
  });

  test('of several jobs starts those that it can, and says why not the others', async () => {
    const fine = await makeJob(db());
    const asks = await makeJob(db(), { parameters: PARAMETERS });
    const outcome = await triggerJobs(admin, { jobIds: [fine.id, asks.id, fine.id] });
    expect(outcome).toMatchObject({
      value: {
        runIds: [expect.any(Number)],
        refused: [{ id: asks.id, message: expect.stringContaining('limit') }],
      },
    });
  });
});

describe('cancelling', () => {
  test('ends a waiting run at once, and asks the worker of a running one', async () => {
    const job = await makeJob(db(), { overlap: 'allow' });
    const waiting = await insertRun(db().sql, { jobId: job.id, state: 'queued' });
    const running = await insertRun(db().sql, {
      jobId: job.id,
      state: 'running',
      trigger: 'manual',
    });
    const finished = await insertRun(db().sql, { jobId: job.id, at: Date.now() - 60_000 });
    expect(await cancelRuns(admin, { runIds: [waiting, running, finished] })).toEqual({
      ok: true,
      value: { cancelled: [waiting], requested: [running], finished: 1 },
    });
    expect(await runRow(waiting)).toMatchObject({
      isLive: false,
      state: 'cancelled',
      cancelledBy: 'Test',
      cause: 'cancelled by Test before it started',
    });
    expect(await runRow(running)).toMatchObject({
      isLive: true,
      state: 'running',
      cancelledBy: 'Test',
    });
    expect((await runRow(running)).cancelRequestedAt).not.toBeNull();
    expect(await runRow(finished)).toMatchObject({ state: 'succeeded', cancelledBy: null });
    expect(await cancelRuns(admin, { runIds: [finished] })).toMatchObject({
      refusal: { code: 'conflict' },
    });
  });

  test('a run that is claimed at the same moment is cancelled one way or the other', async () => {
    const job = await makeJob(db(), { overlap: 'allow' });
    for (let round = 0; round < 10; round++) {
      const id = await insertRun(db().sql, { jobId: job.id, state: 'queued', trigger: 'manual' });
      const claim = transaction(db().pool, async (sql) => {
        const [row] = await sql<{ id: number }>(
          `SELECT id FROM run WHERE is_live AND id = $1 AND state = 'queued' FOR UPDATE SKIP LOCKED`,
          [id],
        );
        if (!row) return;
        await sql(
          `UPDATE run SET state = 'running', attempt = 1, worker_id = 1, started_at = now()
            WHERE is_live AND id = $1`,
          [id],
        );
      });
      const [outcome] = await Promise.all([cancelRuns(admin, { runIds: [id] }), claim]);
      expect(outcome.ok).toBe(true);
      const run = await runRow(id);
      expect(run.state === 'cancelled' || run.cancelRequestedAt !== null).toBe(true);
      await db().sql(
        `UPDATE run SET is_live = false, state = 'cancelled', finished_at = now() WHERE is_live AND id = $1`,
        [id],
      );
    }
  });

  test('a run that ends while the request waits for it keeps its end', async () => {
    const job = await makeJob(db());
    const id = await insertRun(db().sql, { jobId: job.id, state: 'running', trigger: 'manual' });
    const client = createClient(db().url, 'punctual-test-finisher');
    await client.connect();
    const sql = sqlOf(client);
    await client.query('BEGIN');
    await sql(
      `UPDATE run SET is_live = false, state = 'succeeded', finished_at = now() WHERE is_live AND id = $1`,
      [id],
    );
    const cancelling = cancelRuns(admin, { runIds: [id] });
    await until(async () => {
      const [row] = await db().sql<{ waiting: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()) AS waiting`,
      );
      return row!.waiting;
    });
    await client.query('COMMIT');
    await client.end();
    // The row moved to another partition meanwhile, which Postgres reports as 40001: the transaction is tried again.
    expect(await cancelling).toMatchObject({ refusal: { code: 'conflict' } });
    expect(await runRow(id)).toMatchObject({ state: 'succeeded', cancelRequestedAt: null });
  });
});

describe('retrying', () => {
  test('makes a new run that names the old one and stands for its tick, with its parameters', async () => {
    const job = await makeJob(db(), { parameters: PARAMETERS });
    const at = Date.now() - 3_600_000;
    const parameters = { region: 'us', limit: 3 };
    const failed = await insertRun(db().sql, { jobId: job.id, state: 'failed', at, parameters });
    const outcome = await retryRuns(admin, { runIds: [failed] });
    if (!outcome.ok) throw new Error(outcome.refusal.message);
    const retry = await runRow(outcome.value.runIds[0]!);
    expect(retry).toMatchObject({ trigger: 'retry', retryOf: BigInt(failed), parameters });
    expect(retry.forTick).toEqual(new Date(at));
    await db().sql(
      `UPDATE run SET is_live = false, state = 'failed', finished_at = now() WHERE is_live AND id = $1`,
      [Number(retry.id)],
    );
    const again = await runAgain(admin, {
      runId: Number(retry.id),
      parameters: { region: 'eu', limit: 1 },
    });
    if (!again.ok) throw new Error(again.refusal.message);
    const third = await runRow(again.value.runId);
    expect(third).toMatchObject({ retryOf: retry.id, parameters: { region: 'eu', limit: 1 } });
    expect(third.forTick).toEqual(new Date(at));
  });

  test('says how many couldn’t be tried again, and why', async () => {
    const job = await makeJob(db());
    const failed = await insertRun(db().sql, { jobId: job.id, state: 'failed' });
    const live = await insertRun(db().sql, { jobId: job.id, state: 'queued', trigger: 'manual' });
    const changed = await makeJob(db(), { parameters: PARAMETERS });
    const unfit = await insertRun(db().sql, { jobId: changed.id, state: 'failed' });
    const outcome = await retryRuns(admin, { runIds: [failed, live, unfit, 99_999_999] });
    expect(outcome).toMatchObject({
      value: {
        runIds: [expect.any(Number)],
        refused: [{ id: live }, { id: unfit }, { id: 99_999_999 }],
      },
    });
  });
});

test('a viewer can neither trigger nor cancel nor retry', async () => {
  await expect(triggerJob(viewer, { jobId: 1 })).rejects.toThrow(NotAllowed);
  await expect(triggerJobs(viewer, { jobIds: [1] })).rejects.toThrow(NotAllowed);
  await expect(cancelRuns(viewer, { runIds: [1] })).rejects.toThrow(NotAllowed);
  await expect(retryRuns(viewer, { runIds: [1] })).rejects.toThrow(NotAllowed);
  await expect(runAgain(viewer, { runId: 1, parameters: {} })).rejects.toThrow(NotAllowed);
});

describe('a run by hand while', () => {
  const claimable = async () => {
    const workerId = await makeWorker(db());
    return (await claimFor(db(), workerId)).map(({ id }) => id);
  };

  test('its job is paused starts at once; the pause holds ticks alone', async () => {
    await emptyLedger(db());
    const job = await makeJob(db(), { overlap: 'allow' });
    const tick = await makeRun(db(), job, { trigger: 'tick' });
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    const { runId, waitsForResume } = valueOf(await triggerJob(admin, { jobId: job.id }));
    expect(waitsForResume).toBe(false);
    expect(await claimable()).toEqual([runId]);
    valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
    expect(await claimable()).toEqual([tick]);
  });

  test('everything is paused waits, as whoever asks is told, and starts when that is over', async () => {
    await emptyLedger(db());
    const job = await makeJob(db(), { overlap: 'allow' });
    const ended = await insertRun(db().sql, { jobId: job.id, state: 'failed' });
    valueOf(await pauseEverything(admin, { reason: 'moving house' }));
    const one = valueOf(await triggerJob(admin, { jobId: job.id }));
    const several = valueOf(await triggerJobs(admin, { jobIds: [job.id] }));
    const again = valueOf(await retryRuns(admin, { runIds: [ended] }));
    expect([one, several, again].every(({ waitsForResume }) => waitsForResume)).toBe(true);
    expect(await claimable()).toEqual([]);
    const why = valueOf(await readWhy(admin, { runId: one.runId }));
    expect(why.causes[0].key).toBe('everything_paused');
    valueOf(await resumeEverything(admin));
    expect(await claimable()).toEqual([one.runId, ...several.runIds, ...again.runIds]);
  });
});

test('runs are numbered one after the other, whichever connection makes them', async () => {
  const job = await makeJob(db(), { overlap: 'allow' });
  const ids: number[] = [];
  for (const client of [await db().pool.connect(), await db().pool.connect()]) {
    ids.push(await makeRun({ sql: sqlOf(client) }, job));
    client.release(true);
  }
  expect(ids[1]).toBe(ids[0]! + 1);
});
