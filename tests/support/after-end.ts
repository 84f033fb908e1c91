import { beforeAll, beforeEach, expect } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { createJob } from '#core/jobs/create-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { prisma } from '#core/prisma.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { createFollower } from '#worker/follower.ts';
import { createGapCounter } from '#worker/gap-counter.ts';
import { holdClock, type TestClock } from './clock.ts';
import { testDefinition } from './jobs.ts';
import { valueOf } from './outcomes.ts';
import { planAll, silent, testPlanner } from './planning.ts';
import { admin, webDatabase } from './web.ts';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

export type Made = { id: number; key: string; revision: number };

export const everyMinute: Schedule = {
  type: 'interval',
  everyMs: MINUTE_MS,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};
export const afterEnd = (everyMs: number): Schedule => ({
  type: 'interval',
  from: 'end',
  everyMs,
  timeZone: 'UTC',
});

/** Jobs whose interval counts from the end of the last run, in a database of their own whose clock stands where it is put. */
export function afterEndJobs(firstBegan: Date) {
  const web = webDatabase();
  let clock: TestClock;
  let began: Date;
  beforeAll(async () => {
    clock = await holdClock(web.db(), firstBegan);
  });
  beforeEach(async () => {
    await clock.advance(6 * HOUR_MS);
    await web.db().sql('DELETE FROM run WHERE is_live');
    await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
    began = clock.now();
  });

  const rowOf = ({ id }: Made) => prisma().job.findUniqueOrThrow({ where: { id } });
  /** So long after the test began. */
  const later = (ms: number) => new Date(began.getTime() + ms);

  return {
    db: web.db,
    clock: {
      now: () => clock.now(),
      advance: (ms: number) => clock.advance(ms),
      set: (to: Date) => clock.set(to),
    },
    later,
    make,
    ranOnce,
    plan,
    start,
    end,
    run,
    live,
    next,
    rowOf,
    edit,
    expectEven,
  };

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

  /** Made, and run for a minute at once: its next tick is due 11 minutes and 1 ms after the test began. */
  async function ranOnce(): Promise<Made> {
    const job = await make();
    await plan();
    await clock.advance(1);
    await run(job, MINUTE_MS);
    return job;
  }

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

  async function definitionOf(job: Made) {
    const [revision] = await prisma().revision.findMany({
      where: { jobId: job.id },
      orderBy: { number: 'desc' },
      take: 1,
    });
    return { number: revision!.number, definition: revision!.definition as object };
  }

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
}
