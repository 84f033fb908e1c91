import { beforeAll, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { readKeptHistory } from '#core/history/kept-from.sql.ts';
import { ledgerCounts } from '#core/jobs/ledger-counts.ts';
import { readRun } from '#core/runs/read-run.ts';
import { createHistory } from '#worker/history.ts';
import { createPartitioner } from '#worker/partitioner.ts';
import { createPruner } from '#worker/pruner.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { archiveEnvironment, seenYesterday } from '#tests/support/history.ts';
import { silent } from '#tests/support/planning.ts';
import { admin, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const nowMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;

beforeAll(() => web.db().sql('UPDATE installation SET retention_days = 3650'));

/** A job that has fired every hour of the last days, with a run each. */
async function hourly(days: number, overrides: { keepRuns?: number } = {}) {
  const createdAt = new Date(nowMs - days * DAY_MS - 1);
  const job = await makeJob(web.db(), {
    createdAt,
    schedule: {
      type: 'interval',
      everyMs: HOUR_MS,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
    },
    ...overrides,
  });
  const { sql } = web.db();
  await sql(
    `SELECT make_month((date_trunc('month', $1::timestamptz AT TIME ZONE 'UTC') + make_interval(months => m))::date)
       FROM generate_series(0, 14) AS m
      WHERE date_trunc('month', $1::timestamptz) + make_interval(months => m) <= now()`,
    [createdAt.toISOString()],
  );
  await sql(
    `INSERT INTO run (is_live, state, attempt, worker_id, started_at, finished_at, job_id, revision, trigger, scheduled_for, due_at, queue, kind)
     SELECT false, 'succeeded', 1, 1, at, at, $1, 1, 'tick', at, at, 'default', 'script'
       FROM generate_series($2::timestamptz, now(), interval '1 hour') AS at`,
    [job.id, new Date(nowMs - days * DAY_MS).toISOString()],
  );
  await sql('UPDATE job SET planned_until = now() WHERE id = $1', [job.id]);
  return { ...job, createdAt };
}

async function pruneAll(): Promise<number> {
  const pruner = createPruner({ pool: web.db().pool });
  let runs = 0;
  for (;;) {
    const { counts, nextInMs } = await pruner.runOnce();
    runs += counts['runs'] ?? 0;
    if (nextInMs === undefined) return runs;
  }
}

test('a job keeps so many runs; what an open incident names stays, and the ledger’s sums begin where it is whole', async () => {
  const job = await hourly(10, { keepRuns: 50 });
  const { sql } = web.db();
  const oldest = await sql<{ id: number }>(
    'SELECT id FROM run WHERE job_id = $1 ORDER BY scheduled_for LIMIT 3',
    [job.id],
  );
  await sql(
    `INSERT INTO incident (job_id, kind, opened_at, last_at, first_run_id) VALUES ($1, 'failed', now() - interval '9 days', now(), $2)`,
    [job.id, oldest[1]!.id],
  );
  const live = await insertRun(sql, {
    jobId: job.id,
    trigger: 'manual',
    state: 'queued',
    at: nowMs - 20 * DAY_MS,
  });
  expect(await pruneAll()).toBe(10 * 24 + 1 - 50 - 1);
  const left = await sql<{ id: number }>('SELECT id FROM run WHERE job_id = $1', [job.id]);
  expect(left).toHaveLength(50 + 2);
  expect(left.map(({ id }) => id)).toEqual(expect.arrayContaining([live, oldest[1]!.id]));

  const audit = valueOf(await auditTicks(admin, { key: job.key, from: job.createdAt }));
  expect(audit.jobs[0]).toMatchObject({ findings: [], isEven: true, expected: 50 });
  const counts = valueOf(await ledgerCounts(admin, { jobId: job.id, from: job.createdAt }));
  expect(counts).toMatchObject({
    isEven: true,
    expected: 50,
    before: { archived: [], gone: [], isPruned: true },
  });
  expect(Date.parse(counts.from)).toBe(nowMs - 49 * HOUR_MS);
  // A longer rule tomorrow brings nothing back, and nothing counts as missing.
  await sql('UPDATE job SET keep_runs = NULL WHERE id = $1', [job.id]);
  const later = valueOf(await auditTicks(admin, { key: job.key, from: job.createdAt }));
  expect(later.jobs[0]).toMatchObject({ findings: [], isEven: true });
});

test('a month that went counts as nothing, also where history is kept for longer afterwards; its runs say where they are', async () => {
  const job = await hourly(120);
  const { sql } = web.db();
  const [first] = await sql<{ id: number }>(
    'SELECT id FROM run WHERE job_id = $1 ORDER BY scheduled_for LIMIT 1',
    [job.id],
  );
  await sql('UPDATE installation SET retention_days = 40');
  await seenYesterday(web.db());
  await createPartitioner({ pool: web.db().pool, logger: silent }).runOnce();
  await sql('UPDATE installation SET retention_days = 3650');
  const kept = (await readKeptHistory(sql, job.id))!;
  expect(kept.gone.length).toBeGreaterThanOrEqual(2);
  expect(kept.keptFrom.getUTCDate()).toBe(1);
  const audit = valueOf(await auditTicks(admin, { key: job.key, from: job.createdAt }));
  expect(audit.jobs[0]).toMatchObject({ findings: [], isEven: true });
  expect(audit.jobs[0]!.from).toBe(kept.keptFrom.toISOString());
  const counts = valueOf(await ledgerCounts(admin, { jobId: job.id, from: job.createdAt }));
  expect(counts).toMatchObject({ isEven: true, before: { gone: kept.gone, isPruned: false } });
  // A stretch that lies before all of it is an empty one, with the same words.
  const before = valueOf(
    await ledgerCounts(admin, {
      jobId: job.id,
      from: job.createdAt,
      to: new Date(kept.keptFrom.getTime() - DAY_MS),
    }),
  );
  expect(before).toMatchObject({ isEven: true, expected: 0, before: { gone: kept.gone } });
  expect(refusalOf(await readRun(admin, first!.id)).message).toMatch(
    /^Run \d+ was of 20\d\d-\d\d, whose history was dropped as old, without an archive\.$/,
  );
});

test('a month waits for its archive also on the first start with one, whichever duty looks first', async () => {
  for (const duty of ['partitioner', 'pruner'] as const) {
    await using db = await createTestDatabase();
    await seenYesterday(db);
    await db.sql(`SELECT make_month('2026-03-01')`);
    const first = async (variables: Record<string, string>, name: string) => {
      const environment = archiveEnvironment({ ...variables, DATABASE_URL: db.url });
      const config = { applicationName: 'test', logger: silent, environment, wake: () => {} };
      const { duties, end } = createHistory(config);
      const { counts } = await duties.find((one) => one.name === name)!.runOnce();
      end();
      return counts;
    };
    const archive = { PUNCTUAL_ARCHIVE: '/nowhere/at-all' };
    const place = async () => (await db.sql('SELECT place IS NOT NULL AS noted FROM archive'))[0];
    expect(await place()).toEqual({ noted: false });
    const counts = await first(archive, duty);
    if (duty === 'partitioner') expect(counts['dropped']).toBe(0);
    expect(await place()).toEqual({ noted: true });
    // CONTROL: without an archive it goes.
    await db.sql('UPDATE archive SET place = NULL');
    expect((await first({}, 'partitioner'))['dropped']).toBe(1);
  }
});
