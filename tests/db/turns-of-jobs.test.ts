import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPool, type Sql, sqlOf, transaction } from '#core/db.ts';
import { FIRST_IN_QUEUE } from '#core/runs/candidates.sql.ts';
import { type Claim, claimRuns, type Room } from '#core/runs/claim.sql.ts';
import { readCrowd } from '#core/why/crowd.sql.ts';
import { blocksRead } from '#tests/support/blocks-read.ts';
import { claimingWorker } from '#tests/support/claiming.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { emptyLedger, makeRun, makeWorker } from '#tests/support/runs.ts';
import { SESSION_SETTINGS } from '#worker/session-settings.ts';

const BURST = 10_000;
let db: TestDatabase;
let workerId: number;

beforeEach(async () => {
  db = await createTestDatabase();
  await db.sql(
    `INSERT INTO queue (name, description, max_running, max_waiting, default_timeout_ms)
     VALUES ('crowd', '', 5000, 1000000, 60000), ('quiet', '', 10, 100, 60000)`,
  );
  workerId = await makeWorker(db);
});
afterEach(() => db.drop());

const inCrowd = () => makeJob(db, { queue: 'crowd', overlap: 'allow', mayRunTwice: true });

/** So many runs of these jobs each, due so long ago. */
async function burst(
  jobs: readonly TestJob[],
  count: number,
  { agoMs = 60_000, priority = 0 } = {},
) {
  await db.sql(
    `INSERT INTO run (scheduled_for, due_at, job_id, revision, trigger, requested_by, queue, priority, kind, overlap)
     SELECT at, at, job.id, 1, 'manual', 'Test', 'crowd', $4::smallint, 'script', 'allow'
       FROM unnest($1::int[]) AS job (id), generate_series(1, $2::int),
            (SELECT clock_timestamp() - $3::float8 * interval '1 ms' AS at) AS due`,
    [jobs.map(({ id }) => id), count, agoMs, priority],
  );
}

const claim = (room: Room, more: Partial<Claim> = {}, sql: Sql = db.sql) =>
  claimRuns(sql, { workerId, room, queues: ['crowd', 'quiet'], kinds: [], labels: {}, ...more });

/** How many of each job, in the order of the jobs. */
const ofEach = (jobs: readonly TestJob[], runs: readonly { jobId: number }[]) =>
  jobs.map(({ id }) => runs.filter(({ jobId }) => jobId === id).length);

/** The claim with a part of it taken out. */
const without =
  (part: string, instead: string): Sql =>
  (text, values) => {
    expect(text).toContain(part);
    return db.sql(text.replaceAll(part, instead), values);
  };

describe('behind a burst of one job that became due before', () => {
  let jobs: [TestJob, TestJob, TestJob];
  beforeEach(async () => {
    jobs = [await inCrowd(), await inCrowd(), await inCrowd()];
    await burst([jobs[0]], BURST);
    await makeRun(db, jobs[1]);
    await makeRun(db, jobs[2]);
  });

  test('the other jobs of the queue have their turn in the next claim', async () => {
    expect(ofEach(jobs, await claim({ slots: 4 }))).toEqual([2, 1, 1]);
  });

  test('CONTROL: by due time alone, or without going from job to job, they wait for all of it', async () => {
    const notFromJobToJob = without('circle.step < circle.most_jobs', 'circle.step < 0');
    expect(ofEach(jobs, await claim({ slots: 4 }, {}, notFromJobToJob))).toEqual([4, 0, 0]);
    const [before] = await db.sql<{ count: number }>(
      `SELECT count(*) FROM run_live WHERE due_at < (SELECT min(due_at) FROM run_live WHERE job_id = $1::int)`,
      [jobs[1].id],
    );
    expect(before!.count).toBe(BURST);
  });

  test('a slot that becomes free goes to a job of which nothing runs', async () => {
    expect(ofEach(jobs, await claim({ slots: 1 }))).toEqual([1, 0, 0]);
    expect(ofEach(jobs, await claim({ slots: 1 }))).toEqual([0, 1, 0]);
    expect(ofEach(jobs, await claim({ slots: 1 }))).toEqual([0, 0, 1]);
  });

  test('a worker that looks by itself does the same', async () => {
    await db.sql(`UPDATE queue SET max_running = 4 WHERE name = 'crowd'`);
    const worker = await claimingWorker(db);
    expect(ofEach(jobs, await worker.look())).toEqual([2, 1, 1]);
  });

  test('a higher priority goes before every turn', async () => {
    await burst([jobs[0]], 3, { agoMs: 0, priority: 1 });
    expect(ofEach(jobs, await claim({ slots: 3 }))).toEqual([3, 0, 0]);
    // And has been its job's turn.
    expect(ofEach(jobs, await claim({ slots: 1 }))).toEqual([0, 1, 0]);
  });

  test('a job that is barred takes nobody’s turn', async () => {
    await db.sql(`UPDATE run_live SET runs_on = '{"gpu": "yes"}' WHERE job_id = $1::int`, [
      jobs[1].id,
    ]);
    expect(ofEach(jobs, await claim({ slots: 4 }))).toEqual([3, 0, 1]);
  });
});

test('two bursts share the slots evenly, also within one claim of a thousand', async () => {
  const jobs = [await inCrowd(), await inCrowd()];
  await burst(jobs.slice(0, 1), 3_000);
  await burst(jobs.slice(1), 3_000, { agoMs: 1_000 });
  expect(ofEach(jobs, await claim({ slots: 1_000 }))).toEqual([500, 500]);
  // CONTROL: by due time alone.
  await emptyLedger(db);
  workerId = await makeWorker(db);
  await burst(jobs.slice(0, 1), 3_000);
  await burst(jobs.slice(1), 3_000, { agoMs: 1_000 });
  const byTime = without('ORDER BY priority DESC, turn, due_at', 'ORDER BY priority DESC, due_at');
  expect(ofEach(jobs, await claim({ slots: 1_000 }, {}, byTime))).toEqual([1_000, 0]);
});

test('of one job, and of jobs that run equally much, what was due first starts first', async () => {
  const jobs = [await inCrowd(), await inCrowd(), await inCrowd()];
  const ids: number[] = [];
  for (const [n, job] of [jobs[2]!, jobs[0]!, jobs[1]!].entries()) {
    ids.push(await makeRun(db, job, { dueAt: new Date(Date.now() - 9_000 + n) }));
  }
  for (const id of ids) expect((await claim({ slots: 1 }))[0]!.id).toBe(id);
});

test('behind a burst wait more jobs than a claim looks at: each has its turn within few claims', async () => {
  const loud = await inCrowd();
  const jobs: TestJob[] = [];
  for (let n = 0; n < 40; n++) jobs.push(await inCrowd());
  await burst([loud], 5_000);
  // What is looked at is bounded by 100 jobs and more; here by 10 of 40.
  await burst(jobs, 1, { agoMs: 1_000 });
  const few = without('circle.step < circle.most_jobs', 'circle.step < 10');
  const found = new Set<number>();
  let claims = 0;
  for (; claims < 40 && found.size < jobs.length; claims++) {
    const runs = await claim({ slots: 11 }, { circleFrom: (claims * 0.618) % 1 }, few);
    for (const { jobId } of runs) if (jobId !== loud.id) found.add(jobId);
  }
  expect(found.size).toBe(jobs.length);
  expect(claims).toBeLessThanOrEqual(15);
});

test('a claim behind a burst costs by the jobs it looks at, not by what waits', async () => {
  const pool = createPool({
    url: db.url,
    max: 1,
    applicationName: 'test',
    settings: SESSION_SETTINGS,
  });
  try {
    // The plans of a session are made while nothing waits.
    await transaction(pool, (sql) => claim({ slots: 20 }, {}, sql));
    const jobs = [await inCrowd(), await inCrowd(), await inCrowd()];
    await burst(jobs.slice(0, 1), 2 * BURST);
    await burst(jobs.slice(1), 100, { agoMs: 1_000 });
    const read = await blocksRead(pool, (sql) => claim({ slots: 20 }, {}, sql));
    expect(read).toBeLessThan(6 * FIRST_IN_QUEUE);
    const taken = await transaction(pool, (sql) => claim({ slots: 20 }, {}, sql));
    expect(ofEach(jobs, taken)).toEqual([7, 7, 6]);
  } finally {
    await pool.end();
  }
});

describe('ahead of free slots', () => {
  const AHEAD: Room = { slots: 0, ahead: 1_000, soonFree: 10 };

  /** 3,000 runs that may run twice, of one job. */
  async function flood(): Promise<TestJob> {
    const job = await inCrowd();
    await burst([job], 3_000);
    await db.sql('UPDATE run_live SET may_run_twice = true WHERE job_id = $1', [job.id]);
    return job;
  }

  test('a flood of what may run twice takes no slot from whoever has its turn before it', async () => {
    await flood();
    // CONTROL: alone it may.
    expect(await claim(AHEAD)).toHaveLength(1_000);
    const slow = await inCrowd();
    const id = await makeRun(db, slow);
    // The worker has to run dry first, and then it is the other's turn.
    expect(await claim(AHEAD)).toEqual([]);
    expect((await claim({ ...AHEAD, slots: 1 })).map((run) => run.id)).toContain(id);
  });

  test.each([
    ['another queue', 'quiet', 0],
    ['a higher priority', 'crowd', 2],
  ])('nor from %s', async (_what, queue, priority) => {
    await flood();
    await claim(AHEAD);
    const slow = await makeJob(db, { queue, overlap: 'allow' });
    const id = await makeRun(db, slow, { queue, priority });
    expect(await claim(AHEAD)).toEqual([]);
    expect((await claim({ ...AHEAD, slots: 1 })).map((run) => run.id)).toContain(id);
  });

  test('one run that may not run twice holds up no flood for longer than until it has a slot', async () => {
    const quick = await flood();
    await claim(AHEAD);
    await makeRun(db, await inCrowd());
    expect(ofEach([quick], await claim({ ...AHEAD, slots: 1, soonFree: 9 }))).toEqual([1_000]);
  });
});

test('the place in line that is told of a run is the one at which a claim takes it', async () => {
  const jobs = [await inCrowd(), await inCrowd(), await inCrowd()];
  await burst(jobs.slice(0, 1), 5);
  await claim({ slots: 2 });
  await burst(jobs.slice(1, 2), 4, { agoMs: 9_000 });
  await burst(jobs.slice(2), 2, { agoMs: 8_000 });
  await burst(jobs.slice(2), 1, { agoMs: 7_000, priority: 1 });
  const waiting = await db.sql<{ id: number; jobId: number; priority: number; dueAt: Date }>(
    `SELECT id, job_id AS "jobId", priority, due_at AS "dueAt" FROM run_live WHERE state = 'queued'`,
  );
  expect(waiting).toHaveLength(10);
  const places = new Set<number>();
  for (const run of waiting) {
    const { ahead } = await readCrowd(db.sql, {
      ...run,
      runId: run.id,
      queue: 'crowd',
      workerIds: [],
      scope: null,
    });
    expect(await isTakenByAClaimOf(run.id, ahead)).toBe(false);
    expect(await isTakenByAClaimOf(run.id, ahead + 1)).toBe(true);
    places.add(ahead);
  }
  expect(places.size).toBe(waiting.length);
});

async function isTakenByAClaimOf(runId: number, slots: number): Promise<boolean> {
  const client = await db.pool.connect();
  try {
    await client.query('BEGIN');
    const runs = slots === 0 ? [] : await claim({ slots }, {}, sqlOf(client));
    return runs.some(({ id }) => id === runId);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

test('what a session reads of the jobs in line, it reads from their index', async () => {
  const pool = createPool({
    url: db.url,
    max: 1,
    applicationName: 'test',
    settings: SESSION_SETTINGS,
  });
  const plan: string[] = [];
  try {
    await claim({ slots: 20 }, {}, async (text, values = []) => {
      const rows = await sqlOf(pool)<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values);
      plan.push(...rows.map((row) => row['QUERY PLAN']));
      return [];
    });
  } finally {
    await pool.end();
  }
  expect(plan.filter((line) => line.includes('using run_live_turns'))).toHaveLength(4);
  expect(plan.filter((line) => line.includes('using run_live_claim'))).toHaveLength(1);
  expect(plan.filter((line) => line.includes('Seq Scan on run_live'))).toEqual([]);
});
