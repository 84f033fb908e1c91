import { describe, expect, test } from 'vitest';
import { NotAllowed } from '#core/auth/permissions.ts';
import { createJob } from '#core/jobs/create-job.ts';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { duplicateJob } from '#core/jobs/duplicate-job.ts';
import { editJob, restoreRevision } from '#core/jobs/edit-job.ts';
import { pauseJobs } from '#core/jobs/pause-jobs.ts';
import type { Outcome } from '#core/outcome.ts';
import { prisma } from '#core/prisma.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { makeJob, type TestJob, testDefinition } from '#tests/support/jobs.ts';
import { gapsOf, planAll, testPlanner, ticksOf } from '#tests/support/planning.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();

const interval = (everyMs: number): Schedule => ({
  type: 'interval',
  everyMs,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
});

const plan = () => planAll(testPlanner(web.db().pool));
const valueOf = <Value>(outcome: Outcome<Value>): Value => {
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value;
};
const refusalOf = (outcome: Outcome<unknown>) => {
  if (outcome.ok) throw new Error('It was not refused.');
  return outcome.refusal;
};
const auditOf = (key: string) =>
  prisma().auditEntry.findMany({ where: { subject: `job:${key}` }, orderBy: { id: 'asc' } });
const edit = (
  { id, definition }: TestJob,
  basedOnRevision: number,
  change: Partial<JobDefinitionInput>,
) => editJob(admin, { jobId: id, basedOnRevision, definition: { ...definition, ...change } });

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

describe('editing a job', () => {
  test('makes a revision that counts from the next tick; what is due keeps its own', async () => {
    const job = await makeJob(web.db(), { schedule: interval(1_000) });
    await plan();
    const due = (await ticksOf(web.db().sql, job.id))[0]!.at;
    await web.db().sql('SELECT pg_sleep_until($1::timestamptz)::text', [due.toISOString()]);
    const edited = valueOf(await edit(job, 1, { schedule: interval(2_000), queue: 'reports' }));
    expect(edited).toMatchObject({ revision: 2, isChanged: true });
    await plan();
    const ticks = await ticksOf(web.db().sql, job.id);
    expect(ticks[0]).toMatchObject({ at: due, revision: 1 });
    const firstNew = ticks.findIndex(({ revision }) => revision === 2);
    expect(ticks.slice(firstNew).every(({ revision }) => revision === 2)).toBe(true);
    expect(ticks.slice(firstNew).every(({ at }) => at.getTime() % 2_000 === 0)).toBe(true);
    const row = await prisma().job.findUniqueOrThrow({ where: { id: job.id } });
    expect(row).toMatchObject({ queue: 'reports', replanFrom: null });
  });

  test('an edit of the script alone also counts from the next tick, not a minute later', async () => {
    const job = await makeJob(web.db(), { schedule: interval(30_000) });
    await plan();
    valueOf(await edit(job, 1, { work: { kind: 'script', text: 'echo changed' } }));
    await plan();
    const ticks = await ticksOf(web.db().sql, job.id);
    expect(ticks.length).toBeGreaterThanOrEqual(1);
    expect(ticks.every(({ revision }) => revision === 2)).toBe(true);
  });

  test('an edit that changes nothing makes no revision and no entry', async () => {
    const job = await makeJob(web.db());
    expect(valueOf(await edit(job, 1, {}))).toMatchObject({ revision: 1, isChanged: false });
    expect(await prisma().revision.count({ where: { jobId: job.id } })).toBe(1);
    expect(await auditOf(job.key)).toEqual([]);
  });

  test('of two people who edit at once, the second is refused and sees what the first saved', async () => {
    const job = await makeJob(web.db());
    const outcomes = await Promise.all([
      edit(job, 1, { owner: 'Ada' }),
      edit(job, 1, { owner: 'Grace' }),
    ]);
    const [first] = outcomes.filter(({ ok }) => ok);
    const [second] = outcomes.filter(({ ok }) => !ok);
    const refusal = refusalOf(second!);
    expect(refusal).toMatchObject({ code: 'conflict', newer: { revision: 2, savedBy: 'Test' } });
    expect(['Ada', 'Grace']).toContain(refusal.newer!.definition.owner);
    expect(valueOf(first!)).toMatchObject({ revision: 2 });
  });

  test('the key may change, the history follows, and the old key is free', async () => {
    const job = await makeJob(web.db(), { schedule: interval(10_000) });
    await plan();
    const renamed = testDefinition().key;
    valueOf(await edit(job, 1, { key: renamed }));
    expect(await prisma().job.findUniqueOrThrow({ where: { id: job.id } })).toMatchObject({
      key: renamed,
    });
    valueOf(await createJob(admin, testDefinition({ key: job.key })));
    const taken = refusalOf(
      await editJob(admin, { jobId: job.id, basedOnRevision: 2, definition: job.definition }),
    );
    expect(taken.fields?.[0]?.path).toEqual(['key']);
  });

  test('the overlap rule of waiting and running runs follows, except where two run already', async () => {
    const job = await makeJob(web.db(), { schedule: interval(1_000), overlap: 'allow' });
    await plan();
    const rules = () =>
      web.db().sql<{ state: string; overlap: string }>(
        `SELECT state, overlap FROM run WHERE is_live AND job_id = $1 AND hold IS NULL
            AND (state = 'running' OR scheduled_for <= now() + interval '1 second') ORDER BY id`,
        [job.id],
      );
    await runNow(job.id, 2);
    valueOf(await edit(job, 1, { overlap: 'skip' }));
    expect((await rules()).map(({ overlap }) => overlap)).toEqual(['allow', 'allow']);
    await web.db().sql(
      `UPDATE run SET is_live = false, state = 'succeeded', finished_at = now()
        WHERE is_live AND id = (SELECT min(id) FROM run WHERE is_live AND job_id = $1 AND state = 'running')`,
      [job.id],
    );
    valueOf(await edit(job, 2, { overlap: 'queue_one' }));
    expect((await rules()).filter(({ state }) => state === 'running')).toMatchObject([
      { overlap: 'queue_one' },
    ]);
  });

  test('while it is paused, the gap is split so that each part names its revision', async () => {
    const job = await makeJob(web.db(), { schedule: interval(1_000) });
    valueOf(await pauseJobs(admin, { jobIds: [job.id], reason: 'freeze' }));
    valueOf(await edit(job, 1, { schedule: interval(2_000) }));
    valueOf(await edit(job, 2, { schedule: { type: 'manual' } }));
    expect(await gapsOf(web.db().sql, job.id)).toMatchObject([
      { revision: 1, reason: 'paused', to: expect.any(Date) },
      { revision: 2, reason: 'paused', to: expect.any(Date) },
    ]);
    valueOf(await edit(job, 3, { schedule: interval(5_000) }));
    expect((await gapsOf(web.db().sql, job.id)).at(-1)).toMatchObject({ revision: 4, to: null });
  });

  test('a job that this version can’t read can be mended by an edit', async () => {
    const job = await makeJob(web.db(), { schedule: interval(1_000) });
    await web
      .db()
      .sql(
        `UPDATE revision SET definition = jsonb_set(definition, '{schedule}', '{"type":"moon"}') WHERE job_id = $1`,
        [job.id],
      );
    await web
      .db()
      .sql('SELECT pg_sleep_until(next_tick_at)::text FROM job WHERE id = $1', [job.id]);
    valueOf(await edit(job, 1, { owner: 'mended' }));
    await plan();
    expect((await ticksOf(web.db().sql, job.id)).length).toBeGreaterThan(50);
    // What was owed until then can't be counted, and stands there all the same.
    expect(await gapsOf(web.db().sql, job.id)).toMatchObject([{ reason: 'missed', ticks: null }]);
  });

  test('a viewer can’t', async () => {
    const job = await makeJob(web.db());
    const attempt = editJob(viewer, {
      jobId: job.id,
      basedOnRevision: 1,
      definition: job.definition,
    });
    await expect(attempt).rejects.toThrow(NotAllowed);
  });
});

describe('restoring a revision', () => {
  test('saves its definition anew and keeps the key', async () => {
    const job = await makeJob(web.db(), { owner: 'Ada' });
    const renamed = testDefinition().key;
    valueOf(await edit(job, 1, { owner: 'Grace', key: renamed }));
    const restored = valueOf(
      await restoreRevision(admin, { jobId: job.id, basedOnRevision: 2, revision: 1 }),
    );
    expect(restored).toMatchObject({ revision: 3, key: renamed });
    const row = await prisma().job.findUniqueOrThrow({ where: { id: job.id } });
    expect(row).toMatchObject({ owner: 'Ada', key: renamed, revision: 3 });
    const missing = await restoreRevision(admin, {
      jobId: job.id,
      basedOnRevision: 3,
      revision: 9,
    });
    expect(refusalOf(missing).code).toBe('not_found');
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
