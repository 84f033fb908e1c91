import { beforeAll, beforeEach, expect, test } from 'vitest';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { gapsOf, planAll, silent, testPlanner, ticksOf } from '#tests/support/planning.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { createGapCounter } from '#worker/gap-counter.ts';
import { createHealer } from '#worker/healer.ts';

const web = webDatabase();
let clock: TestClock;
beforeAll(async () => {
  clock = await holdClock(web.db(), new Date('2026-12-01T00:00:00.000Z'));
});
// Time only goes on; the jobs of the test before are out of the way.
beforeEach(() => web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL'));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const plan = () => planAll(testPlanner(web.db().pool));
const berlin = (line: string): Schedule => ({
  type: 'cron',
  lines: [line],
  timeZone: 'Europe/Berlin',
});
const everySecond: Schedule = {
  type: 'interval',
  everyMs: 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};
const instants = async (jobId: number) =>
  (await ticksOf(web.db().sql, jobId)).map(({ at }) => at.toISOString());

test('a three-day outage: the latest missed tick runs, the others stand in a gap with their count', async () => {
  const job = await makeJob(web.db(), { schedule: berlin('30 2 * * *') });
  const none = await makeJob(web.db(), { schedule: berlin('30 2 * * *'), catchUp: 'none' });
  await clock.advance(3 * DAY + 4 * HOUR);
  await plan();
  expect(await ticksOf(web.db().sql, job.id)).toMatchObject([
    // Planned as due now, not as due when it was missed.
    { at: new Date('2026-12-04T01:30:00Z'), dueAt: clock.now(), state: 'queued' },
  ]);
  expect(await gapsOf(web.db().sql, job.id)).toMatchObject([{ reason: 'missed', ticks: 3 }]);
  expect(await ticksOf(web.db().sql, none.id)).toEqual([]);
  expect(await gapsOf(web.db().sql, none.id)).toMatchObject([{ reason: 'missed', ticks: 4 }]);
});

test('under all the latest of what was missed runs, spread over time; what is older stands in a gap', async () => {
  const job = await makeJob(web.db(), {
    schedule: { type: 'cron', lines: ['0 * * * *'], timeZone: 'UTC' },
    catchUp: 'all',
    catchUpMost: 5,
    catchUpPerMinute: 2,
  });
  await clock.advance(8 * HOUR);
  await plan();
  const now = clock.now().getTime();
  const hour = Math.floor(now / HOUR) * HOUR;
  expect((await ticksOf(web.db().sql, job.id)).map(({ at, dueAt }) => [at, dueAt])).toEqual(
    Array.from({ length: 5 }, (_, n) => [
      new Date(hour - (4 - n) * HOUR),
      new Date(now + n * 30_000),
    ]),
  );
  expect(await gapsOf(web.db().sql, job.id)).toMatchObject([{ reason: 'missed', ticks: 3 }]);
});

test('a crowd of jobs that each make up for a thousand ticks is planned in parts, and none is left out', async () => {
  const jobs = [];
  for (let n = 0; n < 25; n++) {
    jobs.push(
      await makeJob(web.db(), {
        schedule: { type: 'cron', lines: ['* * * * *'], timeZone: 'UTC' },
        catchUp: 'all',
        catchUpMost: 1_000,
      }),
    );
  }
  await clock.advance(17 * HOUR);
  await plan();
  const ids = jobs.map(({ id }) => id);
  const counts = await web.db().sql(
    `SELECT count(*)::int AS ticks FROM run
      WHERE job_id = ANY ($1) AND trigger = 'tick' AND scheduled_for <= now() GROUP BY job_id`,
    [ids],
  );
  expect(counts).toEqual(jobs.map(() => ({ ticks: 1_000 })));
  const gaps = await web
    .db()
    .sql('SELECT ticks::int AS ticks FROM gap WHERE job_id = ANY ($1)', [ids]);
  expect(gaps).toEqual(jobs.map(() => ({ ticks: 20 })));
});

test('a schedule that has had its number of fires has no next tick', async () => {
  const startsAt = clock.now().toISOString();
  const job = await makeJob(web.db(), {
    schedule: {
      ...everySecond,
      everyMs: 10_000,
      startsAt,
      maxFires: 4,
      jitterMs: 5_000,
    } as Schedule,
  });
  await plan();
  const { sql } = web.db();
  expect(await ticksOf(sql, job.id)).toHaveLength(4);
  const nextTick = () => sql('SELECT next_tick_at AS at FROM job WHERE id = $1', [job.id]);
  expect(await nextTick()).toEqual([{ at: null }]);
  await createHealer({ pool: web.db().pool, logger: silent }).runOnce();
  expect(await nextTick()).toEqual([{ at: null }]);
});

test('a missed tick that is past its start deadline is recorded as late and not run', async () => {
  const job = await makeJob(web.db(), {
    schedule: berlin('30 2 * * *'),
    startDeadlineMs: HOUR,
  });
  await clock.advance(DAY);
  await plan();
  expect(await ticksOf(web.db().sql, job.id)).toMatchObject([
    { state: 'skipped', skipReason: 'late' },
  ]);
});

test('a tick that was missed before the oldest month of the ledger has its row all the same', async () => {
  const createdAt = new Date('2025-12-31T12:00:00Z');
  const job = await makeJob(web.db(), { schedule: berlin('0 0 1 1 *'), createdAt });
  await plan();
  expect(await ticksOf(web.db().sql, job.id)).toMatchObject([
    { at: new Date('2025-12-31T23:00:00Z'), state: 'skipped', skipReason: 'late' },
  ]);
});

test('rule 2: runs that hang, fail or wait for ever don’t stop the schedule', async () => {
  const job = await makeJob(web.db(), {
    schedule: { type: 'cron', lines: ['* * * * *'], timeZone: 'UTC' },
  });
  await plan();
  await web.db().sql(
    `UPDATE run SET state = 'running', worker_id = 1, attempt = 1, started_at = now()
      WHERE is_live AND job_id = $1`,
    [job.id],
  );
  const start = clock.now();
  for (let minute = 0; minute < 60; minute++) {
    await clock.advance(MINUTE);
    await plan();
  }
  const ticks = (await ticksOf(web.db().sql, job.id)).filter(
    ({ at }) => at > start && at <= clock.now(),
  );
  expect(ticks).toHaveLength(60);
  expect(await gapsOf(web.db().sql, job.id)).toEqual([]);
});

test('a job that fires every second is planned twice a minute, not every second', async () => {
  const job = await makeJob(web.db(), { schedule: everySecond });
  let passesThatPlanned = 0;
  for (let second = 0; second < 120; second++) {
    if ((await plan()).jobs > 0) passesThatPlanned += 1;
    await clock.advance(1_000);
  }
  expect(passesThatPlanned).toBeLessThanOrEqual(5);
  expect((await ticksOf(web.db().sql, job.id)).length).toBeGreaterThanOrEqual(150);
});

test('a job that fires every second, paused for a year, costs one row and resumes in milliseconds', async () => {
  const job = await makeJob(web.db(), { schedule: everySecond });
  await plan();
  await pauseJobs(admin, { jobIds: [job.id], reason: 'a long holiday' });
  const paused = clock.now();
  await clock.advance(365 * DAY);
  const before = performance.now();
  await resumeJobs(admin, { jobIds: [job.id] });
  await plan();
  const tookMs = performance.now() - before;
  await createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();
  expect(await gapsOf(web.db().sql, job.id)).toMatchObject([
    { reason: 'paused', note: 'a long holiday', ticks: 365 * 86_400 },
  ]);
  const ticks = await ticksOf(web.db().sql, job.id);
  expect(ticks.every(({ at }) => at <= paused || at > clock.now())).toBe(true);
  expect(ticks.at(-1)!.at > clock.now()).toBe(true);
  expect(tookMs).toBeLessThan(1_000);
});

test('a year’s outage of a job that fires every second is one gap and one run', async () => {
  const createdAt = new Date(clock.now().getTime() - 365 * DAY);
  const job = await makeJob(web.db(), { schedule: everySecond, createdAt });
  const before = performance.now();
  await plan();
  expect(performance.now() - before).toBeLessThan(1_000);
  expect(await gapsOf(web.db().sql, job.id)).toMatchObject([
    { reason: 'missed', ticks: 365 * 86_400 - 1 },
  ]);
  const due = (await ticksOf(web.db().sql, job.id)).filter(({ at }) => at <= clock.now());
  expect(due).toMatchObject([{ at: clock.now() }]);
});

test('rule 10: in the missing hour a fixed time runs once at its end, a pattern as often as the clock shows', async () => {
  // Europe/Berlin goes from 02:00 to 03:00 on 2028-03-26, at 01:00 UTC.
  await clock.set(new Date('2028-03-25T23:59:00Z'));
  const fixed = await makeJob(web.db(), { schedule: berlin('30 2 * * *') });
  const pattern = await makeJob(web.db(), { schedule: berlin('*/30 * * * *') });
  await planThrough(new Date('2028-03-26T02:59:00Z'));
  expect(await instants(fixed.id)).toEqual(['2028-03-26T01:00:00.000Z']);
  expect(await instants(pattern.id)).toEqual([
    '2028-03-26T00:00:00.000Z',
    '2028-03-26T00:30:00.000Z',
    '2028-03-26T01:00:00.000Z',
    '2028-03-26T01:30:00.000Z',
    '2028-03-26T02:00:00.000Z',
    '2028-03-26T02:30:00.000Z',
  ]);
});

test('rule 10: in the repeated hour a fixed time runs once, a pattern in both passes', async () => {
  // Europe/Berlin goes from 03:00 to 02:00 on 2028-10-29, at 01:00 UTC.
  await clock.set(new Date('2028-10-28T23:59:00Z'));
  const fixed = await makeJob(web.db(), { schedule: berlin('30 2 * * *') });
  const pattern = await makeJob(web.db(), { schedule: berlin('*/30 * * * *') });
  await planThrough(new Date('2028-10-29T01:59:00Z'));
  expect(await instants(fixed.id)).toEqual(['2028-10-29T00:30:00.000Z']);
  expect(await instants(pattern.id)).toEqual([
    '2028-10-29T00:00:00.000Z',
    '2028-10-29T00:30:00.000Z',
    '2028-10-29T01:00:00.000Z',
    '2028-10-29T01:30:00.000Z',
  ]);
});

test('rule 10: next ticks that older rules of time zones gave are corrected when a worker starts', async () => {
  const job = await makeJob(web.db(), { schedule: berlin('0 12 * * *') });
  await plan();
  const next = async () =>
    (
      await web
        .db()
        .sql<{ at: Date }>('SELECT next_tick_at AS at, planned_until FROM job WHERE id = $1', [
          job.id,
        ])
    )[0]!.at;
  const right = await next();
  await web
    .db()
    .sql(`UPDATE job SET next_tick_at = next_tick_at + interval '1 hour' WHERE id = $1`, [job.id]);
  const checker = createHealer({ pool: web.db().pool, logger: silent });
  expect((await checker.runOnce()).counts).toEqual({ healed: 1 });
  expect(await next()).toEqual(right);
  expect((await checker.runOnce()).counts).toEqual({ healed: 0 });
});

/** Lets the clock go on by half a minute at a time, planning at each step, until shortly before `end`. */
async function planThrough(end: Date): Promise<void> {
  while (clock.now().getTime() + MINUTE < end.getTime()) {
    await plan();
    await clock.advance(MINUTE / 2);
  }
  await plan();
}
