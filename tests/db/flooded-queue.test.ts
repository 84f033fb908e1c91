import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { QueryConfig } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Clock } from '#core/clock.ts';
import { createPool, type Sql, transaction } from '#core/db.ts';
import { readFigureRows } from '#core/health/figures.sql.ts';
import { readRecentRuns } from '#core/jobs/job-history.sql.ts';
import { readQueueRows } from '#core/queues/queues.sql.ts';
import { FIRST_IN_QUEUE } from '#core/runs/candidates.sql.ts';
import { type Claim, claimRuns } from '#core/runs/claim.sql.ts';
import { claimAlone, lookForAlone } from '#core/runs/claim-alone.sql.ts';
import { finishAttemptsIfStillOwned } from '#core/runs/finish.sql.ts';
import { readSituation } from '#core/why/snapshot.sql.ts';
import { blocksRead } from '#tests/support/blocks-read.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { claimingWorker } from '#tests/support/claiming.ts';
import { makeRun, makeWorker } from '#tests/support/runs.ts';
import { createLimiter } from '#worker/limiter.ts';
import { SESSION_SETTINGS } from '#worker/session-settings.ts';
import { createStatistician } from '#worker/statistician.ts';

const FLOOD = 20_000;
let db: TestDatabase;

beforeEach(async () => {
  db = await createTestDatabase();
  await db.sql(
    `INSERT INTO queue (name, description, max_running, max_waiting, default_timeout_ms)
     VALUES ('crowd', '', 100, 1000000, 60000), ('quiet', '', 10, 100, 60000)`,
  );
});
afterEach(() => db.drop());

/** So many runs of it that have waited for a minute. */
async function flood(job: TestJob, count = FLOOD): Promise<void> {
  await db.sql(
    `INSERT INTO run (scheduled_for, due_at, job_id, revision, trigger, requested_by, queue, kind, overlap)
     SELECT now() - interval '1 minute', now() - interval '1 minute', $1::int, 1, 'manual', 'Test', 'crowd', 'script', $2::text
       FROM generate_series(1, $3::int)`,
    [job.id, job.definition.overlap, count],
  );
}

/** Whose statements are planned as a worker's are. */
const workersPool = (max: number) =>
  createPool({ url: db.url, max, applicationName: 'test', settings: SESSION_SETTINGS });

const claimOf = (workerId: number, slots: number): Claim => ({
  workerId,
  room: { slots },
  queues: ['crowd', 'quiet'],
  kinds: [],
  labels: {},
});

test('a queue in which thousands wait leaves the others their turn', async () => {
  const crowd = await makeJob(db, { queue: 'crowd', overlap: 'allow' });
  const quiet = await makeJob(db, { queue: 'quiet', overlap: 'allow' });
  await flood(crowd, 2_000);
  const workerId = await makeWorker(db);
  // All slots but one are taken by the crowd; what becomes due last is in the other queue.
  expect(await claimRuns(db.sql, claimOf(workerId, 9))).toHaveLength(9);
  const id = await makeRun(db, quiet, { queue: 'quiet' });
  const [claimed] = await claimRuns(db.sql, claimOf(workerId, 1));
  expect(claimed!.id).toBe(id);
  // Control: its own priority still goes before.
  await makeRun(db, quiet, { queue: 'quiet' });
  const urgent = await makeRun(db, crowd, { queue: 'crowd', priority: 2 });
  expect((await claimRuns(db.sql, claimOf(workerId, 1)))[0]!.id).toBe(urgent);
});

test('what waits behind thousands that can’t start is found', async () => {
  const inTurn = await makeJob(db, { queue: 'crowd', overlap: 'queue_all' });
  const behind = await makeJob(db, { queue: 'crowd', overlap: 'queue_all' });
  const free = await makeJob(db, { queue: 'crowd', overlap: 'allow' });
  await flood(inTurn, 2 * FIRST_IN_QUEUE);
  const ids = [
    await makeRun(db, behind, { queue: 'crowd' }),
    await makeRun(db, free, { queue: 'crowd' }),
    await makeRun(db, free, { queue: 'crowd' }),
  ];
  await makeRun(db, behind, { queue: 'crowd' });
  const worker = await claimingWorker(db, { slots: 10 });
  const started = await worker.look();
  expect(started.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  expect(started).toHaveLength(4);
  expect(started.filter(({ jobId }) => jobId === inTurn.id)).toHaveLength(1);
});

test('a claim costs by what it looks at, not by the runs of one job that wait', async () => {
  const job = await makeJob(db, { queue: 'crowd', overlap: 'queue_all' });
  const pool = workersPool(1);
  try {
    const workerId = await makeWorker(db);
    // The plans of a session are made while nothing waits.
    await transaction(pool, (sql) => claimRuns(sql, claimOf(workerId, 20)));
    await transaction(pool, (sql) => claimRuns(sql, { ...claimOf(workerId, 20), among: 'jobs' }));
    await flood(job);
    for (const among of ['first', 'jobs'] as const) {
      const read = await blocksRead(pool, (sql) =>
        claimRuns(sql, { ...claimOf(workerId, 20), among }),
      );
      expect(read).toBeLessThan(12 * FIRST_IN_QUEUE);
    }
  } finally {
    await pool.end();
  }
});

test('what is due alone costs the same, however many will be due later', async () => {
  const job = await makeJob(db, { queue: 'crowd', overlap: 'queue_all' });
  const pool = workersPool(1);
  try {
    const workerId = await makeWorker(db);
    await flood(job);
    await db.sql(`UPDATE run_live SET due_at = now() + interval '1 hour'`);
    await db.sql('VACUUM run_live');
    const id = await makeRun(db, await makeJob(db, { queue: 'quiet' }), { queue: 'quiet' });
    const taken = async (sql: Sql) => {
      await lookForAlone(sql, []);
      return claimAlone(sql, { workerId, kinds: [], labels: {}, jobsBeyond: [] });
    };
    expect(await blocksRead(pool, taken)).toBeLessThan(200);
    expect(await transaction(pool, taken)).toMatchObject({ id });
  } finally {
    await pool.end();
  }
});

test('what a limit of a job lets run costs by the limit, not by the runs of the job that wait', async () => {
  const job = await makeJob(db, { queue: 'crowd', overlap: 'allow', maxParallel: 10 });
  const pool = workersPool(1);
  try {
    const workerId = await makeWorker(db);
    await transaction(pool, (sql) => claimRuns(sql, claimOf(workerId, 20)));
    await flood(job);
    await db.sql(`UPDATE run_live SET max_parallel = 10`);
    // Of the rows written twice only the newer count.
    await db.sql('VACUUM run_live');
    for (const running of [0, 10]) {
      const read = await blocksRead(pool, (sql) => claimRuns(sql, claimOf(workerId, 100)));
      expect(read, `with ${running} running`).toBeLessThan(4_000);
      const runs = await transaction(pool, (sql) => claimRuns(sql, claimOf(workerId, 100)));
      expect(runs).toHaveLength(10 - running);
    }
  } finally {
    await pool.end();
  }
});

test('the reads of queues cost by the queue, however many wait', async () => {
  const job = await makeJob(db, { queue: 'crowd', overlap: 'queue_all' });
  const pool = createPool({ url: db.url, max: 1, applicationName: 'test' });
  try {
    // Health reads much besides.
    const atRest = await blocksRead(pool, (sql) => readFigureRows(sql));
    await flood(job);
    expect(await blocksRead(pool, (sql) => readQueueRows(sql, null))).toBeLessThan(2_000);
    expect(await blocksRead(pool, (sql) => readFigureRows(sql))).toBeLessThan(atRest + 2_000);
  } finally {
    await pool.end();
  }
});

test('why a job isn’t running costs by the first of its runs, however many wait', async () => {
  const job = await makeJob(db, { queue: 'crowd', overlap: 'queue_all' });
  // As a console's are planned.
  const settings = { enable_seqscan: 'off', enable_bitmapscan: 'off' };
  const pool = createPool({ url: db.url, max: 1, applicationName: 'test', settings });
  try {
    await flood(job);
    const asked = { key: job.key };
    await db.sql('VACUUM ANALYZE run_live');
    expect(await blocksRead(pool, (sql) => readSituation(sql, asked, null))).toBeLessThan(200);
  } finally {
    await pool.end();
  }
});

test('a backlog that takes longer to look through than a statement may doesn’t keep what is due now waiting', async () => {
  const old = await makeJob(db, { queue: 'crowd', overlap: 'skip' });
  const fresh = await makeJob(db, { queue: 'quiet', overlap: 'skip' });
  await flood(old, 10);
  const asked: Date[] = [];
  const pool = createPool({ url: db.url, max: 2, applicationName: 'test' });
  const query = pool.query.bind(pool);
  Object.assign(pool, {
    query: async (statement: QueryConfig) => {
      const since: unknown = statement.values?.[0];
      if (since instanceof Date) asked.push(since);
      if (since instanceof Date && since.getTime() === 0) {
        throw Object.assign(new Error('canceling statement due to statement timeout'), {
          code: '57014',
        });
      }
      return query(statement);
    },
  });
  try {
    const { runOnce } = createLimiter({ pool, clock: new Clock() });
    const [first] = [await makeRun(db, fresh), await makeRun(db, fresh)];
    const { counts } = await runOnce();
    expect(counts).toMatchObject({ overlap: 1 });
    expect(asked[0]!.getTime()).toBe(0);
    expect(asked.slice(1).every((since) => since.getTime() > 0)).toBe(true);
    const [waiting] = await db.sql<{ id: number }>(
      `SELECT id FROM run_live WHERE job_id = $1::int`,
      [fresh.id],
    );
    expect(waiting!.id).toBe(first);
  } finally {
    await pool.end();
  }
});

test('plans made while nothing waited are made anew once thousands do', async () => {
  const job = await makeJob(db, { queue: 'crowd', overlap: 'allow' });
  const pool = workersPool(4);
  const statistician = createStatistician({ pool, intervalMs: 60_000 });
  const session = await pool.connect();
  try {
    // As autovacuum leaves it after a quiet night.
    await db.sql('ANALYZE run_live');
    const { blocksOfNobodysEnd } = await prepareFinish(session);
    expect(await blocksOfNobodysEnd()).toBeLessThan(50);
    await flood(job);
    // Control: the plan for an empty table goes through all that wait.
    expect(await blocksOfNobodysEnd()).toBeGreaterThan(200);
    await expect
      .poll(
        async () => {
          await statistician.runOnce();
          return blocksOfNobodysEnd();
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBeLessThan(50);
  } finally {
    session.release();
    await pool.end();
  }
});

test('the latest runs of many jobs are found by the job, though the plan was made before a crowd was due', async () => {
  const crowd = await makeJob(db, { queue: 'crowd', overlap: 'allow' });
  const others: TestJob[] = [];
  for (let n = 0; n < 10; n++) others.push(await makeJob(db, { queue: 'quiet' }));
  const pool = createPool({
    url: db.url,
    max: 1,
    applicationName: 'test',
    settings: { enable_seqscan: 'off', plan_cache_mode: 'force_generic_plan' },
  });
  const session = await pool.connect();
  try {
    await flood(crowd);
    await db.sql(`UPDATE run_live SET scheduled_for = now() + interval '2 seconds'`);
    await db.sql('VACUUM ANALYZE run_live');
    const ids = others.map(({ id }) => id);
    await readRecentRuns(
      async (text) => {
        await session.query(`PREPARE recent AS ${text}`);
        return [];
      },
      ids,
      50,
    );
    const blocks = () => blocksOf(session, `recent ('{${ids.join(',')}}', 50)`);
    expect(await blocks()).toBeLessThan(500);
    await pause(2_000);
    expect(await blocks()).toBeLessThan(500);
  } finally {
    session.release();
    await pool.end();
  }
});

/** The statement that records ends, prepared in this session, and what carrying it out for no run looks at. */
async function prepareFinish(session: pg.PoolClient) {
  let parameters = 0;
  await finishAttemptsIfStillOwned(async (text, values = []) => {
    parameters = values.length;
    await session.query(`PREPARE finish AS ${text}`);
    return [];
  }, []);
  const none = Array.from({ length: parameters }, () => `'{}'`).join(', ');
  return { blocksOfNobodysEnd: () => blocksOf(session, `finish (${none})`) };
}

/** What carrying out a prepared statement looks at. */
async function blocksOf(session: pg.PoolClient, prepared: string): Promise<number> {
  const { rows } = await session.query<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE ${prepared}`,
  );
  const plan = rows[0]!['QUERY PLAN'][0]!.Plan;
  return plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!;
}
