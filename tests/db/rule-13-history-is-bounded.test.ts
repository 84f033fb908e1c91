import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { seenYesterday } from '#tests/support/history.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { silent } from '#tests/support/planning.ts';
import { until } from '#tests/support/wait.ts';
import { createPartitioner } from '#worker/partitioner.ts';
import { createPruner } from '#worker/pruner.ts';

let db: TestDatabase;
let clock: TestClock;
beforeEach(async () => {
  db = await createTestDatabase();
  clock = await holdClock(db, new Date('2027-01-15T12:00:00.000Z'));
  await seenYesterday(db);
});
afterEach(() => db.drop());

/** Time passes, and Punctual is there the day before as well. */
const goOnUntil = async (at: string) => {
  await clock.set(new Date(at));
  await seenYesterday(db);
};
const partitioner = (lockTimeoutMs = 500) =>
  createPartitioner({ pool: db.pool, logger: silent, lockTimeoutMs });
const months = async (parent = 'run_done') =>
  (
    await db.sql<{ name: string }>(
      `SELECT right(inhrelid::regclass::text, 7) AS name FROM pg_inherits
        WHERE inhparent = $1::regclass AND NOT inhdetachpending ORDER BY 1`,
      [parent],
    )
  ).map(({ name }) => name);
const tablesOf = async (month: string) =>
  (
    await db.sql<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND right(relname, 8) = '_' || $1`,
      [month],
    )
  ).map(({ name }) => name);
const runs = async (jobId: number) =>
  (
    await db.sql<{ at: string }>(
      `SELECT to_char(scheduled_for AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS at FROM run WHERE job_id = $1 ORDER BY 1`,
      [jobId],
    )
  ).map(({ at }) => at);

test('a month that several sessions make at once is made once, and none of them fails', async () => {
  const [first, second, third] = await Promise.all([
    db.pool.connect(),
    db.pool.connect(),
    db.pool.connect(),
  ]);
  const others = [second, third];
  const make = `SELECT make_month('2031-05-01') AS made`;
  try {
    // Each has looked before, and so believes to know that there is none.
    for (const client of [first, ...others])
      await client.query(`SELECT to_regclass('run_done_2031_05')`);
    await first.query('BEGIN');
    expect((await first.query(make)).rows).toEqual([{ made: true }]);
    const waiting = Promise.all(others.map((client) => client.query(make)));
    await until(
      async () =>
        (await db.sql(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`))
          .length === 2,
      { what: 'the others to wait' },
    );
    await first.query('COMMIT');
    expect((await waiting).map(({ rows }) => rows[0])).toEqual([{ made: false }, { made: false }]);
  } finally {
    for (const client of [first, ...others]) client.release();
  }
});

test('rule 13: three months ahead are made, those past the longest retention are dropped whole', async () => {
  const job = await makeJob(db);
  await insertFinished(job.id, ['2026-11-20', '2026-12-20', '2027-01-10']);
  expect((await months()).slice(0, 2)).toEqual(['2026_09', '2026_10']);
  await goOnUntil('2027-03-15T12:00:00Z');
  // 90 days back lies 15 December: November has gone by, December hasn't.
  await partitioner().runOnce();
  for (const parent of ['run_done', 'attempt', 'log_chunk']) {
    expect(await months(parent)).toEqual([
      '2026_12',
      '2027_01',
      '2027_02',
      '2027_03',
      '2027_04',
      '2027_05',
      '2027_06',
    ]);
  }
  expect(await runs(job.id)).toEqual(['2026-12-20', '2027-01-10']);
  expect(await tablesOf('2026_11')).toEqual([]);
  expect((await partitioner().runOnce()).counts).toEqual({ made: 0, dropped: 0 });
});

test('a job that keeps its history for longer keeps the months, and the others’ runs are pruned', async () => {
  const long = await makeJob(db, { retentionDays: 365 });
  const usual = await makeJob(db);
  await insertFinished(long.id, ['2026-11-20']);
  await insertFinished(usual.id, ['2026-11-20', '2027-03-01']);
  await goOnUntil('2027-03-15T12:00:00Z');
  expect((await partitioner().runOnce()).counts['dropped']).toBe(0);
  expect((await createPruner({ pool: db.pool }).runOnce()).counts).toEqual({
    runs: 1,
    chunks: 0,
    gaps: 0,
  });
  expect(await runs(long.id)).toEqual(['2026-11-20']);
  expect(await runs(usual.id)).toEqual(['2027-03-01']);
});

test('a month to which a live run will come back stays until that has ended', async () => {
  const job = await makeJob(db);
  await db.sql(
    `INSERT INTO run (job_id, revision, trigger, scheduled_for, due_at, queue, kind)
     VALUES ($1, 1, 'manual', '2026-11-20', '2026-11-20', 'default', 'script')`,
    [job.id],
  );
  await goOnUntil('2027-06-15T12:00:00Z');
  await partitioner().runOnce();
  expect(await months()).toContain('2026_11');
  await db.sql(
    `UPDATE run SET is_live = false, state = 'cancelled', finished_at = now() WHERE is_live AND job_id = $1`,
    [job.id],
  );
  await partitioner().runOnce();
  expect(await months()).not.toContain('2026_11');
});

test('a clock that was set ahead lets nothing go by its age until it has been there for a day', async () => {
  const job = await makeJob(db, { retentionDays: 30 });
  await insertFinished(job.id, ['2026-11-20', '2027-01-10']);
  await makeJob(db, { retentionDays: 365 });
  const { sql } = db;
  for (const at of ['2200-06-01T00:00:00Z', '2200-06-01T23:00:00Z']) {
    await clock.set(new Date(at));
    await sql(
      `INSERT INTO database_size (day, bytes) VALUES (now()::date, 1) ON CONFLICT DO NOTHING`,
    );
    expect((await partitioner().runOnce()).counts['dropped']).toBe(0);
    expect((await createPruner({ pool: db.pool }).runOnce()).counts).toMatchObject({ runs: 0 });
  }
  expect(await runs(job.id)).toHaveLength(2);
  // Set right again it goes on as before.
  await clock.set(new Date('2027-01-16T12:00:00Z'));
  expect((await createPruner({ pool: db.pool }).runOnce()).counts).toMatchObject({ runs: 1 });
  await clock.set(new Date('2200-06-02T00:00:01Z'));
  expect((await partitioner().runOnce()).counts['dropped']).toBeGreaterThan(0);
});

test('however short the retention, months that a start deadline may still need stay', async () => {
  await db.sql('UPDATE installation SET retention_days = 1');
  await partitioner().runOnce();
  expect(await months()).toContain('2026_12');
});

test('rule 13: a short retention is pruned in batches of 1,000, with attempts and logs', async () => {
  const short = await makeJob(db, { retentionDays: 7 });
  const usual = await makeJob(db);
  for (const { id } of [short, usual]) {
    await db.sql(
      `INSERT INTO run (is_live, state, finished_at, job_id, revision, trigger, scheduled_for, due_at, queue, kind)
       SELECT false, 'succeeded', now(), $1, 1, 'tick', now() - n * interval '1 minute', now(), 'default', 'script'
         FROM generate_series(1, 12500) n`,
      [id],
    );
  }
  await db.pool.query(`
    INSERT INTO attempt (run_id, scheduled_for, number, outcome, worker_id, due_at, started_at, finished_at)
    SELECT id, scheduled_for, 1, 'succeeded', 1, now(), now(), now() FROM run;
    INSERT INTO log_chunk (run_id, scheduled_for, seq, attempt, first_line, line_count, byte_count, body)
    SELECT id, scheduled_for, 1, 1, 1, 1, 1, 'x' FROM run;
    INSERT INTO gap (job_id, revision, span, reason, ticks)
    VALUES (${short.id}, 1, tstzrange(now() - interval '9 days', now() - interval '8 days'), 'paused', 5),
           (${short.id}, 1, tstzrange(now() - interval '6 days', now() - interval '5 days'), 'paused', 5),
           (${usual.id}, 1, tstzrange(now() - interval '9 days', now() - interval '8 days'), 'paused', 5)`);
  const pruner = createPruner({ pool: db.pool });
  const passes: Readonly<Record<string, number>>[] = [];
  for (let isMore = true; isMore;) {
    const { counts, nextInMs } = await pruner.runOnce();
    passes.push(counts);
    isMore = nextInMs !== undefined;
  }
  // 12,500 minutes are 8.7 days: 7 days of them, 10,080, stay.
  expect(passes).toEqual([
    { runs: 1_000, chunks: 1_000, gaps: 1 },
    { runs: 1_000, chunks: 1_000, gaps: 0 },
    { runs: 420, chunks: 420, gaps: 0 },
  ]);
  const kept = async (table: string) =>
    (
      await db.sql<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${table} WHERE scheduled_for < now() - interval '7 days'`,
      )
    )[0]!.count;
  for (const table of ['run', 'attempt', 'log_chunk']) expect(await kept(table)).toBe(2_420);
  expect(await db.sql('SELECT FROM gap')).toHaveLength(2);
});

test('whoever reads an old month for long holds up nobody who finishes a run, and the month goes later', async () => {
  const job = await makeJob(db);
  await insertFinished(job.id, ['2026-11-20']);
  await goOnUntil('2027-05-15T12:00:00Z');
  const { finishWhile, reader } = await readerAndRun(job.id);
  try {
    await finishWhile(partitioner(2_000).runOnce());
    // The oldest month is out of the ledger already and waits for its reader; the next ones wait for it.
    expect(await months()).not.toContain('2026_09');
    expect((await tablesOf('2026_09')).toSorted()).toEqual([
      'attempt_2026_09',
      'log_chunk_2026_09',
      'run_done_2026_09',
    ]);
  } finally {
    await reader.end();
  }
  await partitioner().runOnce();
  for (const month of ['2026_09', '2026_10', '2026_11']) expect(await tablesOf(month)).toEqual([]);
});

test('control: a plain DROP of the month does hold them up', async () => {
  const job = await makeJob(db);
  await insertFinished(job.id, ['2026-11-20']);
  const { finishWhile, reader } = await readerAndRun(job.id);
  const dropper = await db.pool.connect();
  try {
    await dropper.query("SET lock_timeout = '2s'");
    const dropped = dropper.query('DROP TABLE run_done_2026_11').catch((error: Error) => error);
    await expect(finishWhile(dropped)).rejects.toThrow(/lock timeout/);
  } finally {
    dropper.release(true);
    await reader.end();
  }
});

/** A transaction that reads history and stays open, and a run that somebody finishes meanwhile. */
async function readerAndRun(jobId: number) {
  const client = await db.pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT count(*) FROM run WHERE NOT is_live');
  const reader = {
    end: async () => {
      await client.query('ROLLBACK');
      client.release();
    },
  };
  await db.sql(
    `INSERT INTO run (job_id, revision, trigger, scheduled_for, due_at, queue, kind)
     VALUES ($1, 1, 'manual', now(), now(), 'default', 'script')`,
    [jobId],
  );
  /** Finishes it again and again for as long as `work` takes; a finish that waits for 1 s throws. */
  const finishWhile = async (work: Promise<unknown>) => {
    let isOver = false;
    const settled = work.finally(() => (isOver = true));
    const finisher = await db.pool.connect();
    try {
      await finisher.query("SET lock_timeout = '1s'");
      while (!isOver) {
        await finisher.query('BEGIN');
        await finisher.query(
          `UPDATE run SET is_live = false, state = 'cancelled', finished_at = now() WHERE is_live AND job_id = ${jobId}`,
        );
        await finisher.query('ROLLBACK');
      }
    } finally {
      finisher.release(true);
      await settled;
    }
  };
  return { reader, finishWhile };
}

async function insertFinished(jobId: number, days: readonly string[]): Promise<void> {
  await db.sql(
    `INSERT INTO run (is_live, state, finished_at, job_id, revision, trigger, scheduled_for, due_at, queue, kind)
     SELECT false, 'succeeded', day::timestamptz, $1, 1, 'tick', day::timestamptz, day::timestamptz, 'default', 'script'
       FROM unnest($2::text[]) AS day`,
    [jobId, days],
  );
}
