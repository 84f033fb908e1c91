import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { prisma } from '#core/prisma.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { gapsOf, planAll, silent, testPlanner, ticksOf } from '#tests/support/planning.ts';
import { makeRun, makeWorker, readLedger } from '#tests/support/runs.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { createGapCounter } from '#worker/gap-counter.ts';
import { createHealer } from '#worker/healer.ts';
import { countLeasesFromNow } from '#core/heal/clock-back.sql.ts';

const web = webDatabase();
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
let clock: TestClock;
let began: Date;
beforeAll(async () => {
  clock = await holdClock(web.db(), new Date('2027-05-03T08:00:05.000Z'));
});
beforeEach(async () => {
  await clock.advance(2 * DAY_MS);
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
  began = clock.now();
});

const everyMinute = () =>
  makeJob(web.db(), {
    schedule: {
      type: 'interval',
      everyMs: MINUTE_MS,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
    },
  });
const heal = async () =>
  (await createHealer({ pool: web.db().pool, logger: silent }).runOnce()).counts['healed'];

/** Time goes by, and planners plan, as a worker's would. */
async function live(minutes: number): Promise<void> {
  for (let half = 0; half < 2 * minutes; half++) {
    await planAll(testPlanner(web.db().pool));
    await clock.advance(MINUTE_MS / 2);
  }
  await planAll(testPlanner(web.db().pool));
}

/** What happens while the clock is a day ahead; then it is right again, a minute later. */
async function aDayAhead(meanwhile: () => Promise<void>): Promise<void> {
  const was = clock.now();
  await clock.advance(DAY_MS);
  await meanwhile();
  await clock.set(new Date(was.getTime() + MINUTE_MS));
}

async function expectEven(job: TestJob): Promise<void> {
  await createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();
  const audit = valueOf(await auditTicks(admin, { key: job.key, from: began }));
  expect(audit.jobs[0]).toMatchObject({ findings: [], isEven: true });
}

const ticksSince = async (job: TestJob, from: Date) =>
  (await ticksOf(web.db().sql, job.id)).filter(({ at }) => at > from && at <= clock.now());

describe('ticks', () => {
  test('that stood as missed and lie ahead are planned, and what ran early ran', async () => {
    const job = await everyMinute();
    await live(3);
    await aDayAhead(() => live(3));
    const back = clock.now();
    expect(await gapsOf(web.db().sql, job.id)).toMatchObject([{ reason: 'missed' }]);
    expect(await heal()).toBeGreaterThan(0);
    // A minute passed while the clock was wrong: what it had is missed, or planned, but nothing beyond.
    for (const { to } of await gapsOf(web.db().sql, job.id)) {
      expect(to!.getTime()).toBeLessThanOrEqual(back.getTime() + 1);
    }
    await live(5);
    expect(await ticksSince(job, back)).toHaveLength(5);
    await expectEven(job);
    const [entry] = await prisma().auditEntry.findMany({
      where: { subject: `job:${job.key}`, action: 'job.heal' },
    });
    expect(entry?.reason).toBe(
      'The clock went back: ticks that lie ahead stood as missed. They are planned.',
    );
    expect(await heal()).toBe(0);
  });

  test('of a job that was paused meanwhile stand in the pause from now on', async () => {
    const job = await everyMinute();
    await live(3);
    await aDayAhead(async () => {
      await live(2);
      valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    });
    expect(await heal()).toBeGreaterThan(0);
    await live(5);
    await expectEven(job);
    valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
    const resumed = clock.now();
    await live(3);
    expect(await ticksSince(job, resumed)).toHaveLength(3);
    await expectEven(job);
  });

  test('of a job that was paused and resumed meanwhile are planned', async () => {
    const job = await everyMinute();
    await live(3);
    await aDayAhead(async () => {
      valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
      await live(2);
      valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
      await live(2);
    });
    const back = clock.now();
    expect(await heal()).toBeGreaterThan(0);
    await live(5);
    expect(await ticksSince(job, back)).toHaveLength(5);
    await expectEven(job);
    // And on the day that the wrong clock showed.
    await clock.advance(DAY_MS - 8 * MINUTE_MS);
    await live(1);
    const there = clock.now();
    await live(5);
    expect(await ticksSince(job, there)).toHaveLength(5);
    await expectEven(job);
  });

  test('of a job that was resumed meanwhile are planned, and the pause ends now', async () => {
    const job = await everyMinute();
    await live(1);
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    await live(2);
    await aDayAhead(async () => void valueOf(await resumeJobs(admin, { jobIds: [job.id] })));
    const back = clock.now();
    expect(await heal()).toBeGreaterThan(0);
    await live(5);
    expect(await ticksSince(job, back)).toHaveLength(5);
    await expectEven(job);
  });

  test('of a job that was edited meanwhile are those of its new schedule', async () => {
    const job = await everyMinute();
    await live(3);
    await aDayAhead(async () => {
      const definition = {
        ...job.definition,
        schedule: { ...job.definition.schedule, everyMs: 2 * MINUTE_MS },
      };
      valueOf(await editJob(admin, { jobId: job.id, basedOnRevision: 1, definition }));
      await live(2);
    });
    const back = clock.now();
    expect(await heal()).toBeGreaterThan(0);
    await live(6);
    expect(await ticksSince(job, back)).toHaveLength(3);
    await expectEven(job);
  });
});

describe('a run that waits', () => {
  test('since a time that hasn’t come waits as long from now', async () => {
    const job = await makeJob(web.db());
    let [asked, later] = [0, 0];
    await aDayAhead(async () => {
      const at = clock.now();
      asked = await makeRun(web.db(), job, { scheduledFor: at, dueAt: at });
      later = await makeRun(web.db(), job, {
        scheduledFor: at,
        dueAt: new Date(at.getTime() + 5 * MINUTE_MS),
      });
    });
    expect(await heal()).toBe(2);
    const now = clock.now().getTime();
    const rows = await readLedger(web.db(), [asked, later]);
    expect(rows.map(({ dueAt }) => dueAt.getTime() - now)).toEqual([0, 5 * MINUTE_MS]);
    expect(await heal()).toBe(0);
  });

  test('for its next attempt waits as long as it was told, from now', async () => {
    const job = await makeJob(web.db());
    let retried = 0;
    await aDayAhead(async () => {
      const at = clock.now();
      retried = await makeRun(web.db(), job, {
        scheduledFor: at,
        dueAt: new Date(at.getTime() + 10 * MINUTE_MS),
        attempt: 1,
      });
      await web.db().sql(
        `INSERT INTO attempt (run_id, scheduled_for, number, outcome, worker_id, due_at, started_at, finished_at)
         VALUES ($1, $2, 1, 'failed', 1, $2, $2, $2)`,
        [retried, at],
      );
    });
    expect(await heal()).toBe(1);
    const [row] = await readLedger(web.db(), [retried]);
    expect(row!.dueAt.getTime() - clock.now().getTime()).toBe(10 * MINUTE_MS);
  });

  test('by the right clock is left alone', async () => {
    const job = await makeJob(web.db());
    const at = new Date(clock.now().getTime() - MINUTE_MS);
    const dueAt = new Date(clock.now().getTime() + 20 * DAY_MS);
    const [run] = [await makeRun(web.db(), job, { scheduledFor: at, dueAt })];
    expect(await heal()).toBe(0);
    expect((await readLedger(web.db(), [run]))[0]!.dueAt).toEqual(dueAt);
  });
});

test('what a success ahead has covered is covered up to the last one before now', async () => {
  const job = await everyMinute();
  const { sql } = web.db();
  const ran = new Date(clock.now().getTime() - 2 * MINUTE_MS);
  const ahead = new Date(clock.now().getTime() + DAY_MS);
  const ids: number[] = [];
  for (const at of [ran, ahead]) {
    const id = await makeRun(web.db(), job, { scheduledFor: at, dueAt: at, trigger: 'tick' });
    await sql(
      `UPDATE run SET is_live = false, state = 'succeeded', attempt = 1, finished_at = $2 WHERE is_live AND id = $1`,
      [id, at],
    );
    ids.push(id);
  }
  const progress = () =>
    sql(
      `SELECT covered_until AS until, covered_by::int AS by FROM job_progress WHERE job_id = $1`,
      [job.id],
    );
  await sql(
    `INSERT INTO job_progress (job_id, covered_until, covered_by) VALUES ($1, $2, $3)
     ON CONFLICT (job_id) DO UPDATE SET covered_until = excluded.covered_until, covered_by = excluded.covered_by`,
    [job.id, ahead, ids[1]],
  );
  expect(await heal()).toBeGreaterThan(0);
  expect(await progress()).toEqual([{ until: ran, by: ids[0] }]);
  await heal();
  expect(await progress()).toEqual([{ until: ran, by: ids[0] }]);
});

test('a lease that was granted ahead lasts as long from now, and no other changes', async () => {
  const { sql } = web.db();
  const right = await makeWorker(web.db(), { name: 'right', leaseMs: 30_000 });
  let ahead = 0;
  await aDayAhead(async () => {
    ahead = await makeWorker(web.db(), { name: 'ahead', leaseMs: 40_000 });
    // A column's default time is the real clock's.
    await sql('UPDATE worker SET heartbeat_at = now() WHERE id = $1', [ahead]);
  });
  const leaseOf = async (id: number) => {
    const [row] = await sql<{ until: Date }>(
      'SELECT lease_until AS until FROM worker WHERE id = $1',
      [id],
    );
    return row!.until.getTime() - clock.now().getTime();
  };
  const before = await leaseOf(right);
  expect(await countLeasesFromNow(sql)).toBe(1);
  expect(await leaseOf(ahead)).toBe(40_000);
  expect(await leaseOf(right)).toBe(before);
  expect(await countLeasesFromNow(sql)).toBe(0);
});
