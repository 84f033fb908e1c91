import { expect, test } from 'vitest';
import type { Actor } from '#core/auth/permissions.ts';
import { readRun } from '#core/runs/read-run.ts';
import { retryRuns } from '#core/runs/retry-by-hand.ts';
import { makeJob } from '../support/jobs.ts';
import { insertRun } from '../support/ledger.ts';
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

test('a run that there isn’t is refused in a sentence', async () => {
  for (const id of [0, -1, 1.5, Number.NaN, 2 ** 60, 999_999]) {
    expect(await readRun(viewer, id)).toMatchObject({ refusal: { code: 'not_found' } });
  }
});
