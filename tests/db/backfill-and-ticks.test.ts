import { beforeEach, expect, test } from 'vitest';
import { startBackfill } from '#core/backfill/start-backfill.ts';
import { Clock } from '#core/clock.ts';
import type { OverlapRule } from '#core/jobs/definition.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { silent } from '#tests/support/planning.ts';
import { claimFor, emptyLedger, makeRun, makeWorker, readLedger } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { createBackfiller } from '#worker/backfiller.ts';
import { createLimiter } from '#worker/limiter.ts';

const web = webDatabase();
let worker: number;
beforeEach(async () => {
  await emptyLedger(web.db());
  await web.db().sql('DELETE FROM backfill');
  worker = await makeWorker(web.db());
});

/** A job with three occurrences that a backfill has made runs for: one of them is running. */
async function underWay(overlap: OverlapRule): Promise<{ job: TestJob; running: number }> {
  const job = await makeJob(web.db(), {
    overlap,
    schedule: {
      type: 'interval',
      everyMs: 600_000,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
    },
  });
  const from = new Date(Date.now() - 1_800_000);
  valueOf(
    await startBackfill(admin, {
      jobId: job.id,
      from,
      perMinute: 6_000,
      atOnce: 3,
      givesWay: false,
    }),
  );
  await createBackfiller({ pool: web.db().pool, logger: silent, intervalMs: 1_000 }).runOnce();
  const claimed = await claimSoon();
  expect(claimed).toMatchObject([{ trigger: 'backfill' }]);
  return { job, running: claimed[0]!.id };
}

/** Runs of the backfill are due one after the other, 10 ms apart. */
const claimSoon = () =>
  until(
    async () => {
      const claimed = await claimFor(web.db(), worker);
      return claimed.length > 0 && claimed;
    },
    { what: 'a run that can be claimed', timeoutMs: 2_000, everyMs: 5 },
  );

const limit = () => createLimiter({ pool: web.db().pool, clock: new Clock() }).runOnce();
const end = (id: number) =>
  web
    .db()
    .sql(
      `UPDATE run SET is_live = false, state = 'succeeded', finished_at = now() WHERE is_live AND id = $1`,
      [id],
    );

test.each<OverlapRule>(['skip', 'queue_one', 'queue_all', 'cancel_previous'])(
  'under %s a tick waits for what runs of a backfill, and goes before what waits of it',
  async (overlap) => {
    const { job, running } = await underWay(overlap);
    const tick = await makeRun(web.db(), job, { trigger: 'tick', overlap, dueAt: new Date() });
    await limit();
    const [waiting] = await readLedger(web.db(), [tick]);
    expect(waiting).toMatchObject({ state: 'queued' });
    expect((await readLedger(web.db(), [running]))[0]).toMatchObject({
      state: 'running',
      isCancelRequested: false,
    });
    expect(await claimFor(web.db(), worker)).toEqual([]);
    await end(running);
    expect(await claimFor(web.db(), worker)).toMatchObject([{ id: tick }]);
    // Control: what waits of the backfill is still there, and starts once nothing else is due.
    await end(tick);
    expect(await claimSoon()).toMatchObject([{ trigger: 'backfill' }]);
  },
);

test('a second tick is dealt with by the job’s rule, as behind any tick that waits', async () => {
  const { job } = await underWay('skip');
  const dueAt = new Date(Date.now() - 500);
  const first = await makeRun(web.db(), job, { trigger: 'tick', overlap: 'skip', dueAt });
  const second = await makeRun(web.db(), job, {
    trigger: 'tick',
    overlap: 'skip',
    dueAt: new Date(Date.now() - 100),
  });
  await limit();
  expect(await readLedger(web.db(), [first, second])).toMatchObject([
    { state: 'queued' },
    { state: 'skipped', skipReason: 'overlap' },
  ]);
});

test('a tick that lies ahead holds nothing up', async () => {
  const { job, running } = await underWay('skip');
  await makeRun(web.db(), job, {
    trigger: 'tick',
    overlap: 'skip',
    dueAt: new Date(Date.now() + 60_000),
  });
  await end(running);
  expect(await claimSoon()).toMatchObject([{ trigger: 'backfill' }]);
});
