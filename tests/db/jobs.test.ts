import { describe, expect, test } from 'vitest';
import { NotAllowed } from '#core/auth/permissions.ts';
import { createJob } from '#core/jobs/create-job.ts';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { duplicateJob } from '#core/jobs/duplicate-job.ts';
import { pauseJobs } from '#core/jobs/pause-jobs.ts';
import { prisma } from '#core/prisma.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { makeJob, testDefinition } from '#tests/support/jobs.ts';
import { gapsOf, planAll, testPlanner, ticksOf } from '#tests/support/planning.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();

const interval = (everyMs: number): Schedule => ({
  type: 'interval',
  everyMs,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
});

const plan = () => planAll(testPlanner(web.db().pool));
const auditOf = (key: string) =>
  prisma().auditEntry.findMany({ where: { subject: `job:${key}` }, orderBy: { id: 'asc' } });
describe('making a job', () => {
  test('writes the job, its first revision and the audit entry, and plans from now on', async () => {
    const definition = testDefinition({ schedule: interval(5_000), owner: 'Data team' });
    const { jobId } = valueOf(await createJob(admin, definition, { note: 'First try.' }));
    const job = await prisma().job.findUniqueOrThrow({
      where: { id: jobId },
      include: { revisions: true },
    });
    expect(job).toMatchObject({ kind: 'script', queue: 'default', hasSchedule: true, revision: 1 });
    expect(job.nextTickAt! > job.plannedUntil).toBe(true);
    expect(job.revisions).toMatchObject([{ number: 1, createdBy: 'Test', note: 'First try.' }]);
    expect(await auditOf(definition.key)).toMatchObject([
      { action: 'job.create', actor: 'Test', reason: 'First try.' },
    ]);
    await plan();
    const ticks = await ticksOf(web.db().sql, jobId);
    expect(ticks.length).toBeGreaterThanOrEqual(11);
    expect(ticks.every(({ at }) => at > job.plannedUntil)).toBe(true);
  });

  test.each<[string, Partial<JobDefinitionInput>, (string | number)[], RegExp]>([
    ['a key that is badly formed', { key: 'Nightly Backup' }, ['key'], /lower-case/],
    ['a queue that isn’t there', { queue: 'nowhere' }, ['queue'], /default.*reports/],
    [
      'a line that never fires',
      { schedule: { type: 'cron', lines: ['0 0 30 2 *'], timeZone: 'UTC' } },
      ['schedule', 'lines', 0],
      /never fires/,
    ],
    [
      'a parameter without default beside a schedule',
      { schedule: interval(60_000), parameters: [{ name: 'DAY', type: 'text' }] },
      ['parameters', 0, 'default'],
      /default/,
    ],
    [
      'an interval under a second',
      { schedule: interval(500) },
      ['schedule', 'everyMs'],
      /1 second/,
    ],
  ])('refuses %s, at its field, and changes nothing', async (_what, change, path, sentence) => {
    const before = await prisma().job.count();
    const refusal = refusalOf(await createJob(admin, { ...testDefinition(), ...change }));
    expect(refusal.code).toBe('invalid');
    expect(refusal.fields).toEqual([{ path, message: expect.stringMatching(sentence) }]);
    expect(await prisma().job.count()).toBe(before);
  });

  test('refuses a key that is taken, also when two make it at the same moment', async () => {
    const definition = testDefinition();
    const outcomes = await Promise.all([1, 2, 3].map(() => createJob(admin, definition)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    for (const outcome of outcomes) {
      if (!outcome.ok) expect(outcome.refusal.fields?.[0]?.path).toEqual(['key']);
    }
  });

  test('a viewer can’t', async () => {
    await expect(createJob(viewer, testDefinition())).rejects.toThrow(NotAllowed);
  });
});

describe('duplicating a job', () => {
  test('takes a free key, and a copy with a schedule begins paused', async () => {
    const job = await makeJob(web.db(), { schedule: interval(1_000) });
    const copy = valueOf(await duplicateJob(admin, { jobId: job.id }));
    const second = valueOf(await duplicateJob(admin, { jobId: job.id }));
    expect([copy.key, second.key]).toEqual([`${job.key}-copy`, `${job.key}-copy-2`]);
    await plan();
    expect(await ticksOf(web.db().sql, copy.jobId)).toEqual([]);
    expect(await gapsOf(web.db().sql, copy.jobId)).toMatchObject([{ reason: 'paused', to: null }]);
  });

  test('a key of 64 letters has room for its ending', async () => {
    const key = 'k'.repeat(64);
    const job = await makeJob(web.db(), { key });
    const copy = valueOf(await duplicateJob(admin, { jobId: job.id }));
    expect(copy.key).toHaveLength(64);
    expect(copy.key).not.toBe(key);
  });
});

describe('deleting a job', () => {
  test('asks for the key, keeps the history, cancels what waits and frees the key', async () => {
    const job = await makeJob(web.db(), { schedule: interval(1_000) });
    await plan();
    await runNow(job.id, 1);
    const refused = await deleteJob(admin, { jobId: job.id, confirmKey: 'something' });
    expect(refusalOf(refused).fields?.[0]?.path).toEqual(['confirmKey']);
    valueOf(await deleteJob(admin, { jobId: job.id, confirmKey: job.key, cancelRunning: true }));
    const live = await prisma().run.findMany({ where: { jobId: job.id, isLive: true } });
    expect(live).toMatchObject([{ state: 'running', cancelledBy: 'Test' }]);
    expect(live[0]!.cancelRequestedAt).not.toBeNull();
    await plan();
    const later = await prisma().run.count({
      where: { jobId: job.id, isLive: true, state: 'queued' },
    });
    expect(later).toBe(0);
    valueOf(await createJob(admin, testDefinition({ key: job.key })));
    const again = await deleteJob(admin, { jobId: job.id, confirmKey: job.key });
    expect(refusalOf(again).code).toBe('not_found');
  });

  test('ends the gap of a paused job', async () => {
    const job = await makeJob(web.db(), { schedule: interval(1_000) });
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    valueOf(await deleteJob(admin, { jobId: job.id, confirmKey: job.key }));
    const gaps = await gapsOf(web.db().sql, job.id);
    expect(gaps.every(({ to }) => to !== null)).toBe(true);
  });
});

/** Makes the job's first `count` planned ticks due and running, as a claim would. */
async function runNow(jobId: number, count: number): Promise<void> {
  await web.db().sql(
    `UPDATE run SET state = 'running', worker_id = 1, attempt = 1, started_at = now()
      WHERE is_live AND id IN (
        SELECT id FROM run WHERE is_live AND job_id = $1 AND state = 'queued' ORDER BY scheduled_for LIMIT $2)`,
    [jobId, count],
  );
}
