import { expect, it } from 'vitest';
import { createTestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { makeRun } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { startWorker } from '#tests/support/worker.ts';

it('rule 10: no run starts before its tick, and half of them within 50 ms of it', async () => {
  await using db = await createTestDatabase();
  const job = await makeJob(db, { overlap: 'allow' });
  // Nothing but the due time itself wakes it: the poll comes too late to be punctual.
  await startWorker(db, { PUNCTUAL_POLL_MS: '5000' });
  const [clock] = await db.sql<{ now: Date }>('SELECT clock_timestamp() AS now');
  for (let ticks = 0; ticks < 20; ticks++) {
    const dueAt = new Date(clock!.now.getTime() + 6_000 + ticks * 137);
    await makeRun(db, job, { trigger: 'tick', dueAt });
  }
  await until(
    async () => (await db.sql(`SELECT 1 FROM run WHERE state = 'succeeded'`)).length === 20,
    { timeoutMs: 30_000, what: 'every run to end' },
  );
  const [lag] = await db.sql<{ least: number; median: number }>(
    `SELECT min(ms) AS least, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS median
     FROM (SELECT extract(epoch FROM started_at - due_at)::float8 * 1000 AS ms FROM attempt) AS lags`,
  );
  expect(lag!.least).toBeGreaterThanOrEqual(0);
  expect(lag!.median).toBeLessThan(50);
});
