import pg from 'pg';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { NotAllowed } from '#core/auth/permissions.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { changeRetention } from '#core/installation/retention.ts';
import { createJob } from '#core/jobs/create-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { prisma } from '#core/prisma.ts';
import { addSamples, removeSamples } from '#core/samples/samples.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { makeJob, testDefinition } from '#tests/support/jobs.ts';
import { gapsOf, planAll, silent, testPlanner, ticksOf } from '#tests/support/planning.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';
import { createGapCounter } from '#worker/gap-counter.ts';

const web = webDatabase();
let clock: TestClock;
beforeAll(async () => {
  clock = await holdClock(web.db(), new Date('2027-05-03T08:00:00.000Z'));
});
beforeEach(async () => {
  await clock.advance(3_600_000);
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
});

const every = (seconds: number): Schedule => ({
  type: 'interval',
  everyMs: seconds * 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
});
const plan = () => planAll(testPlanner(web.db().pool));
const count = () => createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();
const ticks = (jobId: number) => ticksOf(web.db().sql, jobId);
const gaps = (jobId: number) => gapsOf(web.db().sql, jobId);

test('a pause takes planned ticks back at once, holds what waits, and the gap is counted when it ends', async () => {
  const job = await makeJob(web.db(), { schedule: every(10) });
  await plan();
  // Two ticks become due and nobody takes them.
  await clock.advance(25_000);
  const paused = valueOf(await pauseJobs(admin, { jobIds: [job.id], reason: 'deploy freeze' }));
  expect(paused).toEqual({ jobIds: [job.id], unchanged: 0 });
  expect(await ticks(job.id)).toMatchObject([{ hold: 'paused' }, { hold: 'paused' }]);
  expect(await gaps(job.id)).toMatchObject([{ to: null, reason: 'paused', note: 'deploy freeze' }]);
  await plan();
  expect(await ticks(job.id)).toHaveLength(2);

  await clock.advance(60_000);
  valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
  expect(await ticks(job.id)).toMatchObject([{ hold: null }, { hold: null }]);
  await count();
  expect(await gaps(job.id)).toMatchObject([{ ticks: 6, note: 'deploy freeze' }]);
  await plan();
  const ahead = (await ticks(job.id)).filter(({ at }) => at > clock.now());
  expect(ahead).toHaveLength(6);
});

test('a second pause and a second resume change nothing and are told so', async () => {
  const job = await makeJob(web.db(), { schedule: every(10) });
  valueOf(await pauseJobs(admin, { jobIds: [job.id], reason: 'first' }));
  const again = await pauseJobs(admin, { jobIds: [job.id], reason: 'second' });
  expect(valueOf(again)).toEqual({ jobIds: [], unchanged: 1 });
  expect(await prisma().job.findUnique({ where: { id: job.id } })).toMatchObject({
    pauseReason: 'first',
  });
  valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
  expect(valueOf(await resumeJobs(admin, { jobIds: [job.id] })).unchanged).toBe(1);
  const entries = await prisma().auditEntry.findMany({
    where: { subject: `job:${job.key}` },
    orderBy: { id: 'asc' },
  });
  expect(entries.map(({ action }) => action)).toEqual(['job.pause', 'job.resume']);
  const missing = await pauseJobs(admin, { jobIds: [999_999] });
  expect(missing).toMatchObject({ ok: false, refusal: { code: 'not_found' } });
});

test('a pause that cancels asks running runs to end and ends those that wait for a retry', async () => {
  const job = await makeJob(web.db(), { schedule: every(10), overlap: 'allow' });
  await plan();
  await web.db().sql(
    `UPDATE run SET state = 'running', worker_id = 1, attempt = 1, started_at = now()
      WHERE is_live AND id = (SELECT min(id) FROM run WHERE is_live AND job_id = $1)`,
    [job.id],
  );
  await web.db().sql(
    `UPDATE run SET attempt = 1
      WHERE is_live AND id = (SELECT min(id) FROM run WHERE is_live AND job_id = $1 AND state = 'queued')`,
    [job.id],
  );
  valueOf(await pauseJobs(admin, { jobIds: [job.id], cancelRunning: true }));
  const runs = await prisma().run.findMany({ where: { jobId: job.id }, orderBy: { id: 'asc' } });
  expect(runs).toMatchObject([
    { state: 'running', cancelledBy: 'Test', cancelRequestedAt: expect.any(Date) },
    { state: 'cancelled', cancelledBy: 'Test' },
  ]);
});

test('while everything is paused nothing is planned; jobs that were paused themselves stay so', async () => {
  const job = await makeJob(web.db(), { schedule: every(10) });
  const own = await makeJob(web.db(), { schedule: every(10) });
  await plan();
  valueOf(await pauseJobs(admin, { jobIds: [own.id], reason: 'its own' }));
  valueOf(await pauseEverything(admin, { reason: 'moving house' }));
  expect(valueOf(await pauseEverything(admin, { reason: 'again' })).isChanged).toBe(false);
  const late = valueOf(await createJob(admin, testDefinition({ schedule: every(10) })));
  await clock.advance(60_000);
  expect(await plan()).toMatchObject({ jobs: 0 });
  valueOf(
    await editJob(admin, {
      jobId: job.id,
      basedOnRevision: 1,
      definition: { ...job.definition, schedule: every(20) },
    }),
  );
  await clock.advance(60_000);
  valueOf(await resumeEverything(admin));
  await count();
  expect(await gaps(job.id)).toMatchObject([
    { reason: 'paused_all', note: 'moving house', revision: 1, ticks: 6 },
    { reason: 'paused_all', note: 'moving house', revision: 2, ticks: 3 },
  ]);
  expect(await gaps(own.id)).toMatchObject([{ reason: 'paused', note: 'its own', to: null }]);
  expect(await gaps(late.jobId)).toMatchObject([{ reason: 'paused_all', ticks: 12 }]);
  await plan();
  expect((await ticks(job.id)).length).toBe(3);
  expect((await ticks(own.id)).length).toBe(0);
});

test('pausing a job and then everything, and back in any order, leaves no stretch uncounted', async () => {
  const job = await makeJob(web.db(), { schedule: every(10) });
  const minute = () => clock.advance(60_000);
  valueOf(await pauseEverything(admin, { reason: 'all' }));
  await minute();
  valueOf(await pauseJobs(admin, { jobIds: [job.id], reason: 'one' }));
  await minute();
  valueOf(await resumeEverything(admin));
  await minute();
  valueOf(await pauseEverything(admin, { reason: 'all' }));
  await minute();
  valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
  await minute();
  valueOf(await resumeEverything(admin));
  await count();
  expect((await gaps(job.id)).map(({ reason, ticks: of }) => [reason, of])).toEqual([
    ['paused_all', 6],
    ['paused', 18],
    ['paused_all', 6],
  ]);
});

test('2,000 jobs are paused and resumed at once, by as many statements as one', async () => {
  await web.db().sql(
    `WITH made AS (
       INSERT INTO job (key, revision, kind, queue, has_schedule, planned_until, next_tick_at)
       SELECT 'many-' || n, 1, 'script', 'default', true, now(), now() + interval '10 seconds'
         FROM generate_series(1, 2001) n
       RETURNING id)
     INSERT INTO revision (job_id, number, definition, created_by)
     SELECT id, 1, $1::jsonb, 'Test' FROM made`,
    [JSON.stringify(testDefinition({ schedule: every(10) }))],
  );
  const jobs = await prisma().job.findMany({ where: { deletedAt: null }, select: { id: true } });
  const [one, ...jobIds] = jobs.map(({ id }) => id);
  await plan();
  const before = performance.now();
  const counts: number[] = [];
  for (const ids of [[one!], jobIds]) {
    const statements = vi.spyOn(pg.Query.prototype, 'submit');
    expect(valueOf(await pauseJobs(admin, { jobIds: ids })).jobIds).toHaveLength(ids.length);
    expect(valueOf(await resumeJobs(admin, { jobIds: ids })).jobIds).toHaveLength(ids.length);
    counts.push(statements.mock.calls.length);
    statements.mockRestore();
  }
  expect(jobIds).toHaveLength(2_000);
  expect(counts[0]).toBeGreaterThan(4);
  expect(counts[1]).toBeLessThanOrEqual(counts[0]!);
  expect(performance.now() - before).toBeLessThan(5_000);
});

test('samples come once, run, and go with one click; one that somebody edited stays', async () => {
  const healthUrl = 'http://127.0.0.1:3000/api/health';
  const both = await Promise.all([
    addSamples(admin, { healthUrl }),
    addSamples(admin, { healthUrl }),
  ]);
  const added = both.filter(({ ok }) => ok);
  expect(added).toHaveLength(1);
  const { jobIds } = valueOf(added[0]!);
  expect(jobIds).toHaveLength(3);
  expect(await plan()).toMatchObject({ aside: 0 });
  const [first] = await prisma().revision.findMany({ where: { jobId: jobIds[0]! } });
  valueOf(
    await editJob(admin, {
      jobId: jobIds[0]!,
      basedOnRevision: 1,
      definition: { ...(first!.definition as never as object), owner: 'mine' } as never,
    }),
  );
  expect(valueOf(await removeSamples(admin)).jobIds).toEqual(jobIds.slice(1));
  const left = await prisma().job.findMany({ where: { deletedAt: null } });
  expect(left.map(({ id }) => id)).toEqual(jobIds.slice(0, 1));
});

test('the retention changes with an audit entry', async () => {
  valueOf(await changeRetention(admin, { retentionDays: 30 }));
  expect(await prisma().installation.findFirst()).toMatchObject({ retentionDays: 30 });
  const refused = await changeRetention(admin, { retentionDays: 0 });
  expect(refused).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
  const entries = await prisma().auditEntry.findMany({
    where: { action: 'installation.retention' },
  });
  expect(entries).toMatchObject([{ before: { retentionDays: 90 }, after: { retentionDays: 30 } }]);
});

test('a viewer can do none of it', async () => {
  const job = await makeJob(web.db());
  const attempts = [
    () => pauseJobs(viewer, { jobIds: [job.id] }),
    () => resumeJobs(viewer, { jobIds: [job.id] }),
    () => pauseEverything(viewer, { reason: '' }),
    () => resumeEverything(viewer),
    () => addSamples(viewer, { healthUrl: 'http://127.0.0.1/' }),
    () => removeSamples(viewer),
    () => changeRetention(viewer, { retentionDays: 1 }),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toThrow(NotAllowed);
});
