import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool, type Sql } from '#core/db.ts';
import { errorCode } from '#core/error-code.ts';
import { planJob } from '#core/jobs/plan-job.ts';
import { planRules } from '#core/jobs/plan-rules.ts';
import { recordPlans } from '#core/jobs/record-plans.sql.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { accountFor, planAll, testPlanner, ticksOf } from '#tests/support/planning.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const everySecond: Schedule = {
  type: 'interval',
  everyMs: 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};
const begin = async () => {
  const [clock] = await db.sql<{ now: Date }>(
    `SELECT date_trunc('second', clock_timestamp()) AS now`,
  );
  return clock!.now;
};

test('rule 1: eight planners at once, one in five of whose transactions rolls back, make one row a tick', async () => {
  const createdAt = await begin();
  const jobs: TestJob[] = [];
  let commits = 0;
  for (let n = 0; n < 20; n++) jobs.push(await makeJob(db, { schedule: everySecond, createdAt }));
  const pools = Array.from({ length: 8 }, (_, n) =>
    createPool({ url: db.url, max: 2, applicationName: `planner-${n}` }),
  );
  try {
    // Each looks a little further ahead than the one before, so that all of them find work again and again.
    for (let round = 1; round <= 5; round++) {
      await Promise.all(
        pools.map((pool, n) =>
          untilPlanned(
            testPlanner(
              rollingBack(pool, () => ++commits % 5 === 0),
              round * 16_000 + n * 2_000,
            ),
          ),
        ),
      );
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
  // More than twice as far as the last round: a job is planned when its next tick lies within half of the way.
  await planAll(testPlanner(db.pool, 240_000));
  let ticks = 0;
  for (const job of jobs) {
    const rows = await ticksOf(db.sql, job.id);
    const until = rows.at(-1)!.at;
    const history = [{ from: createdAt, revision: 1, schedule: everySecond }];
    expect(await accountFor(db.sql, job.id, { after: createdAt, until, history })).toEqual([]);
    ticks += rows.length;
  }
  expect(ticks).toBeGreaterThan(20 * 150);
  // How often the planners meet is chance; each round commits once at least, so that one was rolled back.
  expect(commits).toBeGreaterThanOrEqual(5);
});

test('rule 1: a planner that was late with an older cursor writes nothing', async () => {
  const { job, stale } = await jobPlannedTwice();
  expect(await recordPlans(db.sql, [stale])).toEqual({ jobs: 0, ticks: 0, gaps: 0 });
  expect(await doubles(db.sql, job.id)).toBe(0);
});

test('control: without the compare-and-set the late planner doubles the ticks that have finished', async () => {
  const { job, stale } = await jobPlannedTwice();
  const unguarded: Sql = (text, values) =>
    db.sql(
      text
        .replace('AND j.planned_until = p.planned_until', '')
        .replace('SET planned_until = p.to_planned_until', 'SET planned_until = j.planned_until'),
      values,
    );
  await recordPlans(unguarded, [stale]);
  expect(await doubles(db.sql, job.id)).toBeGreaterThan(0);
});

test('rule 1: the cursor can’t be forced back', async () => {
  const job = await makeJob(db, { schedule: everySecond });
  const forced = db.sql(
    `UPDATE job SET planned_until = planned_until - interval '1 minute' WHERE id = $1`,
    [job.id],
  );
  await expect(forced).rejects.toSatisfy((error: { constraint?: string }) => {
    return errorCode(error) === '23514' && error.constraint === 'job_cursor_forward';
  });
});

test('control: with the trigger taken out a cursor that goes back doubles finished ticks', async () => {
  await using own = await createTestDatabase();
  const job = await makeJob(own, { schedule: everySecond });
  await planAll(testPlanner(own.pool));
  await finishAll(own.sql, job.id);
  await own.pool.query('ALTER TABLE job DISABLE TRIGGER job_cursor_forward');
  await own.sql(
    `UPDATE job SET planned_until = created_at, next_tick_at = created_at WHERE id = $1`,
    [job.id],
  );
  await planAll(testPlanner(own.pool));
  expect(await doubles(own.sql, job.id)).toBeGreaterThan(0);
});

test('a job whose schedule can’t be reckoned wedges no other, and counts again when it is mended', async () => {
  await using own = await createTestDatabase();
  const good = await makeJob(own, { schedule: everySecond });
  const bad = await makeJob(own, { schedule: everySecond });
  await own.sql(
    `UPDATE revision SET definition = jsonb_set(definition, '{schedule}', '{"type":"moon"}') WHERE job_id = $1`,
    [bad.id],
  );
  const planner = testPlanner(own.pool);
  expect(await planAll(planner)).toMatchObject({ jobs: 1, aside: 1 });
  expect((await ticksOf(own.sql, good.id)).length).toBeGreaterThan(50);
  expect(await ticksOf(own.sql, bad.id)).toEqual([]);
  await own.sql(
    `WITH mended AS (INSERT INTO revision (job_id, number, definition, created_by) VALUES ($1::int, 2, $2::jsonb, 'Test'))
     UPDATE job SET revision = 2 WHERE id = $1::int`,
    [bad.id, JSON.stringify(bad.definition)],
  );
  await planAll(planner);
  expect((await ticksOf(own.sql, bad.id)).length).toBeGreaterThan(50);
});

test('a plan that a constraint refuses is put aside alone', async () => {
  await using own = await createTestDatabase();
  const [clock] = await own.sql<{ ago: Date }>(`SELECT now() - interval '1 hour' AS ago`);
  const good = await makeJob(own, { schedule: everySecond, createdAt: clock!.ago });
  const bad = await makeJob(own, { schedule: everySecond, createdAt: clock!.ago });
  // A trigger stands in for whatever the database may refuse.
  await own.pool.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON gap FOR EACH ROW WHEN (NEW.job_id = ${bad.id}) EXECUTE FUNCTION refuse()`);
  expect(await planAll(testPlanner(own.pool))).toMatchObject({ jobs: 1, aside: 1, gaps: 1 });
  expect((await ticksOf(own.sql, good.id)).length).toBeGreaterThan(50);
  expect(await ticksOf(own.sql, bad.id)).toEqual([]);
});

/** A job whose ticks are planned and finished, and a plan that began with the cursor before that. */
async function jobPlannedTwice() {
  const job = await makeJob(db, { schedule: everySecond });
  const [row] = await db.sql<{ plannedUntil: Date; now: Date }>(
    `SELECT planned_until AS "plannedUntil", clock_timestamp() AS now FROM job WHERE id = $1`,
    [job.id],
  );
  const { plannedUntil, now } = row!;
  const state = { jobId: job.id, revision: 1, plannedUntil, replanFrom: null, accounted: [] };
  const plan = () =>
    planJob(state, planRules(job.definition), { now, horizon: new Date(now.getTime() + 20_000) });
  const stale = plan();
  expect((await recordPlans(db.sql, [plan()])).ticks).toBeGreaterThan(10);
  await finishAll(db.sql, job.id);
  return { job, stale };
}

async function finishAll(sql: Sql, jobId: number): Promise<void> {
  await sql(
    `UPDATE run SET is_live = false, state = 'succeeded', finished_at = now() WHERE is_live AND job_id = $1`,
    [jobId],
  );
}

async function doubles(sql: Sql, jobId: number): Promise<number> {
  const rows = await ticksOf(sql, jobId);
  return rows.length - new Set(rows.map(({ at }) => at.getTime())).size;
}

async function untilPlanned(planner: ReturnType<typeof testPlanner>): Promise<void> {
  for (;;) {
    try {
      const { nextInMs } = await planner.runOnce();
      if (nextInMs !== 0) return;
    } catch (error) {
      if ((error as Error).message !== ROLLED_BACK) throw error;
    }
  }
}

const ROLLED_BACK = 'rolled back by the test';

/** A pool some of whose transactions end in ROLLBACK where COMMIT was asked for. */
function rollingBack(pool: pg.Pool, isNext: () => boolean): pg.Pool {
  const connect = async () => {
    const client = await pool.connect();
    return new Proxy(client, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name !== 'query' || typeof value !== 'function') {
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return async (text: unknown, ...rest: unknown[]) => {
          if (text !== 'COMMIT' || !isNext()) return value.call(target, text, ...rest);
          await target.query('ROLLBACK');
          throw new Error(ROLLED_BACK);
        };
      },
    });
  };
  return new Proxy(pool, {
    get(target, name) {
      const value: unknown = name === 'connect' ? connect : Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
