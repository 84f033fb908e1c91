import { expect, test } from 'vitest';
import { startBackfill } from '#core/backfill/start-backfill.ts';
import { readJobsAhead } from '#core/forecast/forecast.sql.ts';
import { createJob } from '#core/jobs/create-job.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { readNextTicks } from '#core/jobs/next-ticks.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import {
  afterEnd,
  afterEndJobs,
  HOUR_MS,
  type Made,
  MINUTE_MS,
  SECOND_MS,
} from '#tests/support/after-end.ts';
import { testDefinition } from '#tests/support/jobs.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { silent, ticksOf } from '#tests/support/planning.ts';
import { admin } from '#tests/support/web.ts';
import { createFollower } from '#worker/follower.ts';
import { createHealer } from '#worker/healer.ts';

const { db, clock, later, make, ranOnce, plan, start, end, run, live, next, rowOf, expectEven } =
  afterEndJobs(new Date('2027-05-03T08:00:00.000Z'));

test('the first tick comes at once, and each further one so long after the end of the run before', async () => {
  const job = await make();
  await plan();
  expect(await live(job)).toEqual([later(1)]);
  await clock.advance(1);
  await run(job, 3 * MINUTE_MS);
  expect(await live(job)).toEqual([]);
  expect(await next(job)).toEqual(later(1 + 13 * MINUTE_MS));
  // A row only once it is near, as for any other job.
  await clock.advance(10 * MINUTE_MS - 30 * SECOND_MS);
  await plan();
  expect(await live(job)).toEqual([later(1 + 13 * MINUTE_MS)]);
  expect((await rowOf(job)).nextTickAt).toBeNull();
  await expectEven(job);
});

test('any end counts: failed, timed out, lost, cancelled and skipped (rule 2)', async () => {
  const job = await make({ everyMs: MINUTE_MS });
  await plan();
  await clock.advance(1);
  for (const state of ['failed', 'timed_out', 'lost', 'cancelled']) {
    await run(job, 20 * SECOND_MS, state);
    expect({ state, next: await next(job) }).toEqual({
      state,
      next: new Date(clock.now().getTime() + MINUTE_MS),
    });
    await clock.advance(MINUTE_MS);
    await plan();
  }
  await db().sql(
    `UPDATE run SET state = 'skipped', skip_reason = 'overlap', is_live = false, finished_at = now()
      WHERE is_live AND job_id = $1`,
    [job.id],
  );
  await plan();
  expect(await next(job)).toEqual(new Date(clock.now().getTime() + MINUTE_MS));
  await expectEven(job);
});

test('a run that is tried again has not ended, and no second tick comes beside it', async () => {
  const job = await make({ everyMs: MINUTE_MS });
  await plan();
  await clock.advance(1);
  await start(job);
  await db().sql(
    `UPDATE run SET state = 'queued', worker_id = NULL, started_at = NULL, due_at = now() + interval '1 hour'
      WHERE is_live AND job_id = $1`,
    [job.id],
  );
  await clock.advance(30 * MINUTE_MS);
  await plan();
  expect(await live(job)).toEqual([later(1)]);
});

test('many followers at once make one tick (rule 1)', async () => {
  const jobs: Made[] = [];
  for (let n = 0; n < 20; n++) jobs.push(await make());
  const { pool } = db();
  const followers = Array.from({ length: 6 }, () =>
    createFollower({ pool, logger: silent, planAheadMs: 60_000, pollMs: 2_000 }),
  );
  for (let round = 0; round < 5; round++) {
    await Promise.all(followers.map((follower) => follower.runOnce()));
    for (const job of jobs) expect(await live(job)).toHaveLength(1);
    await clock.advance(1);
    for (const job of jobs) {
      await start(job);
      await end(job);
    }
    await clock.advance(10 * MINUTE_MS);
  }
  for (const job of jobs) expect(await ticksOf(db().sql, job.id)).toHaveLength(5);
});

test('start and end bound its ticks', async () => {
  const job = await make({
    startsAt: later(HOUR_MS).toISOString(),
    endsAt: later(HOUR_MS + 15 * MINUTE_MS).toISOString(),
  });
  await plan();
  expect(await next(job)).toEqual(later(HOUR_MS));
  await clock.advance(HOUR_MS - 1);
  await plan();
  await clock.advance(1);
  await run(job, MINUTE_MS);
  expect(await next(job)).toEqual(later(HOUR_MS + 11 * MINUTE_MS));
  await clock.advance(10 * MINUTE_MS);
  await plan();
  await run(job, MINUTE_MS);
  expect(await next(job)).toBeNull();
  await expectEven(job);
});

test('what is gone of its history keeps no tick back, and brings none early', async () => {
  const job = await make({ everyMs: 48 * HOUR_MS });
  await plan();
  await clock.advance(1);
  await run(job, MINUTE_MS);
  const due = new Date(clock.now().getTime() + 48 * HOUR_MS);
  await db().sql('DELETE FROM run WHERE NOT is_live AND job_id = $1', [job.id]);
  await clock.advance(40 * HOUR_MS);
  valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
  valueOf(await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'skip' } }));
  await plan();
  expect(await next(job)).toEqual(due);
});

test('where its next tick was moved by hand, it is put right', async () => {
  const job = await ranOnce();
  const heal = () => createHealer({ pool: db().pool, logger: silent }).runOnce();
  expect((await heal()).counts).toEqual({ healed: 0 });
  await db().sql("UPDATE job SET next_tick_at = '2030-01-01' WHERE id = $1", [job.id]);
  await plan();
  expect((await heal()).counts).toEqual({ healed: 1 });
  expect(await next(job)).toEqual(later(1 + 11 * MINUTE_MS));
  await db().sql('UPDATE job SET counts_from_end = false WHERE id = $1', [job.id]);
  expect((await heal()).counts).toEqual({ healed: 1 });
  expect(await rowOf(job)).toMatchObject({ countsFromEnd: true });
  expect((await heal()).counts).toEqual({ healed: 0 });
  await clock.advance(11 * MINUTE_MS);
  await plan();
  expect(await live(job)).toHaveLength(1);
});

test('a clock that was years ahead for a while stops it for an hour at most', async () => {
  const job = await ranOnce();
  const before = clock.now();
  await clock.set(new Date('2200-01-01T00:00:00.000Z'));
  await plan();
  await clock.advance(1);
  await run(job, MINUTE_MS);
  await clock.advance(10 * MINUTE_MS - 10 * SECOND_MS);
  await plan();
  // A row that nobody could start, and an end that has yet to come.
  expect(await live(job)).toHaveLength(1);
  await clock.set(new Date(before.getTime() + MINUTE_MS));
  await plan();
  const healer = createHealer({ pool: db().pool, logger: silent });
  expect((await healer.runOnce()).counts).toEqual({ healed: 1 });
  await plan();
  expect(await next(job)).toEqual(new Date(before.getTime() + 10 * MINUTE_MS));
  await clock.set(new Date(before.getTime() + 10 * MINUTE_MS));
  await plan();
  await run(job, SECOND_MS);
  expect(await next(job)).toEqual(new Date(before.getTime() + 20 * MINUTE_MS + SECOND_MS));
});

test('a deleted job gets no tick more', async () => {
  const job = await ranOnce();
  valueOf(await deleteJob(admin, { jobId: job.id, confirmKey: job.key }));
  await clock.advance(HOUR_MS);
  await plan();
  expect(await live(job)).toEqual([]);
});

test('a backfill is refused, since nobody knows when it would have run', async () => {
  const job = await make();
  const refused = await startBackfill(admin, {
    jobId: job.id,
    from: later(-HOUR_MS),
    to: later(0),
    rule: 'all',
  } as never);
  expect(refusalOf(refused).message).toContain('counts from the end of its last run');
});

test('the forecast and the next ticks know the next one, and no other', async () => {
  const job = await ranOnce();
  const ticks = valueOf(await readNextTicks(admin, { jobId: job.id }));
  expect(ticks.ticks.length).toBeLessThanOrEqual(1);
  const [ahead] = (await readJobsAhead(db().sql)).filter(({ id }) => id === job.id);
  expect(ahead?.knownTickAt).toEqual(later(1 + 11 * MINUTE_MS));
});

test('what cannot go with it is refused at its field', async () => {
  const schedule = {
    ...afterEnd(MINUTE_MS),
    jitterMs: 5,
    maxFires: 3,
    calendar: { key: 'business', rule: 'skip' },
  };
  const refused = await createJob(admin, { ...testDefinition(), schedule } as never);
  expect(refusalOf(refused).fields?.map(({ path }) => path.join('.'))).toEqual(
    expect.arrayContaining(['schedule.jitterMs', 'schedule.maxFires', 'schedule.calendar']),
  );
});
