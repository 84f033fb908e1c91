import { beforeAll, beforeEach, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { NotAllowed } from '#core/auth/permissions.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { changePauseEnd } from '#core/jobs/pause-end.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { prisma } from '#core/prisma.ts';
import type { StandingAnswer } from '#core/jobs/resume-answer.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { gapsOf, planAll, silent, testPlanner } from '#tests/support/planning.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';
import { createGapCounter } from '#worker/gap-counter.ts';
import { createResumer } from '#worker/resumer.ts';

const web = webDatabase();
let clock: TestClock;
let began: Date;
beforeAll(async () => {
  // Between two ticks, whatever the test.
  clock = await holdClock(web.db(), new Date('2027-05-03T08:00:05.000Z'));
});
beforeEach(async () => {
  await clock.advance(3_600_000);
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
  began = clock.now();
});

const MINUTE_MS = 60_000;
const every = (seconds: number): Schedule => ({
  type: 'interval',
  everyMs: seconds * 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
});
const plan = () => planAll(testPlanner(web.db().pool));
const resumer = () => createResumer({ pool: web.db().pool, logger: silent, intervalMs: 2_000 });
const inMinutes = (minutes: number) =>
  new Date(clock.now().getTime() + minutes * MINUTE_MS).toISOString();

async function pauseUntil(
  job: TestJob,
  minutes: number,
  answer: StandingAnswer = { rule: 'skip' },
) {
  const end = { until: inMinutes(minutes), answer };
  return pauseJobs(admin, { jobIds: [job.id], reason: 'deploy', end });
}

const rowOf = (job: TestJob) => prisma().job.findUniqueOrThrow({ where: { id: job.id } });
const madeOf = (job: TestJob) =>
  prisma().run.findMany({ where: { jobId: job.id, trigger: 'resume' }, orderBy: { id: 'asc' } });
const resumesOf = (job: TestJob) =>
  prisma().auditEntry.findMany({ where: { subject: `job:${job.key}`, action: 'job.resume' } });

async function expectEven(job: TestJob): Promise<void> {
  await plan();
  await createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();
  const audit = valueOf(await auditTicks(admin, { key: job.key, from: began }));
  expect(audit.jobs[0]!.findings).toEqual([]);
  expect(audit.isEven).toBe(true);
}

test('a pause with an end is resumed then, once, with its answer, for the person who paused', async () => {
  const job = await makeJob(web.db(), { schedule: every(60) });
  const until = inMinutes(10);
  valueOf(await pauseUntil(job, 10, { rule: 'all', spreadMinutes: 20 }));
  expect(await rowOf(job)).toMatchObject({ pausedBy: 'Test', pauseUntil: new Date(until) });
  await clock.advance(9 * MINUTE_MS);
  expect((await resumer().runOnce()).counts).toEqual({ resumed: 0 });
  await clock.advance(MINUTE_MS + 1);
  // Two workers see it at once.
  const both = await Promise.all([resumer().runOnce(), resumer().runOnce()]);
  expect(both.reduce((sum, { counts }) => sum + (counts['resumed'] ?? 0), 0)).toBe(1);
  expect(await rowOf(job)).toMatchObject({
    pausedAt: null,
    pauseUntil: null,
    resumeAnswer: null,
  });
  const made = await madeOf(job);
  expect(made).toHaveLength(10);
  expect(made[0]).toMatchObject({ requestedBy: 'Punctual, for Test' });
  expect(made[9]!.dueAt.getTime() - made[0]!.dueAt.getTime()).toBe(18 * MINUTE_MS);
  expect(await resumesOf(job)).toMatchObject([
    {
      actor: 'Punctual, for Test',
      after: { answer: 'all', spreadMinutes: 20, ticks: 10, runs: 10 },
      reason: `The pause was to end at ${until}.`,
    },
  ]);
  await expectEven(job);
});

test('a worker that comes an hour late ends the pause as of its time, and what fired since was missed', async () => {
  const job = await makeJob(web.db(), { schedule: every(60), catchUp: 'latest' });
  const until = inMinutes(10);
  valueOf(await pauseUntil(job, 10, { rule: 'latest', spreadMinutes: 0 }));
  await clock.advance(70 * MINUTE_MS);
  await resumer().runOnce();
  await plan();
  const [pause, missed] = await gapsOf(web.db().sql, job.id);
  expect(pause).toMatchObject({ reason: 'paused', to: new Date(until) });
  expect(missed).toMatchObject({ reason: 'missed', ticks: 59 });
  const [made] = await madeOf(job);
  expect(made!.forTick! < new Date(until)).toBe(true);
  await expectEven(job);
});

test('an edit between the end of a pause and the worker that ends it loses no tick', async () => {
  const job = await makeJob(web.db(), { schedule: every(60) });
  valueOf(await pauseUntil(job, 10));
  await clock.advance(20 * MINUTE_MS);
  const definition = { ...job.definition, schedule: every(30) };
  valueOf(await editJob(admin, { jobId: job.id, basedOnRevision: 1, definition }));
  await clock.advance(20 * MINUTE_MS);
  await resumer().runOnce();
  expect((await rowOf(job)).pausedAt).toBeNull();
  await expectEven(job);
});

test('while everything is paused it ends into that pause', async () => {
  const job = await makeJob(web.db(), { schedule: every(60) });
  valueOf(await pauseUntil(job, 10, { rule: 'latest', spreadMinutes: 0 }));
  await clock.advance(5 * MINUTE_MS);
  valueOf(await pauseEverything(admin, { reason: 'all' }));
  await clock.advance(10 * MINUTE_MS);
  await resumer().runOnce();
  await clock.advance(5 * MINUTE_MS);
  valueOf(await resumeEverything(admin));
  const gaps = await gapsOf(web.db().sql, job.id);
  expect(gaps.map(({ reason }) => reason)).toEqual(['paused', 'paused_all']);
  await expectEven(job);
});

test('it can be prolonged, and its end be taken away; resumed by hand, it doesn’t resume again', async () => {
  const job = await makeJob(web.db(), { schedule: every(60) });
  valueOf(await pauseUntil(job, 10));
  const longer = { until: inMinutes(30), answer: { rule: 'latest' as const } };
  valueOf(await changePauseEnd(admin, { jobIds: [job.id], end: longer }));
  await clock.advance(11 * MINUTE_MS);
  expect((await resumer().runOnce()).counts).toEqual({ resumed: 0 });
  valueOf(await changePauseEnd(admin, { jobIds: [job.id], end: null }));
  await clock.advance(60 * MINUTE_MS);
  expect((await resumer().runOnce()).counts).toEqual({ resumed: 0 });
  const entries = await prisma().auditEntry.findMany({
    where: { subject: `job:${job.key}`, action: 'job.pause.end' },
    orderBy: { id: 'asc' },
  });
  expect(entries).toMatchObject([
    { before: { answer: { rule: 'skip' } }, after: { until: longer.until } },
    { before: { until: longer.until }, after: { until: null, answer: null } },
  ]);
  valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
  const gone = await changePauseEnd(admin, { jobIds: [job.id], end: longer });
  expect(refusalOf(gone)).toMatchObject({ code: 'conflict' });
  await expectEven(job);
});

test('an end that has passed, or an answer that would run too much, is refused', async () => {
  const job = await makeJob(web.db(), { schedule: every(60) });
  expect(refusalOf(await pauseUntil(job, -1)).message).toBe('Choose a time that lies ahead.');
  const tooMuch = await pauseUntil(job, 120, { rule: 'all', spreadMinutes: 0 });
  expect(refusalOf(tooMuch).message).toContain(`120 occurrences of ${job.key}`);
  expect((await rowOf(job)).pausedAt).toBeNull();
  const end = { until: inMinutes(1) };
  await expect(pauseJobs(viewer, { jobIds: [job.id], end })).rejects.toThrow(NotAllowed);
  await expect(changePauseEnd(viewer, { jobIds: [job.id], end })).rejects.toThrow(NotAllowed);
});

test('an edit that made more ticks than may run: it resumes at its time with the latest, and says so', async () => {
  const job = await makeJob(web.db(), { schedule: every(60) });
  valueOf(await pauseUntil(job, 60, { rule: 'all', spreadMinutes: 0 }));
  const definition = { ...job.definition, schedule: every(1) };
  valueOf(await editJob(admin, { jobId: job.id, basedOnRevision: 1, definition }));
  await clock.advance(61 * MINUTE_MS);
  expect((await resumer().runOnce()).counts).toEqual({ resumed: 1 });
  expect(await madeOf(job)).toHaveLength(1);
  const [entry] = await resumesOf(job);
  expect(entry).toMatchObject({ after: { answer: 'latest', runs: 1 } });
  expect(entry!.reason).toMatch(/“all” couldn’t be done: 3,600 occurrences/);
  await expectEven(job);
});

test('a deleted job isn’t resumed, and one that can’t be read any more is resumed without runs', async () => {
  const gone = await makeJob(web.db(), { schedule: every(60) });
  const broken = await makeJob(web.db(), { schedule: every(60) });
  for (const job of [gone, broken])
    valueOf(await pauseUntil(job, 10, { rule: 'latest', spreadMinutes: 0 }));
  valueOf(await deleteJob(admin, { jobId: gone.id, confirmKey: gone.key }));
  await web
    .db()
    .sql(`UPDATE revision SET definition = definition - 'work' WHERE job_id = $1`, [broken.id]);
  await clock.advance(11 * MINUTE_MS);
  expect((await resumer().runOnce()).counts).toEqual({ resumed: 1 });
  expect(await resumesOf(gone)).toEqual([]);
  expect(await resumesOf(broken)).toMatchObject([{ after: { answer: 'skip', runs: 0 } }]);
});
