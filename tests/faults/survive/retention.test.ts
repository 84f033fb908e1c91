import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { createPool } from '#core/db.ts';
import { createArchiver } from '#worker/archiver.ts';
import { createPartitioner } from '#worker/partitioner.ts';
import { createPruner } from '#worker/pruner.ts';
import { archiveEnvironment, fillMonth } from '#tests/support/history.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { silent } from '#tests/support/planning.ts';
import { until } from '#tests/support/wait.ts';
import { fault, IS_ALL } from '../fault.ts';
import type { World } from '../world.ts';

const JOBS = 12;
const MONTHS = ['2026-03', '2026-04', '2026-05'];
const RUNS_A_MONTH = IS_ALL ? 60_000 : 15_000;
const PRUNED = 12_000;
/** How late the worst hundredth of the ticks may begin, when the machine does everything at once. */
const MOST_LAG_MS = 10_000;

fault(36, { all: 1, quick: 1 }, async (world) => {
  const store = mkdtempSync(path.join(tmpdir(), 'punctual-retention-'));
  onTestFinished(() => rmSync(store, { recursive: true, force: true }));
  await world.db.sql('UPDATE installation SET retention_days = 3650');
  const old = await makeJob(world.db);
  for (const month of MONTHS) {
    await world.db.sql(`SELECT make_month($1::date)`, [`${month}-01`]);
    await fillMonth(world.db, { month, jobIds: [old.id], runs: RUNS_A_MONTH });
  }
  const short = await makeJob(world.db);
  await fillRecent(world, short.id);
  await world.db.sql('VACUUM ANALYZE');
  await world.steadyJobs();
  const jobs: TestJob[] = [];
  for (let n = 0; n < JOBS; n++) {
    jobs.push(await world.job({ everySeconds: 1, beats: 0, mayRunTwice: false }));
  }
  await Promise.all([world.worker(), world.worker()]);
  await until(() => world.record().filter(({ what }) => what === 'start').length > JOBS * 3, {
    timeoutMs: 60_000,
    what: 'ticks to run',
  });

  const stretchMs = world.ms(100_000);
  const quietFrom = new Date();
  await pause(stretchMs);
  const busyFrom = new Date();
  const done = await world.during(async () => {
    await world.db.sql('UPDATE installation SET retention_days = 90');
    await world.db.sql('UPDATE job SET retention_days = 1 WHERE id = $1', [short.id]);
    const sums = await clearUnderLoad(world, store);
    await pause(Math.max(0, busyFrom.getTime() + stretchMs - Date.now()));
    return sums;
  });
  if (done.archived < MONTHS.length || done.dropped < MONTHS.length || done.pruned < PRUNED) {
    world.finds(`of what was too old only this went: ${JSON.stringify(done)}`);
  }
  const [quiet, busy] = [
    await startLag(world, jobs, quietFrom, busyFrom),
    await startLag(world, jobs, busyFrom, new Date()),
  ];
  world.notes.push(
    `${done.archived} months of ${RUNS_A_MONTH} runs archived and dropped, ${done.pruned} runs pruned in ` +
      `${Math.round(done.tookMs / 100) / 10} s; ticks began ${quiet.p50} ms after they were due before and ` +
      `${busy.p50} ms meanwhile (p50), ${quiet.p99} and ${busy.p99} ms (p99)`,
  );
  if (busy.p99 > MOST_LAG_MS) world.finds(`ticks began ${busy.p99} ms after they were due (p99)`);
});

/** All three duties at once, while somebody reads the oldest month for a while. */
async function clearUnderLoad({ db }: World, store: string) {
  const since = performance.now();
  const pool = createPool({
    url: db.url,
    max: 4,
    applicationName: 'test history',
    isPatient: true,
  });
  const reader = await db.pool.connect();
  await reader.query('BEGIN; SELECT count(*) FROM run WHERE NOT is_live');
  const environment = archiveEnvironment({ PUNCTUAL_ARCHIVE: store });
  const archiver = createArchiver({ pool, logger: silent, environment, othersMs: 0 });
  const partitioner = createPartitioner({ pool, logger: silent, lockTimeoutMs: 1_000 });
  const pruner = createPruner({ pool });
  const sums = { archived: 0, dropped: 0, pruned: 0, tookMs: 0 };
  const archiving = (async () => {
    while (sums.archived < MONTHS.length) {
      sums.archived += (await archiver.runOnce()).counts['months'] ?? 0;
    }
  })();
  const dropping = (async () => {
    while (sums.dropped < MONTHS.length) {
      sums.dropped += (await partitioner.runOnce()).counts['dropped'] ?? 0;
      await pause(200);
    }
  })();
  const pruning = (async () => {
    for (let isMore = true; isMore || sums.pruned < PRUNED;) {
      const { counts, nextInMs } = await pruner.runOnce();
      sums.pruned += counts['runs'] ?? 0;
      isMore = nextInMs !== undefined;
      await pause(nextInMs ?? 100);
    }
  })();
  await pause(4_000);
  await reader.query('ROLLBACK');
  reader.release();
  await Promise.all([archiving, dropping, pruning]);
  await pool.end();
  return { ...sums, tookMs: performance.now() - since };
}

/** Of the last days, with logs: what a rule of a day deletes one by one. */
async function fillRecent({ db }: World, jobId: number): Promise<void> {
  await db.sql(
    `INSERT INTO run (is_live, state, attempt, finished_at, job_id, revision, trigger, scheduled_for, due_at, queue, kind, log_bytes)
     SELECT false, 'succeeded', 1, now(), $1, 1, 'manual', now() - interval '2 days' - n * interval '1 second',
            now(), 'default', 'script', 1000
       FROM generate_series(1, $2::int) n`,
    [jobId, PRUNED],
  );
  await db.sql(
    `INSERT INTO log_chunk (run_id, scheduled_for, seq, attempt, first_line, line_count, byte_count, body)
     SELECT id, scheduled_for, 0, 1, 1, 1, 1000, repeat('x', 1000) FROM run WHERE job_id = $1 AND NOT is_live`,
    [jobId],
  );
}

async function startLag({ db }: World, jobs: readonly TestJob[], from: Date, to: Date) {
  const [row] = await db.sql<{ p50: number; p99: number }>(
    `SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms))::int AS p50,
            round(percentile_cont(0.99) WITHIN GROUP (ORDER BY ms))::int AS p99
       FROM (SELECT extract(epoch FROM coalesce(started_at, clock_timestamp()) - scheduled_for) * 1000 AS ms
               FROM run
              WHERE job_id = ANY ($1::int[]) AND trigger = 'tick' AND scheduled_for >= $2 AND scheduled_for < $3) AS lag`,
    [jobs.map(({ id }) => id), from, to],
  );
  return row!;
}
