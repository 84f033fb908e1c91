import { describe, expect, test } from 'vitest';
import type { Actor } from '#core/auth/permissions.ts';
import { readRun } from '#core/runs/read-run.ts';
import { retryRuns } from '#core/runs/retry-by-hand.ts';
import { makeJob } from '../support/jobs.ts';
import { insertRun } from '../support/ledger.ts';
import { insertWorker } from '../support/ledger.ts';
import { admin, webDatabase, viewer } from '../support/web.ts';

const { db } = webDatabase();
const MINUTE_MS = 60_000;

async function detail(id: number, actor: Actor = viewer) {
  const outcome = await readRun(actor, id);
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value;
}

test('says what ran, how often it was tried and how the runs before it went', async () => {
  const job = await makeJob(db(), {
    schedule: {
      type: 'interval',
      everyMs: 60_000,
      anchor: '2026-01-01T00:00:00.000Z',
      timeZone: 'UTC',
    },
  });
  const start = Date.now() - 10 * MINUTE_MS;
  const run = (minute: number, state: 'succeeded' | 'failed' | 'skipped', cause: string | null) =>
    insertRun(db().sql, {
      jobId: job.id,
      state,
      cause,
      at: start + minute * MINUTE_MS,
      attempt: state === 'skipped' ? 0 : 2,
    });
  const good = await run(0, 'succeeded', null);
  await run(1, 'failed', 'exit 2');
  const same = await run(2, 'failed', 'ECONNREFUSED');
  await run(3, 'skipped', 'overlap');
  await run(4, 'failed', 'ECONNREFUSED');
  const id = await run(5, 'failed', 'ECONNREFUSED');
  const next = await run(6, 'succeeded', null);
  await db().sql(
    `INSERT INTO attempt (run_id, scheduled_for, number, outcome, worker_id, due_at, started_at, finished_at, exit_code, cause)
     SELECT id, scheduled_for, n, 'failed', 1, due_at, due_at + n * interval '1 s', due_at + n * interval '1 s', 2, 'exit 2'
       FROM run, generate_series(1, 2) AS n WHERE id = $1 AND is_live = false`,
    [id],
  );
  const found = await detail(id);
  expect(found.run).toMatchObject({
    state: 'failed',
    jobKey: job.key,
    attempts: 2,
    failedAttempts: 2,
  });
  expect(found.definition).toMatchObject({ key: job.key });
  expect(found.timeline.filter(({ kind }) => kind === 'attempt')).toHaveLength(2);
  expect(found.lastGood).toMatchObject({ id: good, parameters: null });
  expect(found.failingStreak).toEqual({
    runs: 3,
    sameCause: 2,
    since: (await detail(same)).run.scheduledFor,
    isMore: false,
  });
  expect(found.nextId).toBe(next);
  expect((await detail(good)).failingStreak).toBeNull();
});

test('names the run that it tries again, and those that tried it again', async () => {
  const job = await makeJob(db());
  const failed = await insertRun(db().sql, { jobId: job.id, state: 'failed', trigger: 'manual' });
  const retried = await retryRuns(admin, { runIds: [failed] });
  const retry = retried.ok ? retried.value.runIds[0]! : 0;
  expect((await detail(failed)).retriedBy).toMatchObject([{ id: retry }]);
  expect((await detail(retry)).retryOf).toMatchObject({ id: failed });
});

describe('a run that waits says why', () => {
  test('no worker, none that fits, its job, its queue, nothing', async () => {
    const job = await makeJob(db(), { queue: 'reports', runsOn: { zone: 'b' } });
    const id = await insertRun(db().sql, {
      jobId: job.id,
      state: 'queued',
      trigger: 'manual',
      queue: 'reports',
    });
    await db().sql(`UPDATE run SET runs_on = '{"zone":"b"}' WHERE is_live AND id = $1`, [id]);
    expect((await detail(id)).waiting).toEqual({ reason: 'no_worker' });

    await insertWorker(db().sql, { labels: { zone: 'a' } });
    expect((await detail(id)).waiting).toMatchObject({
      reason: 'no_worker_fits',
      runsOn: { zone: 'b' },
    });

    await insertWorker(db().sql, { labels: { zone: 'b', disk: 'ssd' } });
    expect((await detail(id)).waiting).toEqual({ reason: 'about_to_start' });

    const others = [];
    for (let n = 0; n < 3; n++) {
      const other = await makeJob(db());
      others.push(
        await insertRun(db().sql, { jobId: other.id, state: 'running', queue: 'reports' }),
      );
    }
    expect((await detail(id)).waiting).toEqual({
      reason: 'queue_full',
      queue: 'reports',
      running: 3,
      limit: 3,
    });

    const earlier = await insertRun(db().sql, {
      jobId: job.id,
      state: 'queued',
      trigger: 'manual',
      queue: 'reports',
      at: Date.now() - 5_000,
    });
    expect((await detail(id)).waiting).toEqual({ reason: 'overlap', runId: earlier });

    await db().sql(`UPDATE run SET hold = 'paused' WHERE is_live AND id = $1`, [id]);
    expect((await detail(id)).waiting).toEqual({ reason: 'job_paused' });
    await db().sql(`UPDATE installation SET paused_at = now(), paused_by = 'Test'`);
    expect((await detail(id)).waiting).toEqual({ reason: 'everything_paused' });
    await db().sql(`UPDATE installation SET paused_at = NULL, paused_by = NULL`);
  });
});

test('a run that there isn’t is refused in a sentence', async () => {
  for (const id of [0, -1, 1.5, Number.NaN, 2 ** 60, 999_999]) {
    expect(await readRun(viewer, id)).toMatchObject({ refusal: { code: 'not_found' } });
  }
});
