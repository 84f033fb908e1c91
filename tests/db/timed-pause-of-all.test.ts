import { beforeAll, beforeEach, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { NotAllowed } from '#core/auth/permissions.ts';
import {
  changeEndOfPauseOfAll,
  pauseEverything,
  resumeEverything,
} from '#core/installation/pause-everything.ts';
import { readInstallation } from '#core/installation/read-installation.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs } from '#core/jobs/pause-jobs.ts';
import type { StandingAnswer } from '#core/jobs/resume-answer.ts';
import { prisma } from '#core/prisma.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { gapsOf, planAll, silent, testPlanner, ticksOf } from '#tests/support/planning.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';
import { createGapCounter } from '#worker/gap-counter.ts';
import { createHealer } from '#worker/healer.ts';
import { createResumer } from '#worker/resumer.ts';

const web = webDatabase();
let clock: TestClock;
let began: Date;
beforeAll(async () => {
  clock = await holdClock(web.db(), new Date('2027-05-03T08:00:05.000Z'));
});
beforeEach(async () => {
  valueOf(await resumeEverything(admin));
  await clock.advance(3 * 3_600_000);
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
  began = clock.now();
});

const MINUTE_MS = 60_000;
const every = (seconds: number) =>
  makeJob(web.db(), {
    schedule: {
      type: 'interval',
      everyMs: seconds * 1_000,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
    },
  });
const plan = () => planAll(testPlanner(web.db().pool));
const pass = () =>
  createResumer({ pool: web.db().pool, logger: silent, intervalMs: 2_000 }).runOnce();
const inMinutes = (minutes: number) =>
  new Date(clock.now().getTime() + minutes * MINUTE_MS).toISOString();
const pauseFor = (minutes: number, answer: StandingAnswer = { rule: 'skip' }) =>
  pauseEverything(admin, { reason: 'deploy', end: { until: inMinutes(minutes), answer } });
const madeOf = (job: TestJob) =>
  prisma().run.findMany({ where: { jobId: job.id, trigger: 'resume' }, orderBy: { id: 'asc' } });
const isPaused = async () => (await readInstallation(admin)).pausedAll !== null;

async function expectEven(...jobs: TestJob[]): Promise<void> {
  await createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();
  for (const { key } of jobs) {
    const audit = valueOf(await auditTicks(admin, { key, from: began }));
    expect(audit.jobs[0]).toMatchObject({ findings: [], isEven: true });
  }
  const healer = createHealer({ pool: web.db().pool, logger: silent });
  expect((await healer.runOnce()).counts).toEqual({ healed: 0 });
}

test('it goes on by itself then, once, with its answer, for the person who paused', async () => {
  const job = await every(60);
  await plan();
  valueOf(await pauseFor(10, { rule: 'latest', spreadMinutes: 0 }));
  expect((await readInstallation(admin)).pausedAll).toMatchObject({
    until: inMinutes(10),
    answer: 'latest',
  });
  await clock.advance(10 * MINUTE_MS - 500);
  expect(await pass()).toEqual({ counts: { resumed: 0 }, nextInMs: 500 });
  await clock.advance(500);
  const passes = await Promise.all([pass(), pass(), pass()]);
  expect(passes.reduce((sum, { counts }) => sum + counts['resumed']!, 0)).toBe(1);
  expect(await isPaused()).toBe(false);
  expect(await madeOf(job)).toHaveLength(1);
  const entry = await prisma().auditEntry.findFirst({
    where: { action: 'installation.resume' },
    orderBy: { id: 'desc' },
  });
  expect(entry).toMatchObject({
    actor: 'Punctual, for Test',
    after: { answer: 'latest', runs: 1 },
  });
  await plan();
  await expectEven(job);
});

test('a worker that comes an hour late ends it as of its time: what fired since was missed', async () => {
  const [job, own] = [await every(60), await every(60)];
  await plan();
  valueOf(await pauseJobs(admin, { jobIds: [own.id] }));
  valueOf(await pauseFor(10));
  await clock.advance(30 * MINUTE_MS);
  // Edited and made since, while nobody was there to end it.
  const edited = await every(90);
  const later = await every(60);
  valueOf(
    await editJob(admin, {
      jobId: edited.id,
      basedOnRevision: 1,
      definition: { ...edited.definition, notes: 'x' },
    }),
  );
  await clock.advance(30 * MINUTE_MS);
  await pass();
  await plan();
  const gaps = await gapsOf(web.db().sql, job.id);
  expect(gaps).toMatchObject([{ reason: 'paused_all' }, { reason: 'missed' }]);
  expect(gaps[0]!.to!.getTime() - gaps[0]!.from.getTime()).toBeLessThanOrEqual(10 * MINUTE_MS);
  expect((await ticksOf(web.db().sql, job.id)).some(({ at }) => at > gaps[1]!.from)).toBe(true);
  expect(await gapsOf(web.db().sql, own.id)).toMatchObject([{ reason: 'paused', to: null }]);
  await expectEven(job, own, edited, later);
});

test('its end can be changed and taken away; resumed by hand it doesn’t resume again', async () => {
  const job = await every(60);
  await plan();
  valueOf(await pauseFor(10));
  valueOf(
    await changeEndOfPauseOfAll(admin, {
      end: { until: inMinutes(20), answer: { rule: 'skip' } },
    }),
  );
  await clock.advance(15 * MINUTE_MS);
  await pass();
  expect(await isPaused()).toBe(true);
  valueOf(await changeEndOfPauseOfAll(admin, { end: null }));
  await clock.advance(15 * MINUTE_MS);
  await pass();
  expect(await isPaused()).toBe(true);
  valueOf(await resumeEverything(admin));
  expect(refusalOf(await changeEndOfPauseOfAll(admin, { end: null })).code).toBe('conflict');
  await plan();
  await expectEven(job);
});

test('an end that lies in the past, or whose answer would run too much, is refused at its field', async () => {
  await every(1);
  const fieldOf = async (minutes: number, answer?: StandingAnswer) =>
    refusalOf(await pauseFor(minutes, answer)).fields?.[0]?.path;
  expect(await fieldOf(-1)).toEqual(['end', 'until']);
  expect(await fieldOf(60, { rule: 'all', spreadMinutes: 0 })).toEqual(['end', 'answer']);
  await expect(changeEndOfPauseOfAll(viewer, { end: null })).rejects.toBeInstanceOf(NotAllowed);
  expect(await isPaused()).toBe(false);
});

test('an answer that can’t be carried out at its time gives way to one that can, and says so', async () => {
  const job = await every(60);
  await plan();
  valueOf(await pauseFor(10, { rule: 'all', spreadMinutes: 0 }));
  const schedule = { ...job.definition.schedule, everyMs: 1_000 } as typeof job.definition.schedule;
  valueOf(
    await editJob(admin, {
      jobId: job.id,
      basedOnRevision: 1,
      definition: { ...job.definition, schedule },
    }),
  );
  await clock.advance(11 * MINUTE_MS);
  await pass();
  expect(await isPaused()).toBe(false);
  expect(await madeOf(job)).toHaveLength(1);
  const entry = await prisma().auditEntry.findFirst({
    where: { action: 'installation.resume' },
    orderBy: { id: 'desc' },
  });
  expect(entry!.reason).toMatch(/“all” couldn’t be done/);
});
