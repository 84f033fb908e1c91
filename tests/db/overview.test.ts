import { beforeAll, describe, expect, test } from 'vitest';
import { bucketOf, lagOfBucket } from '#core/health/lag.ts';
import { readDay } from '#core/overview/day.ts';
import { readOverview } from '#core/overview/overview.ts';
import { readShellState } from '#core/overview/shell.ts';
import { readWeek } from '#core/overview/week.ts';
import { fires } from '#core/schedules/fixtures/of-schedule.ts';
import { makeJob, type TestJob } from '../support/jobs.ts';
import { insertRun, insertWorker } from '../support/ledger.ts';
import { viewer, webDatabase } from '../support/web.ts';

const { db } = webDatabase();
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const now = Date.now();
const since = new Date(now - 30 * HOUR_MS);
const everyTenMinutes = { type: 'cron' as const, lines: ['*/10 * * * *'], timeZone: 'UTC' };

let fine: TestJob;
let failing: TestJob;
let overdue: TestJob;

async function jobSince(key: string, overrides: Parameters<typeof makeJob>[1] = {}) {
  const job = await makeJob(db(), { key, ...overrides, createdAt: since });
  await db().sql('UPDATE revision SET created_at = $1 WHERE job_id = $2', [since, job.id]);
  return job;
}

beforeAll(async () => {
  const { sql } = db();
  fine = await jobSince('fine', { schedule: everyTenMinutes });
  failing = await jobSince('failing', { schedule: everyTenMinutes });
  overdue = await jobSince('overdue', { queue: 'reports' });
  let last = since;
  let n = 0;
  for (const { at } of fires(everyTenMinutes, { after: since, until: new Date(now) })) {
    last = at;
    n += 1;
    const state = n % 20 === 0 ? 'skipped' : 'succeeded';
    await insertRun(sql, { jobId: fine.id, at: at.getTime(), state });
    if (now - at.getTime() >= 2 * HOUR_MS) {
      await insertRun(sql, { jobId: failing.id, at: at.getTime() });
    } else {
      await insertRun(sql, {
        jobId: failing.id,
        at: at.getTime(),
        state: 'failed',
        cause: 'connect ECONNREFUSED 10.0.4.12:5432',
      });
    }
  }
  const next = new Date(last.getTime() + 10 * MINUTE_MS);
  await sql('UPDATE job SET planned_until = $1, next_tick_at = $2 WHERE has_schedule', [
    last,
    next,
  ]);
  await insertRun(sql, {
    jobId: overdue.id,
    state: 'queued',
    trigger: 'manual',
    queue: 'reports',
    at: now - 20 * MINUTE_MS,
  });
  await insertRun(sql, {
    jobId: failing.id,
    state: 'timed_out',
    trigger: 'manual',
    at: now - 3 * DAY_MS,
    cause: 'no answer within 30 s',
  });
});

describe('the overview', () => {
  test('says what needs a person, with its cause and what it waits for, and what comes next', async () => {
    const { byState, jobs, needsYou, needsYouTotal, next, capacity } = await readOverview(viewer);
    expect(jobs).toBe(3);
    expect(byState).toMatchObject({ failing: 1, overdue: 1, healthy: 1 });
    expect(needsYouTotal).toBe(2);
    expect(needsYou[0]).toMatchObject({
      key: 'failing',
      failing: { runs: expect.any(Number), isMore: false },
      lastRun: { state: 'failed', cause: 'connect ECONNREFUSED 10.0.4.12:5432' },
      waitsFor: null,
    });
    expect(needsYou[0]!.bars.length).toBe(30);
    expect(needsYou[1]).toMatchObject({ key: 'overdue', waitsFor: { key: 'no_worker' } });
    expect(next).toEqual([{ at: expect.any(String), keys: ['failing', 'fine'] }]);
    expect(Date.parse(next[0]!.at)).toBeGreaterThan(now);
    expect(capacity).toEqual({ workers: 0, slots: 0, slotsInUse: 0 });
  });

  test('accounts for every tick of the last 24 hours, in buckets and in the sum', async () => {
    const { past, next, sum, bucketMs } = await readDay(viewer);
    expect(past).toHaveLength(96);
    const counted = past.flatMap(({ counts }) => Object.entries(counts));
    const total = (state: string) =>
      counted.reduce((all, [name, runs]) => all + (name === state ? runs : 0), 0);
    expect(total('failed')).toBe(12);
    expect(total('queued')).toBe(1);
    expect(total('succeeded') + total('failed') + total('skipped')).toBeGreaterThan(280);
    expect(sum).toMatchObject({ isEven: true, expected: 288, paused: 0, missed: 0 });
    expect(sum.skipped).toBeGreaterThan(0);
    // Two jobs every ten minutes: three ticks or two of each in a quarter of an hour.
    expect(next).toHaveLength((6 * HOUR_MS) / bucketMs);
    expect(next.slice(1).every(({ ticks }) => ticks === 2 || ticks === 4)).toBe(true);
    const ahead = [
      ...fires(everyTenMinutes, {
        after: new Date(),
        until: new Date(Date.parse(next[0]!.at) + 6 * HOUR_MS - 1),
      }),
    ];
    expect(next.reduce((all, { ticks }) => all + ticks, 0)).toBe(2 * ahead.length);
  });

  test('counts the ticks to come of a job that was made a moment ago', async () => {
    const ticksAhead = async () =>
      (await readDay(viewer)).next.reduce((all, { ticks }) => all + ticks, 0);
    const before = await ticksAhead();
    const { id } = await makeJob(db(), { key: 'just-made', schedule: everyTenMinutes });
    expect(await ticksAhead()).toBeGreaterThan(before);
    await db().sql('UPDATE job SET deleted_at = now() WHERE id = $1', [id]);
  });

  test('tells the last seven days of the reader’s zone, and the worst of each', async () => {
    const week = await readWeek(viewer, { timeZone: 'Pacific/Auckland' });
    if (!week.ok) throw new Error(week.refusal.message);
    expect(week.value).toHaveLength(7);
    const bad = week.value.filter(({ failed }) => failed > 0);
    const timedOut = bad.find(({ worst }) => worst?.state === 'timed_out');
    expect(timedOut).toMatchObject({
      failed: 1,
      worst: { jobKey: 'failing', runs: 1, cause: 'no answer within 30 s' },
    });
    for (const [index, day] of week.value.entries()) {
      const later = week.value[index - 1];
      if (later) expect(later.from).toBe(day.to);
      const start = new Intl.DateTimeFormat('en-GB', {
        timeZone: 'Pacific/Auckland',
        timeStyle: 'medium',
      }).format(new Date(day.from));
      expect(start).toBe('00:00:00');
    }
    expect(await readWeek(viewer, { timeZone: 'Mars/Olympus' })).toMatchObject({
      refusal: { code: 'invalid' },
    });
  });
});

describe('around every page', () => {
  test('stands whether Punctual itself is well', async () => {
    expect(await readShellState(viewer)).toMatchObject({
      jobs: 3,
      failingJobs: 1,
      queues: 4,
      workers: 0,
      health: { level: 'bad', check: 'worker', isKnown: true },
      pausedAll: null,
    });
    await insertWorker(db().sql, { slots: 8, slotsInUse: 3 });
    // The overdue run has room and nobody takes it; where its queue moves, it waits for its turn.
    expect((await readShellState(viewer)).health).toMatchObject({ check: 'oldest_due' });
    await db().sql(
      `UPDATE worker SET report = (SELECT jsonb_build_object('started', jsonb_object_agg(name, 100)) FROM queue)`,
    );
    await db().sql(
      `INSERT INTO start_lag (minute, waited, bucket, starts) VALUES (date_trunc('minute', now()), false, $1, 3)`,
      [bucketOf(7)],
    );
    const lags = await readShellState(viewer);
    expect(lags.health).toEqual({ level: 'well', startLagMs: lagOfBucket(bucketOf(7)) });
    expect((await readOverview(viewer)).capacity).toEqual({ workers: 1, slots: 8, slotsInUse: 3 });
  });

  test('says what the first five overdue runs wait for: a crowd waits for the same', async () => {
    for (let n = 0; n < 6; n++) {
      const late = await jobSince(`late-${n}`, { queue: 'reports' });
      await insertRun(db().sql, {
        jobId: late.id,
        state: 'queued',
        trigger: 'manual',
        queue: 'reports',
        at: now - 10 * MINUTE_MS,
      });
    }
    const { needsYou, needsYouTotal } = await readOverview(viewer);
    expect(needsYouTotal).toBe(8);
    const told = needsYou
      .filter(({ state }) => state === 'overdue')
      .map((job) => job.waitsFor?.key);
    expect(told.slice(0, 5)).toEqual(Array(5).fill(told[0]));
    expect(told[0]).toBeDefined();
    expect(told.slice(5)).toEqual([undefined, undefined]);
  });

  test('and that no planner works, or that everything is paused', async () => {
    await db().sql('UPDATE job SET next_tick_at = $1 WHERE id = $2', [
      new Date(now - 5 * MINUTE_MS),
      fine.id,
    ]);
    expect((await readShellState(viewer)).health).toMatchObject({
      level: 'bad',
      check: 'planner',
    });
    await db().sql(
      `UPDATE installation SET paused_at = now(), paused_by = 'Ada', pause_reason = 'moving house'`,
    );
    expect(await readShellState(viewer)).toMatchObject({
      health: { level: 'well' },
      pausedAll: { by: 'Ada', reason: 'moving house' },
    });
    expect((await readOverview(viewer)).next).toEqual([]);
  });
});
