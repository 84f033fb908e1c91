import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { goOnWithBackfill, pauseBackfill } from '#core/backfill/change-backfill.ts';
import { readBackfill } from '#core/backfill/read-backfill.ts';
import { startBackfill } from '#core/backfill/start-backfill.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { until } from '#tests/support/wait.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { startWorker, type TestWorker } from '#tests/support/worker.ts';

const web = webDatabase();
const OCCURRENCES = 60;

/** A job whose planners were away, so that all of its ticks were missed. */
async function missed(): Promise<{ job: TestJob; from: Date }> {
  const toMs = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;
  const from = new Date(toMs - OCCURRENCES * 10_000);
  const at = Array.from({ length: OCCURRENCES }, (_, n) =>
    new Date(from.getTime() + n * 10_000).toISOString(),
  );
  const job = await makeJob(web.db(), {
    schedule: { type: 'dates', at, timeZone: 'UTC' },
    createdAt: new Date(from.getTime() - 1_000),
    catchUp: 'none',
    overlap: 'allow',
    mayRunTwice: true,
    work: { kind: 'script', interpreter: 'sh', text: 'sleep 0.1' },
  });
  return { job, from };
}

test('rule 1: workers killed at random while people stop it and let it go on, and each occurrence has exactly one run', async () => {
  const { job, from } = await missed();
  const workers: TestWorker[] = await Promise.all([
    startWorker(web.db()),
    startWorker(web.db()),
    startWorker(web.db()),
  ]);
  await until(
    async () => (await web.db().sql('SELECT FROM gap WHERE job_id = $1', [job.id])).length > 0,
    { what: 'the ticks to be found missed' },
  );
  const { id, expected } = valueOf(
    await startBackfill(admin, { jobId: job.id, from, perMinute: 1_200, atOnce: 4 }),
  );
  expect(expected).toBe(OCCURRENCES);
  for (let kills = 0; kills < 8; kills++) {
    // A random point of whatever it is doing: this waits for nothing.
    await pause(50 + Math.random() * 400);
    const [victim] = workers.splice(Math.floor(Math.random() * workers.length), 1);
    await victim!.kill();
    workers.push(await startWorker(web.db()));
    if (kills % 3 === 2) {
      await pauseBackfill(admin, { id });
      await pause(Math.random() * 200);
      await goOnWithBackfill(admin, { id });
    }
    const [live] = await web
      .db()
      .sql<{ runs: number }>(
        `SELECT count(*)::int AS runs FROM run_live WHERE backfill_id = $1 AND attempt = 0`,
        [id],
      );
    expect(live!.runs).toBeLessThanOrEqual(4);
  }
  await until(async () => valueOf(await readBackfill(admin, { id })).state === 'done', {
    timeoutMs: 90_000,
    what: 'the backfill to end',
  });
  const runs = await web
    .db()
    .sql<{ at: Date }>('SELECT for_tick AS at FROM run WHERE backfill_id = $1 ORDER BY for_tick', [
      id,
    ]);
  expect(runs.map(({ at }) => at.getTime())).toEqual(
    Array.from({ length: OCCURRENCES }, (_, n) => from.getTime() + n * 10_000),
  );
  const detail = valueOf(await readBackfill(admin, { id }));
  expect(detail).toMatchObject({ made: OCCURRENCES, ended: OCCURRENCES, leftOut: 0 });
  const audit = valueOf(await auditTicks(admin, { key: job.key, from }));
  expect(audit.jobs[0]!.findings).toEqual([]);
  expect(audit.isEven).toBe(true);
  expect(audit.sum.buckets).toMatchObject({ covered: OCCURRENCES, gap: 0 });
}, 180_000);
