import { describe, expect, test } from 'vitest';
import { NotAllowed } from '#core/auth/permissions.ts';
import { createJob } from '#core/jobs/create-job.ts';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { editJob, restoreRevision } from '#core/jobs/edit-job.ts';
import { pauseJobs } from '#core/jobs/pause-jobs.ts';
import { prisma } from '#core/prisma.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { makeJob, type TestJob, testDefinition } from '#tests/support/jobs.ts';
import { gapsOf, planAll, testPlanner, ticksOf } from '#tests/support/planning.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { until } from '#tests/support/wait.ts';
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
const edit = (
  { id, definition }: TestJob,
  basedOnRevision: number,
  change: Partial<JobDefinitionInput>,
) => editJob(admin, { jobId: id, basedOnRevision, definition: { ...definition, ...change } });

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

  test('a number of fires is counted from where the revision begins, however long others held its ticks', async () => {
    const job = await makeJob(web.db(), { schedule: interval(30_000) });
    await plan();
    const { pool, sql } = web.db();
    const holder = await pool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM run WHERE is_live AND job_id = $1 FOR UPDATE', [job.id]);
    const counted = { ...interval(1_000), maxFires: 3 } as Schedule;
    const editing = edit(job, 1, { schedule: counted });
    await until(
      async () =>
        (
          await sql(
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
          )
        ).length > 0,
      { what: 'an edit that waits' },
    );
    await holder.query("SELECT pg_sleep_until(clock_timestamp() + interval '1.2 s')::text");
    await holder.query('COMMIT');
    holder.release();
    valueOf(await editing);
    const { createdAt, definition } = await prisma().revision.findUniqueOrThrow({
      where: { jobId_number: { jobId: job.id, number: 2 } },
    });
    const { startsAt } = (definition as unknown as { schedule: { startsAt: string } }).schedule;
    expect(startsAt).toBe(new Date(createdAt.getTime() + 1).toISOString());
    await plan();
    // One of the old schedule may have become due while it waited.
    const ticks = await ticksOf(sql, job.id);
    expect(ticks.filter(({ revision }) => revision === 2)).toHaveLength(3);
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

/** Makes the job's first `count` planned ticks due and running, as a claim would. */
async function runNow(jobId: number, count: number): Promise<void> {
  await web.db().sql(
    `UPDATE run SET state = 'running', worker_id = 1, attempt = 1, started_at = now()
      WHERE is_live AND id IN (
        SELECT id FROM run WHERE is_live AND job_id = $1 AND state = 'queued' ORDER BY scheduled_for LIMIT $2)`,
    [jobId, count],
  );
}
