import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { createPool } from '#core/db.ts';
import { createArchiver } from '#worker/archiver.ts';
import { createPartitioner } from '#worker/partitioner.ts';
import { createPruner } from '#worker/pruner.ts';
import { archiveEnvironment, fillMonth } from '#tests/support/history.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { silent } from '#tests/support/planning.ts';
import { until } from '#tests/support/wait.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { startWorker } from '#tests/support/worker.ts';

const web = webDatabase();
const JOBS = 12;
const MONTHS = ['2026-03', '2026-04', '2026-05'];
const RUNS_A_MONTH = 15_000;
const PRUNED = 12_000;
const STRETCH_MS = 15_000;

test('fault 36: while months are archived, detached and dropped and runs are pruned, no tick is lost or doubled, and ticks start in time', async () => {
  const db = web.db();
  const store = mkdtempSync(path.join(tmpdir(), 'punctual-retention-'));
  onTestFinished(() => rmSync(store, { recursive: true, force: true }));
  await db.sql('UPDATE installation SET retention_days = 3650');
  const old = await makeJob(db);
  for (const month of MONTHS) {
    await db.sql(`SELECT make_month($1::date)`, [`${month}-01`]);
    await fillMonth(db, { month, jobIds: [old.id], runs: RUNS_A_MONTH });
  }
  const short = await makeJob(db);
  await fillRecent(short.id);
  await db.sql('VACUUM ANALYZE');
  const jobs: TestJob[] = [];
  for (let n = 0; n < JOBS; n++) {
    jobs.push(
      await makeJob(db, {
        schedule: {
          type: 'interval',
          everyMs: 1_000,
          anchor: '2026-01-01T00:00:00Z',
          timeZone: 'UTC',
        },
        overlap: 'allow',
        mayRunTwice: true,
        work: { kind: 'script', interpreter: 'sh', text: ':' },
      }),
    );
  }
  await Promise.all([startWorker(db), startWorker(db)]);
  await until(async () => (await started(jobs)) > JOBS * 3, {
    timeoutMs: 60_000,
    what: 'ticks to run',
  });

  const quietFrom = await databaseNow();
  await pause(STRETCH_MS);
  const busyFrom = await databaseNow();
  await db.sql('UPDATE installation SET retention_days = 90');
  await db.sql('UPDATE job SET retention_days = 1 WHERE id = $1', [short.id]);
  const done = await clearUnderLoad(store);
  const left = busyFrom.getTime() + STRETCH_MS - (await databaseNow()).getTime();
  await pause(Math.max(0, left));
  const end = await databaseNow();

  expect(done).toMatchObject({ months: MONTHS.length, dropped: MONTHS.length, runs: PRUNED });
  const quiet = await startLag(jobs, quietFrom, busyFrom);
  const busy = await startLag(jobs, busyFrom, end);
  console.log(
    `start after due, of ${quiet.runs} and ${busy.runs} ticks: p50 ${quiet.p50} and ${busy.p50} ms, p99 ${quiet.p99} and ${busy.p99} ms ` +
      `(${(busy.p99 / Math.max(1, quiet.p99)).toFixed(2)} times), at most ${quiet.most} and ${busy.most} ms; archived, dropped and ` +
      `pruned in ${Math.round(done.tookMs / 100) / 10} s`,
  );
  // On a machine that is shared the absolute numbers say little: both stretches are of one run.
  expect(busy.p99).toBeLessThan(Math.max(1_000, 4 * quiet.p99));
  const cursor = new Date(end.getTime() - 2_000);
  for (const { key, createdAt } of await keysOf(jobs)) {
    const audit = valueOf(await auditTicks(admin, { key, from: createdAt, to: cursor }));
    expect(audit.jobs[0]!.findings).toEqual([]);
    expect(audit.isEven).toBe(true);
  }
  const doubled = await db.sql(
    `SELECT run_id FROM attempt WHERE scheduled_for >= $1 GROUP BY run_id, number HAVING count(*) > 1`,
    [quietFrom.toISOString()],
  );
  expect(doubled).toEqual([]);
}, 300_000);

/** All three duties at once, while somebody reads the oldest month for a while. */
async function clearUnderLoad(store: string) {
  const since = performance.now();
  const pool = createPool({
    url: web.db().url,
    max: 4,
    applicationName: 'test history',
    isPatient: true,
  });
  const reader = await web.db().pool.connect();
  await reader.query('BEGIN; SELECT count(*) FROM run WHERE NOT is_live');
  const environment = archiveEnvironment({ PUNCTUAL_ARCHIVE: store });
  const archiver = createArchiver({ pool, logger: silent, environment, othersMs: 0 });
  const partitioner = createPartitioner({ pool, logger: silent, lockTimeoutMs: 1_000 });
  const pruner = createPruner({ pool });
  const sums = { months: 0, dropped: 0, runs: 0, tookMs: 0 };
  const archiving = (async () => {
    while (sums.months < MONTHS.length) {
      sums.months += (await archiver.runOnce()).counts['months'] ?? 0;
    }
  })();
  const dropping = (async () => {
    while (sums.dropped < MONTHS.length) {
      sums.dropped += (await partitioner.runOnce()).counts['dropped'] ?? 0;
      await pause(200);
    }
  })();
  const pruning = (async () => {
    for (let isMore = true; isMore || sums.runs < PRUNED;) {
      const { counts, nextInMs } = await pruner.runOnce();
      sums.runs += counts['runs'] ?? 0;
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
async function fillRecent(jobId: number): Promise<void> {
  await web.db().sql(
    `INSERT INTO run (is_live, state, attempt, finished_at, job_id, revision, trigger, scheduled_for, due_at, queue, kind, log_bytes)
     SELECT false, 'succeeded', 1, now(), $1, 1, 'manual', now() - interval '2 days' - n * interval '1 second',
            now(), 'default', 'script', 1000
       FROM generate_series(1, $2::int) n`,
    [jobId, PRUNED],
  );
  await web.db().sql(
    `INSERT INTO log_chunk (run_id, scheduled_for, seq, attempt, first_line, line_count, byte_count, body)
     SELECT id, scheduled_for, 0, 1, 1, 1, 1000, repeat('x', 1000) FROM run WHERE job_id = $1 AND NOT is_live`,
    [jobId],
  );
}

async function databaseNow(): Promise<Date> {
  const [row] = await web.db().sql<{ now: Date }>('SELECT clock_timestamp() AS now');
  return row!.now;
}

async function started(jobs: readonly TestJob[]): Promise<number> {
  const [row] = await web
    .db()
    .sql<{ runs: number }>(
      'SELECT count(*)::int AS runs FROM run WHERE job_id = ANY ($1::int[]) AND started_at IS NOT NULL',
      [jobs.map(({ id }) => id)],
    );
  return row!.runs;
}

async function keysOf(jobs: readonly TestJob[]): Promise<{ key: string; createdAt: Date }[]> {
  return web
    .db()
    .sql('SELECT key, created_at AS "createdAt" FROM job WHERE id = ANY ($1::int[])', [
      jobs.map(({ id }) => id),
    ]);
}

async function startLag(jobs: readonly TestJob[], from: Date, to: Date) {
  const [row] = await web.db().sql<{ runs: number; p50: number; p99: number; most: number }>(
    `SELECT count(*)::int AS runs, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms))::int AS p50,
            round(percentile_cont(0.99) WITHIN GROUP (ORDER BY ms))::int AS p99, round(max(ms))::int AS most
       FROM (SELECT extract(epoch FROM coalesce(started_at, clock_timestamp()) - scheduled_for) * 1000 AS ms
               FROM run
              WHERE job_id = ANY ($1::int[]) AND trigger = 'tick' AND scheduled_for >= $2 AND scheduled_for < $3) AS lag`,
    [jobs.map(({ id }) => id), from.toISOString(), to.toISOString()],
  );
  return row!;
}
