import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AutoPauseRule } from '#core/auto-pause/auto-pause-rule.ts';
import { startBackfill } from '#core/backfill/start-backfill.ts';
import { CircuitRule } from '#core/circuits/circuit-rule.ts';
import { signalWorkers } from '#core/events/events.ts';
import { triggerJob } from '#core/runs/trigger.ts';
import { makeJob, type TestJobOverrides } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { until } from '#tests/support/wait.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { startWorker } from '#tests/support/worker.ts';

// A worker that looks by itself once a minute: whatever happens sooner somebody has told, or was reckoned at the last look.
const RARELY = { PUNCTUAL_POLL_MS: '60000', PUNCTUAL_RESCUE_MS: '60000' };
const SOON_MS = 15_000;

const web = webDatabase();
const script = (text: string) => ({ kind: 'script', interpreter: 'sh', text }) as const;

async function triggered(overrides: TestJobOverrides): Promise<number> {
  const job = await makeJob(web.db(), overrides);
  await startWorker(web.db(), RARELY);
  valueOf(await triggerJob(admin, { jobId: job.id }));
  return job.id;
}

const isPaused = async (jobId: number) =>
  (await web.db().sql('SELECT FROM job WHERE id = $1 AND paused_at IS NOT NULL', [jobId]))
    .length === 1;

test('a run that fails pauses its job at once, where the job says so', async () => {
  const jobId = await triggered({
    work: script('exit 1'),
    autoPause: AutoPauseRule.parse({ inRow: 1 }),
  });
  await until(() => isPaused(jobId), { timeoutMs: SOON_MS, what: 'the pause' });
});

test('so do lines that read as errors, while the run goes on', async () => {
  const jobId = await triggered({
    work: script('echo "error: no route" >&2; echo "error: no route" >&2; sleep 60'),
    autoPause: AutoPauseRule.parse({ errorLines: { lines: 2, withinMs: 300_000 } }),
  });
  await until(() => isPaused(jobId), { timeoutMs: SOON_MS, what: 'the pause' });
});

test('people are told of a failure a moment after it, and of the success that ends it', async () => {
  const { sql } = web.db();
  const folder = mkdtempSync(path.join(tmpdir(), 'punctual-woken-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // It fails the first time.
  const jobId = await triggered({ work: script(`mkdir ${folder}/once && exit 1 || exit 0`) });
  const told = async (isOver: boolean) => {
    // Whoever tells looks two seconds after it, and says then when to look again, if ever.
    const [incident] = await sql<{ isOver: boolean; isTold: boolean }>(
      `SELECT ended_at IS NOT NULL AS "isOver",
              coalesce(tell_at > coalesce(ended_at, opened_at) + interval '5 seconds', true) AS "isTold"
         FROM incident WHERE job_id = $1`,
      [jobId],
    );
    return incident?.isTold && incident.isOver === isOver;
  };
  await until(() => told(false), { timeoutMs: SOON_MS, what: 'the failure to be told' });
  valueOf(await triggerJob(admin, { jobId }));
  await until(() => told(true), { timeoutMs: SOON_MS, what: 'the end to be told' });
});

test('a backfill begins when it is asked for', async () => {
  const { sql } = web.db();
  const toMs = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;
  const at = [3, 2, 1].map((n) => new Date(toMs - n * 10_000).toISOString());
  const job = await makeJob(web.db(), {
    schedule: { type: 'dates', at, timeZone: 'UTC' },
    createdAt: new Date(toMs - 60_000),
    catchUp: 'none',
    work: script('true'),
  });
  await startWorker(web.db(), RARELY);
  await until(async () => (await sql('SELECT FROM gap WHERE job_id = $1', [job.id])).length > 0, {
    timeoutMs: SOON_MS,
    what: 'the ticks to be found missed',
  });
  const from = new Date(toMs - 60_000);
  valueOf(await startBackfill(admin, { jobId: job.id, from, perMinute: 6_000, atOnce: 1 }));
  await until(async () => (await sql("SELECT FROM backfill WHERE state = 'done'")).length === 1, {
    timeoutMs: SOON_MS,
    what: 'the backfill to end',
  });
});

test('who waits for an open circuit tries when its time is over', async () => {
  const { sql } = web.db();
  const job = await makeJob(web.db(), {
    schedule: { type: 'dates', at: [new Date(Date.now() + 2_000).toISOString()], timeZone: 'UTC' },
    work: script('exit 1'),
    retry: { backoff: 'fixed', maxAttempts: 2, delayMs: 1_000 },
    circuit: CircuitRule.parse({ failures: 1, openMs: 3_000, longestOpenMs: 3_000 }),
  });
  await startWorker(web.db(), RARELY);
  await signalWorkers(sql, 'plan');
  await until(
    async () =>
      (
        await sql('SELECT FROM attempt a JOIN run r ON r.id = a.run_id WHERE r.job_id = $1', [
          job.id,
        ])
      ).length === 2,
    { timeoutMs: SOON_MS, what: 'the second attempt' },
  );
  expect(await sql('SELECT FROM circuit WHERE job_id = $1', [job.id])).toHaveLength(1);
});
