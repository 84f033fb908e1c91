import { beforeAll, beforeEach, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { startBackfill } from '#core/backfill/start-backfill.ts';
import { createBlackout, deleteBlackout } from '#core/blackouts/blackouts.ts';
import { readJobsAhead } from '#core/forecast/forecast.sql.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { createJob } from '#core/jobs/create-job.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { readNextTicks } from '#core/jobs/next-ticks.ts';
import { readPause } from '#core/jobs/read-pause.ts';
import { readLedgerSums } from '#core/ledger-sums/read-ledger-sums.ts';
import { prisma } from '#core/prisma.ts';
import { cancelRuns } from '#core/runs/cancel-by-hand.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { testDefinition } from '#tests/support/jobs.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { planAll, silent, testPlanner, ticksOf } from '#tests/support/planning.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { createFollower } from '#worker/follower.ts';
import { createGapCounter } from '#worker/gap-counter.ts';
import { createHealer } from '#worker/healer.ts';

const web = webDatabase();
let clock: TestClock;
let began: Date;
beforeAll(async () => {
  clock = await holdClock(web.db(), new Date('2027-05-03T08:00:00.000Z'));
});
beforeEach(async () => {
  await clock.advance(6 * HOUR_MS);
  await web.db().sql('DELETE FROM run WHERE is_live');
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
  began = clock.now();
});

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const later = (ms: number) => new Date(began.getTime() + ms);

type Made = { id: number; key: string; revision: number };

async function make(schedule: Partial<Extract<Schedule, { from: 'end' }>> = {}): Promise<Made> {
  const definition = testDefinition({
    schedule: {
      type: 'interval',
      from: 'end',
      everyMs: 10 * MINUTE_MS,
      timeZone: 'UTC',
      ...schedule,
    },
  });
  const { jobId, key, revision } = valueOf(await createJob(admin, definition));
  return { id: jobId, key, revision };
}

const rowOf = ({ id }: Made) => prisma().job.findUniqueOrThrow({ where: { id } });

/** A pass of every duty that plans; each makes what it has to. */
async function plan(): Promise<void> {
  await planAll(testPlanner(web.db().pool));
  const { pool } = web.db();
  await createFollower({ pool, logger: silent, planAheadMs: 60_000, pollMs: 2_000 }).runOnce();
}

/** As a worker would: starts the due tick, and ends it after a while. */
async function start(job: Made): Promise<void> {
  await web.db().sql(
    `UPDATE run SET state = 'running', attempt = 1, worker_id = 1, started_at = now()
      WHERE is_live AND job_id = $1 AND state = 'queued' AND due_at <= now()`,
    [job.id],
  );
}

async function end(job: Made, state = 'succeeded'): Promise<void> {
  await web
    .db()
    .sql(
      `UPDATE run SET state = $2, is_live = false, finished_at = now() WHERE is_live AND job_id = $1`,
      [job.id, state],
    );
}

async function run(job: Made, tookMs: number, state?: string): Promise<void> {
  await start(job);
  await clock.advance(tookMs);
  await end(job, state);
  await plan();
}

async function live(job: Made): Promise<Date[]> {
  const rows = await web
    .db()
    .sql<{ at: Date }>(
      `SELECT scheduled_for AS at FROM run_live WHERE job_id = $1 AND trigger = 'tick'`,
      [job.id],
    );
  return rows.map(({ at }) => at);
}

/** The next tick, whether it is a row already or not. */
async function next(job: Made): Promise<Date | null> {
  const [at] = await live(job);
  return at ?? (await rowOf(job)).nextTickAt;
}

async function expectEven(job: Made): Promise<void> {
  await createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();
  await clock.advance(1);
  const audit = valueOf(await auditTicks(admin, { key: job.key, from: later(-1) }));
  expect(audit.jobs[0]).toMatchObject({ findings: [], isEven: true });
}

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
  await web.db().sql(
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
  await web.db().sql(
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
  const { pool } = web.db();
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
  for (const job of jobs) expect(await ticksOf(web.db().sql, job.id)).toHaveLength(5);
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

test('while it is paused nothing comes; skipped, the interval begins at the end of the pause', async () => {
  const job = await make();
  await plan();
  await clock.advance(1);
  await run(job, MINUTE_MS);
  valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
  await clock.advance(2 * HOUR_MS);
  await plan();
  expect(await live(job)).toEqual([]);
  const asked = valueOf(await readPause(admin, { jobIds: String(job.id) }));
  expect(asked).toMatchObject({
    ticks: 1,
    jobsAfterEnd: 1,
    latestAt: later(1 + 11 * MINUTE_MS).toISOString(),
  });
  valueOf(await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'skip' } }));
  await plan();
  expect(await next(job)).toEqual(new Date(clock.now().getTime() + 1 + 10 * MINUTE_MS));
  await expectEven(job);
});

test('resumed with any other answer it runs at once, and once', async () => {
  const job = await make();
  await plan();
  await clock.advance(1);
  await run(job, MINUTE_MS);
  valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
  await clock.advance(2 * HOUR_MS);
  const resumed = valueOf(
    await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'latest', spreadMinutes: 0 } }),
  );
  expect(resumed.runs).toBe(1);
  await plan();
  expect(await live(job)).toEqual([new Date(clock.now().getTime() + 1)]);
  await expectEven(job);
});

test('a pause that ends before the interval is over changes nothing', async () => {
  const job = await make();
  await plan();
  await clock.advance(1);
  await run(job, MINUTE_MS);
  const due = later(1 + 11 * MINUTE_MS);
  valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
  await clock.advance(MINUTE_MS);
  expect(valueOf(await readPause(admin, { jobIds: String(job.id) })).ticks).toBe(0);
  valueOf(await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'skip' } }));
  await plan();
  expect(await next(job)).toEqual(due);
});

test('a run that outlasts its pause is waited for', async () => {
  const job = await make();
  await plan();
  await clock.advance(1);
  await start(job);
  valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
  await clock.advance(HOUR_MS);
  valueOf(await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'skip' } }));
  await plan();
  expect(await live(job)).toEqual([later(1)]);
  await clock.advance(MINUTE_MS);
  await end(job);
  await plan();
  expect(await next(job)).toEqual(new Date(clock.now().getTime() + 10 * MINUTE_MS));
  await expectEven(job);
});

test('a pause of everything holds it as its own does', async () => {
  const job = await make();
  await plan();
  await clock.advance(1);
  await run(job, MINUTE_MS);
  valueOf(await pauseEverything(admin, { reason: 'Works' }));
  await clock.advance(HOUR_MS);
  await plan();
  expect(await live(job)).toEqual([]);
  expect(valueOf(await readPause(admin, {})).jobsAfterEnd).toBe(1);
  valueOf(await resumeEverything(admin, { answer: { rule: 'skip' } }));
  await plan();
  expect(await next(job)).toEqual(new Date(clock.now().getTime() + 1 + 10 * MINUTE_MS));
  await expectEven(job);
});

test.each(['skip', 'hold'] as const)(
  'no tick lies in a blackout that may %s: it comes at its end',
  async (effect) => {
    const job = await make();
    await plan();
    await clock.advance(1);
    await run(job, MINUTE_MS);
    const due = later(1 + 11 * MINUTE_MS);
    expect(await next(job)).toEqual(due);
    const { id } = valueOf(
      await createBlackout(admin, {
        name: 'Works',
        effect,
        times: {
          type: 'once',
          from: later(5 * MINUTE_MS).toISOString(),
          to: later(HOUR_MS).toISOString(),
        },
        scope: { type: 'jobs', jobIds: [job.id] },
      }),
    );
    await plan();
    expect(await next(job)).toEqual(later(HOUR_MS));
    valueOf(await deleteBlackout(admin, { id }));
    await plan();
    expect(await next(job)).toEqual(due);
    await expectEven(job);
  },
);

const definitionOf = async (job: Made) => {
  const [revision] = await prisma().revision.findMany({
    where: { jobId: job.id },
    orderBy: { number: 'desc' },
    take: 1,
  });
  return { number: revision!.number, definition: revision!.definition as object };
};

async function edit(job: Made, schedule: Schedule): Promise<void> {
  const { number, definition } = await definitionOf(job);
  valueOf(
    await editJob(admin, {
      jobId: job.id,
      basedOnRevision: number,
      definition: { ...definition, schedule } as never,
    }),
  );
}

const everyMinute: Schedule = {
  type: 'interval',
  everyMs: MINUTE_MS,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};
const afterEnd = (everyMs: number): Schedule => ({
  type: 'interval',
  from: 'end',
  everyMs,
  timeZone: 'UTC',
});

test('an edit of the interval counts from the same end, also where its tick is a row', async () => {
  const job = await make();
  await plan();
  await clock.advance(1);
  await run(job, MINUTE_MS);
  const ended = clock.now().getTime();
  await edit(job, afterEnd(20 * MINUTE_MS));
  await plan();
  expect(await next(job)).toEqual(new Date(ended + 20 * MINUTE_MS));
  await clock.set(new Date(ended + 20 * MINUTE_MS - 10 * SECOND_MS));
  await plan();
  expect(await live(job)).toHaveLength(1);
  await edit(job, afterEnd(5 * MINUTE_MS));
  await plan();
  expect(await live(job)).toEqual([new Date(clock.now().getTime() + 1)]);
  await expectEven(job);
});

test('edited to this form and back again, every tick is accounted for', async () => {
  const job = await make();
  await edit(job, everyMinute);
  await plan();
  for (let n = 0; n < 3; n++) {
    await clock.advance(MINUTE_MS);
    await plan();
    await run(job, 5 * SECOND_MS);
  }
  const last = clock.now();
  await edit(job, afterEnd(2 * MINUTE_MS));
  await plan();
  expect(await next(job)).toEqual(new Date(last.getTime() + 2 * MINUTE_MS));
  await clock.advance(2 * MINUTE_MS);
  await plan();
  await run(job, 30 * SECOND_MS);
  await clock.advance(2 * MINUTE_MS);
  await plan();
  await clock.advance(1);
  await start(job);
  // The run that is going stays; the clock has the say again.
  await edit(job, everyMinute);
  await plan();
  await clock.advance(5 * MINUTE_MS);
  await plan();
  await expectEven(job);
  const sums = valueOf(
    await readLedgerSums(admin, {
      jobId: job.id,
      by: 'hour',
      from: later(-1),
      to: clock.now(),
    } as never),
  );
  expect(sums.unevenCount).toBe(0);
  expect(sums.sum.expected).toBeGreaterThan(8);
});

test('cancelled ahead of time, its time counts as the end of its run', async () => {
  const job = await make({ everyMs: MINUTE_MS });
  await plan();
  await clock.advance(1);
  await run(job, SECOND_MS);
  await clock.advance(40 * SECOND_MS);
  await plan();
  const [{ id }] = (await web
    .db()
    .sql<{ id: number }>('SELECT id FROM run_live WHERE job_id = $1', [job.id])) as [
    { id: number },
  ];
  valueOf(await cancelRuns(admin, { runIds: [id] }));
  await plan();
  expect(await next(job)).toEqual(new Date(clock.now().getTime() + MINUTE_MS));
  await edit(job, afterEnd(20 * SECOND_MS));
  await plan();
  // It would fall on the one that was cancelled: both stay ticks of their own.
  expect(await live(job)).toEqual([new Date(clock.now().getTime() + 20 * SECOND_MS + 1)]);
  await clock.advance(MINUTE_MS);
  await plan();
  await expectEven(job);
});

test('what is gone of its history keeps no tick back, and brings none early', async () => {
  const job = await make({ everyMs: 48 * HOUR_MS });
  await plan();
  await clock.advance(1);
  await run(job, MINUTE_MS);
  const due = new Date(clock.now().getTime() + 48 * HOUR_MS);
  await web.db().sql('DELETE FROM run WHERE NOT is_live AND job_id = $1', [job.id]);
  await clock.advance(40 * HOUR_MS);
  valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
  valueOf(await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'skip' } }));
  await plan();
  expect(await next(job)).toEqual(due);
});

test('where its next tick was moved by hand, it is put right', async () => {
  const job = await make();
  await plan();
  await clock.advance(1);
  await run(job, MINUTE_MS);
  const heal = () => createHealer({ pool: web.db().pool, logger: silent }).runOnce();
  expect((await heal()).counts).toEqual({ healed: 0 });
  await web.db().sql("UPDATE job SET next_tick_at = '2030-01-01' WHERE id = $1", [job.id]);
  await plan();
  expect((await heal()).counts).toEqual({ healed: 1 });
  expect(await next(job)).toEqual(later(1 + 11 * MINUTE_MS));
  await web.db().sql('UPDATE job SET counts_from_end = false WHERE id = $1', [job.id]);
  expect((await heal()).counts).toEqual({ healed: 1 });
  expect(await rowOf(job)).toMatchObject({ countsFromEnd: true });
  expect((await heal()).counts).toEqual({ healed: 0 });
  await clock.advance(11 * MINUTE_MS);
  await plan();
  expect(await live(job)).toHaveLength(1);
});

test('a clock that was years ahead for a while stops it for an hour at most', async () => {
  const job = await make();
  await plan();
  await clock.advance(1);
  await run(job, MINUTE_MS);
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
  const healer = createHealer({ pool: web.db().pool, logger: silent });
  expect((await healer.runOnce()).counts).toEqual({ healed: 1 });
  await plan();
  expect(await next(job)).toEqual(new Date(before.getTime() + 10 * MINUTE_MS));
  await clock.set(new Date(before.getTime() + 10 * MINUTE_MS));
  await plan();
  await run(job, SECOND_MS);
  expect(await next(job)).toEqual(new Date(before.getTime() + 20 * MINUTE_MS + SECOND_MS));
});

test('a deleted job gets no tick more', async () => {
  const job = await make();
  await plan();
  await clock.advance(1);
  await run(job, MINUTE_MS);
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
  const job = await make();
  await plan();
  await clock.advance(1);
  await run(job, MINUTE_MS);
  const ticks = valueOf(await readNextTicks(admin, { jobId: job.id }));
  expect(ticks.ticks.length).toBeLessThanOrEqual(1);
  const [ahead] = (await readJobsAhead(web.db().sql)).filter(({ id }) => id === job.id);
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
