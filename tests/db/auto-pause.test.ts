import { beforeEach, describe, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { AutoPauseRule } from '#core/auto-pause/auto-pause-rule.ts';
import { askForAutoPause } from '#core/auto-pause/auto-pause.sql.ts';
import { goOnWithBackfill } from '#core/backfill/change-backfill.ts';
import { feedBackfill } from '#core/backfill/feed.ts';
import { startBackfill } from '#core/backfill/start-backfill.ts';
import { transaction } from '#core/db.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { resumeJobs } from '#core/jobs/pause-jobs.ts';
import { prisma } from '#core/prisma.ts';
import type { AttemptOutcome } from '#core/runs/states.ts';
import { type ClaimingWorker, claimingWorker } from '#tests/support/claiming.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { gapsOf, planAll, silent, testPlanner } from '#tests/support/planning.ts';
import { emptyLedger, makeRun } from '#tests/support/runs.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { createAutoPauser } from '#worker/auto-pauser.ts';
import { createErrorLineCounter } from '#worker/error-lines.ts';
import { createResumer } from '#worker/resumer.ts';

const web = webDatabase();
let worker: ClaimingWorker;
beforeEach(async () => {
  await emptyLedger(web.db());
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
  worker = await claimingWorker(web.db());
});

const rule = (given: Partial<AutoPauseRule>) => AutoPauseRule.parse(given);
const jobWith = (autoPause: AutoPauseRule | null) =>
  makeJob(web.db(), {
    overlap: 'allow',
    schedule: {
      type: 'interval',
      everyMs: 3_600_000,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
    },
    autoPause,
  });
const pauser = () =>
  createAutoPauser({ pool: web.db().pool, logger: silent, intervalMs: 1_000 }).runOnce();
const rowOf = (job: TestJob) => prisma().job.findUniqueOrThrow({ where: { id: job.id } });
const isPaused = async (job: TestJob) => (await rowOf(job)).pausedAt !== null;

async function run(job: TestJob, ...outcomes: AttemptOutcome[]): Promise<number[]> {
  const ids = [];
  for (const outcome of outcomes) {
    ids.push(await makeRun(web.db(), job));
    const [started] = await worker.look();
    await worker.finish(started!, outcome);
  }
  return ids;
}

describe('failures in a row', () => {
  test('pause the job, in Punctual’s name, with the runs as evidence', async () => {
    const job = await jobWith(rule({ inRow: 3 }));
    await planAll(testPlanner(web.db().pool));
    const runs = await run(job, 'failed', 'timed_out');
    await pauser();
    expect(await isPaused(job)).toBe(false);
    runs.push(...(await run(job, 'failed')));
    expect((await pauser()).counts).toEqual({ paused: 1 });
    const reason = `3 runs in a row went wrong, the last one run ${runs[2]}`;
    const evidence = { rule: 'in_row', failed: 3, runIds: runs.toReversed() };
    expect(await rowOf(job)).toMatchObject({
      pausedBy: 'Punctual',
      pauseReason: reason,
      pauseUntil: null,
      pauseEvidence: evidence,
    });
    expect(await gapsOf(web.db().sql, job.id)).toMatchObject([{ reason: 'paused', to: null }]);
    const entries = await prisma().auditEntry.findMany({ where: { subject: `job:${job.key}` } });
    expect(entries).toMatchObject([
      { action: 'job.pause', actor: 'Punctual', reason, after: { evidence } },
    ]);
  });

  test('are counted anew once somebody has resumed it', async () => {
    const job = await jobWith(rule({ inRow: 2 }));
    await run(job, 'failed', 'failed');
    await pauser();
    valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
    expect(await rowOf(job)).toMatchObject({ pausedAt: null, pauseEvidence: null });
    await run(job, 'failed');
    await pauser();
    expect(await isPaused(job)).toBe(false);
    await run(job, 'failed');
    await pauser();
    expect(await isPaused(job)).toBe(true);
    const { expected } = valueOf(
      await auditTicks(admin, { key: job.key, from: new Date(Date.now() - 3_600_000) }),
    ).sum;
    expect(expected).toBeLessThanOrEqual(1);
  });

  test('a success between them, a test or a cancelled run count for nothing', async () => {
    const job = await jobWith(rule({ inRow: 2 }));
    await run(job, 'failed', 'succeeded', 'failed', 'cancelled');
    const id = await makeRun(web.db(), job);
    await web.db().sql(`UPDATE run SET trigger = 'test', covers = false WHERE id = $1`, [id]);
    const [testRun] = await worker.look();
    await worker.finish(testRun!, 'failed');
    await pauser();
    expect(await isPaused(job)).toBe(false);
    await run(job, 'lost');
    await pauser();
    expect(await isPaused(job)).toBe(true);
  });

  test('an attempt that is tried again is no failure yet', async () => {
    const job = await jobWith(rule({ inRow: 1 }));
    await makeRun(web.db(), job);
    const [started] = await worker.look();
    await worker.finish(started!, 'failed', new Date(Date.now() + 60_000));
    await pauser();
    expect(await isPaused(job)).toBe(false);
  });
});

test('a failure rate pauses the job once there are enough runs', async () => {
  const job = await jobWith(rule({ rate: { percent: 50, withinMs: 600_000, leastRuns: 4 } }));
  await run(job, 'failed', 'succeeded', 'failed');
  await pauser();
  expect(await isPaused(job)).toBe(false);
  await run(job, 'succeeded', 'failed');
  await pauser();
  expect((await rowOf(job)).pauseReason).toMatch(/^3 of 5 runs within 10 min went wrong/);
});

test('error lines pause a job while its run goes on, within their window', async () => {
  const job = await jobWith(rule({ errorLines: { lines: 10, withinMs: 300_000 } }));
  const counter = createErrorLineCounter({
    pool: web.db().pool,
    onSeen: () => {},
    onCounted: () => {},
  });
  const seen = (count: number, agoMs: number) => {
    for (let n = 0; n < count; n++) {
      counter.seen({ jobId: job.id, runId: 4_711, atMs: Date.now() - agoMs });
    }
  };
  seen(9, 400_000);
  seen(9, 0);
  await counter.runOnce();
  await pauser();
  expect(await isPaused(job)).toBe(false);
  seen(1, 0);
  const { nextInMs } = await counter.runOnce();
  expect(nextInMs).toBeGreaterThan(0);
  await expect
    .poll(async () => ((await counter.runOnce()).counts['lines'] ?? 0) > 0, { timeout: 5_000 })
    .toBe(true);
  await pauser();
  expect((await rowOf(job)).pauseReason).toBe(
    '10 error lines within 5 min, the last ones in run 4711',
  );
});

describe('what was asked to be looked at', () => {
  test('pauses once, however many workers look', async () => {
    const job = await jobWith(rule({ inRow: 1 }));
    await run(job, 'failed');
    const passes = await Promise.all([pauser(), pauser(), pauser()]);
    expect(passes.reduce((sum, { counts }) => sum + counts['paused']!, 0)).toBe(1);
    await askForAutoPause(web.db().sql, [job.id]);
    expect((await pauser()).counts).toEqual({ paused: 0 });
    expect(await web.db().sql('SELECT * FROM auto_pause_check')).toEqual([]);
  });

  test('is dropped where the job, or its rule, is gone', async () => {
    const [gone, ruled] = [await jobWith(rule({ inRow: 1 })), await jobWith(rule({ inRow: 1 }))];
    await run(gone, 'failed');
    await run(ruled, 'failed');
    valueOf(await deleteJob(admin, { jobId: gone.id, confirmKey: gone.key }));
    const definition = { ...ruled.definition, autoPause: null };
    valueOf(await editJob(admin, { jobId: ruled.id, basedOnRevision: 1, definition }));
    expect((await pauser()).counts).toEqual({ paused: 0 });
    expect(await web.db().sql('SELECT * FROM auto_pause_check')).toEqual([]);
    expect(await isPaused(ruled)).toBe(false);
  });
});

describe('the runs of a backfill', () => {
  /** A backfill of the last hours, of which so many runs went wrong one after the other. */
  async function failingBackfill(job: TestJob) {
    const from = new Date(Date.now() - 20 * 3_600_000);
    const started = await startBackfill(admin, {
      jobId: job.id,
      from,
      rule: 'all',
      perMinute: 6_000,
    });
    const { id } = valueOf(started);
    const feed = () => transaction(web.db().pool, (sql) => feedBackfill(sql, id));
    const end = async (outcome: AttemptOutcome) => {
      await feed();
      await web
        .db()
        .sql(
          "UPDATE run SET due_at = now() - interval '1 s' WHERE is_live AND state = 'queued' AND trigger = 'backfill'",
        );
      const [begun] = await worker.look();
      await worker.finish(begun!, outcome);
      return begun!.id;
    };
    return { id, end, row: () => prisma().backfill.findUniqueOrThrow({ where: { id } }) };
  }

  test('stop the backfill where they go wrong, never the job; who lets it go on begins anew', async () => {
    const job = await jobWith(rule({ inRow: 3 }));
    const { id, end, row } = await failingBackfill(job);
    for (const outcome of ['failed', 'timed_out'] as const) await end(outcome);
    // The job's own success doesn't break their row, and its own failure isn't one of it.
    await run(job, 'succeeded', 'failed');
    await pauser();
    expect((await row()).state).toBe('running');
    const last = await end('failed');
    expect((await pauser()).counts).toEqual({ paused: 0 });
    expect(await isPaused(job)).toBe(false);
    const problem = `Of its own runs, 3 runs in a row went wrong, the last one run ${last}. The job goes on.`;
    expect(await row()).toMatchObject({ state: 'paused', changedBy: 'Punctual', problem });
    const trail = { subject: `job:${job.key}`, action: 'job.backfill.pause' };
    expect(
      await prisma().auditEntry.findMany({ where: trail, orderBy: { id: 'asc' } }),
    ).toMatchObject([
      { actor: 'Punctual', after: { backfill: id, evidence: { rule: 'in_row', failed: 3 } } },
    ]);

    valueOf(await goOnWithBackfill(admin, { id }));
    for (const outcome of ['failed', 'failed'] as const) await end(outcome);
    await pauser();
    expect(await row()).toMatchObject({ state: 'running', problem: null });
    await end('failed');
    await pauser();
    expect((await row()).state).toBe('paused');
  });

  test('don’t count for a rate, and their error lines stop the backfill alone', async () => {
    const job = await jobWith(
      rule({
        rate: { percent: 50, withinMs: 600_000, leastRuns: 4 },
        errorLines: { lines: 5, withinMs: 300_000 },
      }),
    );
    const { id, end, row } = await failingBackfill(job);
    // Lines are counted by 10 s: those of the ones in which it began are left out.
    const began = `UPDATE backfill SET failures_from = now() - interval '1 minute' WHERE id = $1`;
    await web.db().sql(began, [id]);
    const runId = await end('failed');
    await end('failed');
    await run(job, 'succeeded', 'succeeded');
    const counter = createErrorLineCounter({
      pool: web.db().pool,
      onSeen: () => {},
      onCounted: () => {},
    });
    for (let n = 0; n < 5; n++) counter.seen({ jobId: job.id, runId, atMs: Date.now() });
    await counter.runOnce();
    await pauser();
    expect(await isPaused(job)).toBe(false);
    expect((await row()).problem).toMatch(/^Of its own runs, 5 error lines within 5 min/);
  });

  test('count for the circuit: what they call suffers as much', async () => {
    const job = await makeJob(web.db(), {
      overlap: 'allow',
      schedule: {
        type: 'interval',
        everyMs: 3_600_000,
        anchor: '2026-01-01T00:00:00Z',
        timeZone: 'UTC',
      },
      circuit: { failures: 2 },
    });
    const { end } = await failingBackfill(job);
    await end('failed');
    await end('failed');
    expect(await web.db().sql('SELECT 1 FROM circuit WHERE open_until > now()')).toHaveLength(1);
  });
});

test('a pause with an end goes on by itself', async () => {
  const job = await jobWith(rule({ inRow: 1, pauseMs: 600_000 }));
  await run(job, 'failed');
  await pauser();
  const { pauseUntil, pausedAt } = await rowOf(job);
  expect(Math.round((pauseUntil!.getTime() - pausedAt!.getTime()) / 1_000)).toBe(600);
  await web
    .db()
    .sql(`UPDATE job SET pause_until = paused_at + interval '1 ms' WHERE id = $1`, [job.id]);
  await createResumer({ pool: web.db().pool, logger: silent, intervalMs: 1_000 }).runOnce();
  expect(await isPaused(job)).toBe(false);
  await askForAutoPause(web.db().sql, [job.id]);
  await pauser();
  expect(await isPaused(job)).toBe(false);
});
