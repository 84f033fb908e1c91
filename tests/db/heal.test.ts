import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { prisma } from '#core/prisma.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { gapsOf, planAll, silent, testPlanner, ticksOf } from '#tests/support/planning.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { createGapCounter } from '#worker/gap-counter.ts';
import { createHealer } from '#worker/healer.ts';

const web = webDatabase();
let clock: TestClock;
let began: Date;
beforeAll(async () => {
  clock = await holdClock(web.db(), new Date('2027-05-03T08:00:05.000Z'));
});
beforeEach(async () => {
  await clock.advance(6 * 3_600_000);
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
  began = clock.now();
});

const MINUTE_MS = 60_000;
const plan = () => planAll(testPlanner(web.db().pool));
const damage = (job: TestJob, set: string) =>
  web.db().sql(`UPDATE job SET ${set} WHERE id = ${job.id}`);
const rowOf = (job: TestJob) => prisma().job.findUniqueOrThrow({ where: { id: job.id } });
const entriesOf = (job: TestJob) =>
  prisma().auditEntry.findMany({
    where: { subject: `job:${job.key}`, action: 'job.heal' },
    orderBy: { id: 'asc' },
  });
const everyMinute = (seconds = 60) =>
  makeJob(web.db(), {
    schedule: {
      type: 'interval',
      everyMs: seconds * 1_000,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
    },
  });

async function heal(): Promise<number> {
  const healer = createHealer({ pool: web.db().pool, logger: silent });
  return (await healer.runOnce()).counts['healed']!;
}

/** Time goes by, and planners plan, as a worker's would. */
async function live(minutes: number): Promise<void> {
  for (let half = 0; half < 2 * minutes; half++) {
    await plan();
    await clock.advance(MINUTE_MS / 2);
  }
  await plan();
}

async function expectEven(job: TestJob): Promise<void> {
  await createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();
  const audit = valueOf(await auditTicks(admin, { key: job.key, from: began }));
  expect(audit.jobs[0]).toMatchObject({ findings: [], isEven: true });
}

test('what is well is left alone, whatever was done with it', async () => {
  const [plain, edited, paused, manual] = [
    await everyMinute(),
    await everyMinute(),
    await everyMinute(),
    await makeJob(web.db()),
  ];
  await live(3);
  const definition = { ...edited.definition, notes: 'x' };
  valueOf(await editJob(admin, { jobId: edited.id, basedOnRevision: 1, definition }));
  expect(await heal()).toBe(0);
  valueOf(await pauseJobs(admin, { jobIds: [paused.id] }));
  expect(await heal()).toBe(0);
  await live(2);
  valueOf(await pauseEverything(admin, { reason: 'x' }));
  expect(await heal()).toBe(0);
  await clock.advance(5 * MINUTE_MS);
  valueOf(await resumeJobs(admin, { jobIds: [paused.id] }));
  expect(await heal()).toBe(0);
  valueOf(await resumeEverything(admin));
  expect(await heal()).toBe(0);
  await live(2);
  // Nobody plans for a while: that is the catch-up rule's to answer, and no damage.
  await clock.advance(20 * MINUTE_MS);
  expect(await heal()).toBe(0);
  await live(1);
  expect(await heal()).toBe(0);
  for (const job of [plain, edited, paused, manual]) {
    expect(await entriesOf(job)).toEqual([]);
    await expectEven(job);
  }
});

describe('a row that says something else than its revision', () => {
  test.each([
    ['the next tick too late', `next_tick_at = next_tick_at + interval '3 days'`, ['nextTickAt']],
    ['no next tick', 'next_tick_at = NULL', ['nextTickAt']],
    ['a mark after the cursor', `replan_from = planned_until + interval '5 min'`, ['replanFrom']],
    ['has_schedule', 'has_schedule = false', ['hasSchedule']],
    ['the queue', `queue = 'reports'`, ['queue']],
    ['the kind', `kind = 'http'`, ['kind']],
    ['labels and owner', `labels = '{"a": "b"}', owner = 'x'`, ['owner', 'labels']],
    ['the circuit', `circuit = 'job'`, ['circuit']],
    ['how long history is kept', 'retention_days = 3', ['retentionDays']],
    ['how many runs are kept', 'keep_runs = 3', ['keepRuns']],
    ['the revision', 'revision = 7', ['revision']],
    [
      'several of them',
      `next_tick_at = NULL, queue = 'reports', has_schedule = false`,
      ['queue', 'hasSchedule', 'nextTickAt'],
    ],
  ])('%s: is put right, and the trail says what', async (_what, set, parts) => {
    const job = await everyMinute();
    await live(2);
    const before = await rowOf(job);
    await damage(job, set);
    const damaged = (await rowOf(job)) as Record<string, unknown>;
    expect(await heal()).toBe(1);
    const healed = (await rowOf(job)) as Record<string, unknown>;
    const [entry, ...others] = await entriesOf(job);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ actor: 'Punctual' });
    expect(Object.keys(entry!.before as object).toSorted()).toEqual(parts.toSorted());
    for (const part of parts) {
      const saved = (value: unknown) => JSON.parse(JSON.stringify(value ?? null));
      expect((entry!.before as Record<string, unknown>)[part]).toEqual(saved(damaged[part]));
      expect((entry!.after as Record<string, unknown>)[part]).toEqual(saved(healed[part]));
      if (part !== 'nextTickAt') {
        expect(healed[part]).toEqual((before as Record<string, unknown>)[part]);
      }
    }
    await live(3);
    expect(await heal()).toBe(0);
    await expectEven(job);
    expect((await gapsOf(web.db().sql, job.id)).length).toBe(0);
  });

  test('an early next tick is the planner’s to correct', async () => {
    const job = await everyMinute(3_600);
    await live(1);
    await damage(job, `next_tick_at = now() - interval '1 day'`);
    expect(await heal()).toBe(0);
    const { nextTickAt } = await rowOf(job);
    await plan();
    expect((await rowOf(job)).nextTickAt!.getTime()).toBeGreaterThan(nextTickAt!.getTime());
    await live(1);
    await expectEven(job);
  });
});

describe('a cursor that was moved forward', () => {
  test('beyond now: what passed is missed, what lies ahead is planned, and it goes on', async () => {
    const job = await everyMinute();
    await live(3);
    await damage(
      job,
      `planned_until = now() + interval '1 year', next_tick_at = now() + interval '1 year'`,
    );
    // Nobody plans it; ten ticks pass.
    await live(10);
    expect(await heal()).toBe(1);
    const gaps = await gapsOf(web.db().sql, job.id);
    expect(gaps).toMatchObject([{ reason: 'missed' }]);
    await live(5);
    expect(await heal()).toBe(0);
    await expectEven(job);
    const ran = (await ticksOf(web.db().sql, job.id)).filter(({ at }) => at >= gaps[0]!.to!);
    expect(ran.length).toBeGreaterThanOrEqual(5);
    // No more than it would plan anyway.
    expect(Math.max(...ran.map(({ at }) => at.getTime()))).toBeLessThan(
      clock.now().getTime() + 2 * MINUTE_MS,
    );
    expect(await entriesOf(job)).toMatchObject([
      {
        before: { ticksIn: 'no run and no gap' },
        after: { plannedAgainFrom: 'now', missed: [{ from: gaps[0]!.from.toISOString() }] },
      },
    ]);
    // It can be paused, edited and resumed as ever.
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    await live(2);
    valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
    await live(2);
    expect(await heal()).toBe(0);
    await expectEven(job);
  });

  test('found while its next tick is hours away, before one is lost', async () => {
    const job = await everyMinute(4 * 3_600);
    await live(1);
    await damage(job, `planned_until = now() + interval '30 days'`);
    expect(await heal()).toBe(1);
    for (let hour = 0; hour < 9; hour++) {
      await clock.advance(3_600_000 - 2 * MINUTE_MS);
      await live(2);
    }
    expect(await heal()).toBe(0);
    await expectEven(job);
    expect((await ticksOf(web.db().sql, job.id)).length).toBeGreaterThanOrEqual(2);
    expect(await gapsOf(web.db().sql, job.id)).toEqual([]);
  });

  test('within the past: the ticks that were jumped over are missed', async () => {
    const job = await everyMinute();
    await live(2);
    await clock.advance(20 * MINUTE_MS);
    await damage(job, `planned_until = now() - interval '5 min', next_tick_at = now()`);
    await live(2);
    expect(await heal()).toBe(1);
    await live(1);
    await expectEven(job);
    expect((await gapsOf(web.db().sql, job.id)).map(({ reason }) => reason)).toContain('missed');
  });

  test('runs that were deleted by hand are missed ticks as well', async () => {
    const job = await everyMinute();
    await live(5);
    await web.db().sql('DELETE FROM run WHERE job_id = $1 AND scheduled_for < now()', [job.id]);
    expect(await heal()).toBe(1);
    await expectEven(job);
  });
});

describe('a pause by hand in the tables', () => {
  test('gets its gap, and loses no tick', async () => {
    const job = await everyMinute();
    await live(2);
    await damage(job, `paused_at = now(), paused_by = 'a hand'`);
    await live(5);
    expect(await heal()).toBe(1);
    expect(await gapsOf(web.db().sql, job.id)).toMatchObject([
      { reason: 'missed' },
      { reason: 'paused', to: null },
    ]);
    await live(2);
    valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
    await live(2);
    await expectEven(job);
  });

  test('that was taken away by hand ends its gap, and the job goes on', async () => {
    const job = await everyMinute();
    await live(2);
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    await live(2);
    await damage(job, 'paused_at = NULL, paused_by = NULL, pause_reason = NULL');
    await live(2);
    expect(await heal()).toBe(1);
    await live(3);
    await expectEven(job);
    const ran = (await ticksOf(web.db().sql, job.id)).filter(
      ({ at }) => at.getTime() > clock.now().getTime() - 3 * MINUTE_MS,
    );
    expect(ran.length).toBeGreaterThanOrEqual(3);
  });
});

test('two workers put a job right once', async () => {
  const job = await everyMinute();
  await live(2);
  await damage(job, `next_tick_at = NULL, queue = 'reports'`);
  const healed = await Promise.all([heal(), heal(), heal()]);
  expect(healed.reduce((sum, count) => sum + count, 0)).toBe(1);
  expect(await entriesOf(job)).toHaveLength(1);
});

test('a job that can’t be put right holds up no other', async () => {
  const [stuck, other] = [await everyMinute(), await everyMinute()];
  await live(1);
  await damage(stuck, `next_tick_at = NULL`);
  await damage(other, `next_tick_at = NULL`);
  await web
    .db()
    .sql(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`,
    );
  await web
    .db()
    .sql(
      `CREATE TRIGGER refuse BEFORE UPDATE ON job FOR EACH ROW WHEN (OLD.id = ${stuck.id}) EXECUTE FUNCTION refuse()`,
    );
  expect(await heal()).toBe(1);
  expect((await rowOf(other)).nextTickAt).not.toBeNull();
  await web.db().sql('DROP TRIGGER refuse ON job');
});
