import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { NotAllowed } from '#core/auth/permissions.ts';
import {
  createBlackout,
  deleteBlackout,
  editBlackout,
  endBlackout,
} from '#core/blackouts/blackouts.ts';
import { previewBlackout } from '#core/blackouts/preview-blackout.ts';
import { listBlackouts } from '#core/blackouts/read-blackouts.ts';
import type { BlackoutScope } from '#core/blackouts/scope.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { ledgerCounts } from '#core/jobs/ledger-counts.ts';
import { readJobLedger } from '#core/jobs/ledger.ts';
import { readNextTicks } from '#core/jobs/next-ticks.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { prisma } from '#core/prisma.ts';
import type { BlackoutEffect, BlackoutTimes } from '#core/schedules/blackouts/blackout-times.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { gapsOf, planAll, silent, testPlanner, ticksOf } from '#tests/support/planning.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';
import { createGapCounter } from '#worker/gap-counter.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const web = webDatabase();
let clock: TestClock;
let began: Date;
beforeAll(async () => {
  clock = await holdClock(web.db(), new Date('2027-05-03T08:00:00.500Z'));
});
beforeEach(async () => {
  // A day of its own for each, at 08:00.
  await clock.advance(86_400_000 - (clock.now().getTime() % 86_400_000) + 8 * HOUR_MS + 500);
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
  await web.db().sql('UPDATE blackout SET deleted_at = now() WHERE deleted_at IS NULL');
  began = clock.now();
});

const every = (seconds: number): Schedule => ({
  type: 'interval',
  everyMs: seconds * 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
});
const plan = () => planAll(testPlanner(web.db().pool));
const count = () => createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();
const at = (minutes: number) => new Date(began.getTime() - 500 + minutes * MINUTE_MS);
const once = (from: number, to: number): BlackoutTimes => ({
  type: 'once',
  from: at(from).toISOString(),
  to: at(to).toISOString(),
});
const only = (...jobs: TestJob[]): BlackoutScope => ({
  type: 'jobs',
  jobIds: jobs.map(({ id }) => id),
});
const make = async (
  effect: BlackoutEffect,
  times: BlackoutTimes,
  scope: BlackoutScope,
  name = 'Maintenance',
) => valueOf(await createBlackout(admin, { name, effect, times, scope })).id;

/** Walks on as a worker would that is always there: it plans every half minute, and runs what is due. */
async function walk(job: TestJob, untilMinutes: number): Promise<void> {
  while (clock.now() < at(untilMinutes)) {
    await plan();
    await work(job);
    await clock.set(new Date(Math.min(clock.now().getTime() + 30_000, at(untilMinutes).getTime())));
  }
  await plan();
}

async function work(job: TestJob): Promise<void> {
  await web.db().sql(
    `UPDATE run SET is_live = false, state = 'succeeded', attempt = 1, started_at = now(), finished_at = now()
      WHERE is_live AND job_id = $1 AND state = 'queued' AND hold IS NULL AND due_at <= now()`,
    [job.id],
  );
}

const minutesOf = (date: Date) => (date.getTime() - at(0).getTime()) / MINUTE_MS;
const ticks = async (job: TestJob) =>
  (await ticksOf(web.db().sql, job.id)).map(
    ({ at: tick, dueAt }) => `${minutesOf(tick)} ${minutesOf(dueAt)}`,
  );
const gaps = async (job: TestJob) =>
  (await gapsOf(web.db().sql, job.id)).map(({ reason, ticks: held }) => `${reason} ${held}`);
const covers = async (job: TestJob) =>
  (await prisma().gap.findMany({ where: { jobId: job.id }, orderBy: { id: 'asc' } })).map(
    ({ coveredBy }) => coveredBy && minutesOf(coveredBy),
  );

async function expectEven(job: TestJob): Promise<void> {
  await count();
  const audit = valueOf(await auditTicks(admin, { key: job.key, from: began }));
  expect(audit.jobs[0]!.findings).toEqual([]);
  expect(audit.isEven).toBe(true);
}

const sums = async (job: TestJob) => {
  const { expected, ran, covered, blackout, held, waiting, paused, missed, isEven } = valueOf(
    await ledgerCounts(admin, { jobId: job.id, from: began }),
  );
  expect(isEven).toBe(true);
  return { expected, ran, covered, blackout, held, waiting, paused, missed };
};

describe('a blackout that skips', () => {
  test('leaves its ticks out, in one row however long it lasts and however often a job fires', async () => {
    const job = await makeJob(web.db(), { schedule: every(1) });
    await make('skip', once(2, 8 * 60), only(job));
    await walk(job, 10);
    // Planned up to a minute ahead.
    expect(await gaps(job)).toEqual([expect.stringMatching(/^blackout 5[0-4]\d$/)]);
    const [gap] = await prisma().gap.findMany({ where: { jobId: job.id } });
    expect(gap).toMatchObject({ note: 'Maintenance', createdBy: 'Test' });
    expect(await sums(job)).toMatchObject({ ran: 119, blackout: 8 * 60, covered: 0 });
    await clock.set(at(8 * 60 + 2));
    await plan();
    await work(job);
    expect((await gaps(job))[0]).toMatch(/^blackout \d+$/);
    await expectEven(job);
  });

  test('is told from what was missed, where no worker was there', async () => {
    const job = await makeJob(web.db(), { schedule: every(60), catchUp: 'latest' });
    await make('skip', once(10, 20), only(job));
    await clock.set(at(40.1));
    await plan();
    expect((await gaps(job)).toSorted()).toEqual(['blackout 10', 'missed 20', 'missed 9']);
    expect(await ticks(job)).toEqual(['40 40.1', '41 41']);
    await work(job);
    // The run of the latest stands for all that were missed, and for none that was to be left out.
    expect(await sums(job)).toMatchObject({
      expected: 40,
      ran: 1,
      covered: 29,
      blackout: 10,
      missed: 0,
    });
    await expectEven(job);
  });

  test('what is made up for never becomes due in a window that is on', async () => {
    const job = await makeJob(web.db(), { schedule: every(60), catchUp: 'all', catchUpMost: 3 });
    await make('skip', once(10, 30), only(job));
    await clock.set(at(20.5));
    await plan();
    // At its end, one after the other at the job's rate.
    const dueAt = (await ticksOf(web.db().sql, job.id)).map((tick) => tick.dueAt.getTime());
    const end = at(30).getTime();
    expect(dueAt).toEqual([end, end + 1_000, end + 2_000]);
    expect(await sums(job)).toMatchObject({ held: 3, blackout: 11, missed: 6 });
    await walk(job, 32);
    await work(job);
    await expectEven(job);
  });
});

describe('a blackout that holds', () => {
  test('runs the latest of its ticks at its end, which stands for all', async () => {
    const job = await makeJob(web.db(), { schedule: every(60), startDeadlineMs: 120_000 });
    await make('hold', once(5, 20.5), only(job));
    await walk(job, 10);
    expect(await sums(job)).toMatchObject({ ran: 4, held: 5, covered: 0 });
    expect(await covers(job)).toEqual([20]);
    await walk(job, 20.4);
    expect(await sums(job)).toMatchObject({ held: 16, covered: 0 });
    const ledger = valueOf(await readJobLedger(admin, { jobId: job.id }));
    const standIn = await prisma().run.findFirstOrThrow({
      where: { jobId: job.id, scheduledFor: at(20) },
    });
    expect(ledger.rows.flatMap((row) => (row.kind === 'gap' ? [row.gap.cover] : []))).toEqual([
      { at: at(20).toISOString(), state: 'awaited', runId: Number(standIn.id) },
    ]);
    await walk(job, 20.5);
    // Its start deadline counts from the end of the window.
    expect(
      await prisma().run.findFirst({ where: { jobId: job.id, scheduledFor: at(20) } }),
    ).toMatchObject({ dueAt: at(20.5), startBy: at(22.5), trigger: 'tick' });
    await work(job);
    expect(await sums(job)).toMatchObject({ ran: 5, covered: 15, held: 0, blackout: 0 });
    await expectEven(job);
  });

  test('goes on into one that touches it, and skipping has the say where both are', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    await make('hold', once(5, 10), only(job));
    await make('hold', once(10, 20.5), only(job), 'Second');
    await make('skip', once(14, 16), only(job), 'Third');
    await walk(job, 22);
    await work(job);
    expect(await gaps(job)).toEqual(['held 5', 'held 4', 'blackout 2', 'held 4']);
    expect(await covers(job)).toEqual([20, 20, null, 20]);
    expect((await ticks(job)).filter((tick) => tick.endsWith(' 20.5'))).toEqual(['20 20.5']);
    await expectEven(job);
  });

  test('that is ended early lets the latest that it held so far go, once, with two workers at it', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    const id = await make('hold', once(5, 60), only(job));
    await walk(job, 10.5);
    valueOf(await endBlackout(admin, { id }));
    await Promise.all([plan(), planAll(testPlanner(web.db().pool, 30_000))]);
    const rows = await ticks(job);
    expect(rows.filter((tick) => tick.startsWith('10 '))).toHaveLength(1);
    expect(rows).toContain('11 11');
    await work(job);
    expect(await gaps(job)).toEqual(['held 5']);
    expect(await sums(job)).toMatchObject({ ran: 5, covered: 5, held: 0 });
    expect(refusalOf(await endBlackout(admin, { id })).message).toContain('isn’t on now');
    await expectEven(job);
  });

  test('that is ended after its latest tick starts that one at once', async () => {
    const job = await makeJob(web.db(), { schedule: every(3_600) });
    const id = await make('hold', once(30, 119), only(job));
    await walk(job, 61);
    expect(await ticks(job)).toEqual(['60 119']);
    valueOf(await endBlackout(admin, { id }));
    const [row] = await prisma().run.findMany({ where: { jobId: job.id } });
    expect(minutesOf(row!.dueAt)).toBeCloseTo(61, 1);
    expect(row!.heldBy).toBeNull();
    await expectEven(job);
  });

  test('that is prolonged or renamed keeps one run for its end', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    const definition = {
      name: 'M',
      effect: 'hold' as const,
      times: once(5, 20.5),
      scope: only(job),
    };
    const { id } = valueOf(await createBlackout(admin, definition));
    await walk(job, 10.5);
    const basedOnVersion = 1;
    valueOf(await editBlackout(admin, { ...definition, id, basedOnVersion, name: 'N' }));
    await walk(job, 15.5);
    const times = once(5, 30.5);
    const longer = { ...definition, id, basedOnVersion: 2, name: 'N', times };
    valueOf(await editBlackout(admin, longer));
    expect(refusalOf(await editBlackout(admin, longer)).code).toBe('conflict');
    await walk(job, 31);
    await work(job);
    expect((await ticks(job)).filter((tick) => tick.endsWith('.5'))).toEqual(['30 30.5']);
    expect(new Set(await covers(job))).toEqual(new Set([30]));
    expect(await sums(job)).toMatchObject({ covered: 25 });
    await expectEven(job);
  });

  test('an edit of the job in the window: the new schedule’s latest tick stands for the old one’s too', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    await make('hold', once(5, 20.5), only(job));
    await walk(job, 10.5);
    const edit = (schedule: Schedule, basedOnRevision: number) =>
      editJob(admin, {
        jobId: job.id,
        basedOnRevision,
        definition: { ...job.definition, schedule },
      });
    valueOf(await edit(every(30), 1));
    await walk(job, 12.1);
    expect(await covers(job)).toEqual([20, 20]);
    // Without a tick left in it, the latest so far is what runs.
    valueOf(await edit({ type: 'manual' }, 2));
    await plan();
    expect((await ticks(job)).filter((tick) => tick.endsWith(' 20.5'))).toEqual(['12 20.5']);
    await walk(job, 21);
    await work(job);
    expect(await sums(job)).toMatchObject({ held: 0, blackout: 0, covered: 8 });
    await expectEven(job);
  });

  test('a pause in the window, and a deletion', async () => {
    const [paused, deleted] = [
      await makeJob(web.db(), { schedule: every(60) }),
      await makeJob(web.db(), { schedule: every(60) }),
    ];
    await make('hold', once(5, 20.5), only(paused, deleted));
    await walk(paused, 10.5);
    valueOf(await pauseJobs(admin, { jobIds: [paused.id] }));
    valueOf(await deleteJob(admin, { jobId: deleted.id, confirmKey: deleted.key }));
    await walk(paused, 30.5);
    expect(await sums(paused)).toMatchObject({ held: 6, paused: 20 });
    // Nothing of a deleted job is held any more.
    expect(await sums(deleted)).toMatchObject({ held: 0, blackout: 6 });
    valueOf(await resumeJobs(admin, { jobIds: [paused.id] }));
    await plan();
    await work(paused);
    expect(await sums(paused)).toMatchObject({ held: 0, covered: 5 });
    await expectEven(paused);
    await expectEven(deleted);
  });

  test('a run that was to stand for the others and was cancelled leaves them a gap', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    await make('hold', once(5, 20.5), only(job));
    await walk(job, 20.2);
    expect(await sums(job)).toMatchObject({ held: 16, blackout: 0 });
    await web.db().sql(
      `UPDATE run SET is_live = false, state = 'cancelled', finished_at = now(), cancelled_by = 'Test'
        WHERE is_live AND job_id = $1 AND state = 'queued' AND held_by IS NOT NULL`,
      [job.id],
    );
    expect(await sums(job)).toMatchObject({ held: 0, blackout: 15 });
    await expectEven(job);
  });

  test('a week away over nights that hold: counted, never built', async () => {
    const job = await makeJob(web.db(), { schedule: every(1), catchUp: 'latest' });
    const days = [1, 2, 3, 4, 5, 6, 7];
    const nights = {
      type: 'weekly' as const,
      weekdays: days,
      from: '22:00',
      to: '06:00',
      timeZone: 'UTC',
    };
    await make('hold', nights, only(job));
    await clock.set(new Date(at(0).getTime() + 7 * 86_400_000 + 15 * HOUR_MS));
    const began_ = performance.now();
    await plan();
    expect(performance.now() - began_).toBeLessThan(5_000);
    // It is 23:00: one hour of this night is held, and its latest tick stands for all that was missed as well.
    const end = minutesOf(clock.now()) + 7 * 60;
    expect(new Set(await covers(job))).toEqual(new Set([end - 1 / 60]));
    expect((await ticks(job)).length).toBe(0);
    expect(await sums(job)).toMatchObject({ missed: 7 * 86_400 + 14 * 3_600 - 1, held: 3_600 });
    await expectEven(job);
  });
});

describe('whom it hits', () => {
  test('all, queues, labels or jobs, also those that come later', async () => {
    await web.db().sql(`INSERT INTO queue (name, max_running, max_waiting, default_timeout_ms)
      VALUES ('black', 10, 100, 60000) ON CONFLICT DO NOTHING`);
    const schedule = every(60);
    const inQueue = await makeJob(web.db(), { schedule, queue: 'black' });
    const labelled = await makeJob(web.db(), { schedule, labels: { env: 'prod', tier: '1' } });
    const other = await makeJob(web.db(), { schedule, labels: { env: 'prod' } });
    await make('skip', once(5, 10), { type: 'queues', queues: ['black'] });
    await make('skip', once(15, 20), { type: 'labels', labels: { env: 'prod', tier: '1' } });
    await make('skip', once(25, 30), { type: 'all' });
    const later = await makeJob(web.db(), { schedule, queue: 'black' });
    for (let minutes = 0; minutes <= 32; minutes++) {
      await clock.set(at(minutes + 0.01));
      await plan();
    }
    expect(await gaps(inQueue)).toEqual(['blackout 5', 'blackout 5']);
    expect(await gaps(labelled)).toEqual(['blackout 5', 'blackout 5']);
    expect(await gaps(other)).toEqual(['blackout 5']);
    expect(await gaps(later)).toEqual(['blackout 5', 'blackout 5']);
    const listed = await listBlackouts(viewer);
    expect(listed.map(({ jobs }) => jobs)).toEqual([4, 1, 2]);
  });

  test('is told before it is saved: how many jobs, which, and how many ticks', async () => {
    const often = await makeJob(web.db(), { schedule: every(60) });
    const daily = await makeJob(web.db(), {
      schedule: { type: 'cron', lines: ['0 3 * * *'], timeZone: 'UTC' },
    });
    const manual = await makeJob(web.db(), {});
    const from = new Date(clock.now().getTime() + HOUR_MS);
    const to = new Date(from.getTime() + HOUR_MS);
    const times = { type: 'once' as const, from: from.toISOString(), to: to.toISOString() };
    const scope = only(often, daily, manual);
    const skip = valueOf(await previewBlackout(viewer, { effect: 'skip', times, scope }));
    expect(skip).toMatchObject({ jobs: 3, manualJobs: 1, left: 60, held: 0, windowCount: 1 });
    expect(skip.first.map(({ key }) => key)).toEqual([often.key]);
    const nights = {
      type: 'weekly' as const,
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      from: '02:30',
      to: '03:30',
      timeZone: 'UTC',
    };
    const hold = valueOf(await previewBlackout(viewer, { effect: 'hold', times: nights, scope }));
    expect(hold.jobsWithTicks).toBe(2);
    expect(hold.held).toBeGreaterThanOrEqual(26);
    expect(await prisma().blackout.count({ where: { deletedAt: null } })).toBe(0);
  });

  test('shows in the ticks to come which of them it takes', async () => {
    const job = await makeJob(web.db(), { schedule: every(3_600) });
    const hour = Math.ceil(clock.now().getTime() / HOUR_MS) * HOUR_MS;
    const times = {
      type: 'once' as const,
      from: new Date(hour - 1_000).toISOString(),
      to: new Date(hour + 1.5 * HOUR_MS).toISOString(),
    };
    await web
      .db()
      .sql(
        `INSERT INTO blackout (name, effect, times, scope, created_by, ends_at) VALUES ('Now', 'hold', $1::jsonb, '{"type":"all"}', 'Test', $2)`,
        [JSON.stringify(times), times.to],
      );
    const { ticks: next } = valueOf(await readNextTicks(viewer, { jobId: job.id, limit: 3 }));
    expect(next.map(({ blackout }) => blackout)).toEqual([
      { name: 'Now', runsAt: null },
      { name: 'Now', runsAt: times.to },
      null,
    ]);
  });
});

describe('changes', () => {
  test('are admins’, stand in the trail, and are refused where they can’t be meant', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    const input = { name: 'Trail', effect: 'skip' as const, times: once(5, 10), scope: only(job) };
    await expect(createBlackout(viewer, input)).rejects.toThrow(NotAllowed);
    const { id } = valueOf(await createBlackout(admin, input));
    expect(refusalOf(await endBlackout(admin, { id })).code).toBe('conflict');
    const past = { ...input, times: once(-20, -10) };
    expect(refusalOf(await createBlackout(admin, past)).message).toContain('has passed');
    const nobody = { ...input, scope: { type: 'queues' as const, queues: ['none-such'] } };
    expect(refusalOf(await createBlackout(admin, nobody)).message).toContain('none-such');
    valueOf(await deleteBlackout(admin, { id }));
    expect(refusalOf(await deleteBlackout(admin, { id })).code).toBe('not_found');
    const trail = await prisma().auditEntry.findMany({
      where: { subject: 'blackout:Trail' },
      orderBy: { id: 'asc' },
    });
    expect(trail.map(({ action }) => action)).toEqual(['blackout.create', 'blackout.delete']);
  });

  test('one that a newer version made keeps the jobs that it hits aside, and no other', async () => {
    const [hit, free] = [
      await makeJob(web.db(), { schedule: every(60) }),
      await makeJob(web.db(), { schedule: every(60) }),
    ];
    await web.db().sql(
      `INSERT INTO blackout (name, effect, times, scope, created_by)
       VALUES ('Newer', 'skip', '{"type":"monthly"}', $1::jsonb, 'Test')`,
      [JSON.stringify(only(hit))],
    );
    await clock.set(at(0.6));
    expect(await plan()).toMatchObject({ aside: 1 });
    expect(await ticks(free)).toEqual(['1 1']);
    expect(await ticks(hit)).toEqual([]);
    expect(await listBlackouts(viewer)).toEqual([]);
    valueOf(await readNextTicks(viewer, { jobId: hit.id }));
  });

  test('a weekly one that is ended comes again at its next time', async () => {
    const job = await makeJob(web.db(), { schedule: every(3_600) });
    const times = {
      type: 'weekly' as const,
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      from: '07:00',
      to: '12:00',
      timeZone: 'UTC',
    };
    const id = await make('skip', times, only(job));
    expect((await listBlackouts(viewer))[0]).toMatchObject({ now: { to: at(240).toISOString() } });
    valueOf(await endBlackout(admin, { id }));
    expect((await listBlackouts(viewer))[0]).toMatchObject({
      now: null,
      ended: { by: 'Test', until: at(240).toISOString() },
      next: { from: at(23 * 60).toISOString() },
    });
    await walk(job, 61);
    expect(await ticks(job)).toEqual(['60 60']);
    await clock.set(at(23 * 60 + 30));
    await plan();
    expect((await gaps(job)).some((gap) => gap.startsWith('blackout'))).toBe(true);
  });
});
