import { beforeAll, beforeEach, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { createBlackout, deleteBlackout } from '#core/blackouts/blackouts.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { createJob } from '#core/jobs/create-job.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { readPause } from '#core/jobs/read-pause.ts';
import { prisma } from '#core/prisma.ts';
import { cancelRuns } from '#core/runs/cancel-by-hand.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { testDefinition } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { gapsOf, planAll, silent, testPlanner, ticksOf } from '#tests/support/planning.ts';
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
  await web.db().sql(
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
  await clock.advance(10 * MINUTE_MS - 30 * SECOND_MS);
  await plan();
  expect(await live(job)).toEqual([later(1 + 13 * MINUTE_MS)]);
  expect((await rowOf(job)).nextTickAt).toBeNull();
  await expectEven(job);
});
