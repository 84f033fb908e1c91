import { describe, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { transaction } from '#core/db.ts';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs } from '#core/jobs/pause-jobs.ts';
import { prisma } from '#core/prisma.ts';
import { listRuns } from '#core/runs/reads.ts';
import { insertRequestedRuns } from '#core/runs/request.sql.ts';
import { triggerJob } from '#core/runs/trigger.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { endTrialByHand, readTrialsOf } from '#core/trials/trials.ts';
import { createTrialJudge } from '#worker/trial-judge.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { accountFor, planAll, silent, testPlanner, ticksOf } from '#tests/support/planning.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const sql = () => web.db().sql;

const everySecond: Schedule = {
  type: 'interval',
  everyMs: 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};
const changed: Partial<JobDefinitionInput> = {
  work: { kind: 'script', interpreter: 'sh', text: 'echo changed' },
  priority: 1,
};
const half = { share: 50, untilRuns: 20, untilHours: 24 } as const;

const plan = (aheadMs?: number) => planAll(testPlanner(web.db().pool, aheadMs));
const edit = (
  { id, definition }: TestJob,
  basedOnRevision: number,
  change: Partial<JobDefinitionInput>,
  trial?: Parameters<typeof editJob>[1]['trial'],
) =>
  editJob(admin, {
    jobId: id,
    basedOnRevision,
    note: '',
    definition: { ...definition, ...change },
    ...(trial && { trial }),
  });
const trialsOf = async ({ id }: TestJob) => valueOf(await readTrialsOf(viewer, { jobId: id }));
const judge = () =>
  createTrialJudge({ pool: web.db().pool, logger: silent, intervalMs: 60_000 }).runOnce();
const revisionOf = async ({ id }: TestJob) =>
  (await prisma().job.findUniqueOrThrow({ where: { id } })).revision;
const auditOf = ({ key }: TestJob) =>
  prisma().auditEntry.findMany({ where: { subject: `job:${key}` }, orderBy: { id: 'asc' } });

/** Ended runs of a revision, newest at the end, each a second after the one before. */
async function ended(
  { id }: TestJob,
  revision: number,
  { runs, failed = 0, tookMs = 1_000 }: { runs: number; failed?: number; tookMs?: number },
): Promise<void> {
  await sql()(
    `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, attempt, worker_id, started_at,
                      finished_at, queue, kind)
     SELECT false, $1::int, $2::int, 'manual', CASE WHEN n <= $4::int THEN 'failed' ELSE 'succeeded' END,
            now() + n * interval '1 ms', now(), 1, 1, now(), now() + $5::int * interval '1 ms', 'default', 'script'
       FROM generate_series(1, $3::int) AS n`,
    [id, revision, runs, failed, tookMs],
  );
}

describe('a revision on trial', () => {
  test('its runs say so in the list of runs, those of the old one don’t, nor any after it', async () => {
    const job = await makeJob(web.db(), { schedule: everySecond });
    await ended(job, 1, { runs: 1 });
    valueOf(await edit(job, 1, changed, half));
    await ended(job, 1, { runs: 1 });
    await ended(job, 2, { runs: 1 });
    valueOf(await endTrialByHand(admin, { jobId: job.id, outcome: 'went_on' }));
    await ended(job, 2, { runs: 1 });
    const { runs } = valueOf(await listRuns(viewer, { jobKey: job.key, triggers: ['manual'] }));
    const told = runs.toSorted((a, b) => a.id - b.id);
    expect(told.map(({ revision, isOnTrial }) => [revision, isOnTrial])).toEqual([
      [1, false],
      [1, false],
      [2, true],
      [2, false],
    ]);
  });

  test('takes its share of the ticks, each tick one row, whatever is planned again', async () => {
    const job = await makeJob(web.db(), { schedule: everySecond });
    valueOf(await edit(job, 1, changed, half));
    await plan(600_000);
    const ticks = await ticksOf(sql(), job.id);
    expect(ticks.length).toBeGreaterThan(300);
    expect(new Set(ticks.map(({ at }) => at.getTime())).size).toBe(ticks.length);
    const tried = ticks.filter(({ revision }) => revision === 2).length;
    expect(tried / ticks.length).toBeGreaterThan(0.38);
    expect(tried / ticks.length).toBeLessThan(0.62);
    expect(ticks.every(({ revision }) => revision === 1 || revision === 2)).toBe(true);
    const rows = await sql()<{ revision: number; priority: number }>(
      'SELECT DISTINCT revision, priority FROM run WHERE job_id = $1 ORDER BY revision',
      [job.id],
    );
    expect(rows).toEqual([
      { revision: 1, priority: 0 },
      { revision: 2, priority: 1 },
    ]);

    // Taken back and planned again, a tick falls to the same revision.
    const before = new Map(ticks.map(({ at, revision }) => [at.getTime(), revision]));
    await sql()(
      `WITH gone AS (DELETE FROM run WHERE job_id = $1 AND scheduled_for > now() + interval '5 minutes')
       UPDATE job SET replan_from = now() + interval '5 minutes' WHERE id = $1`,
      [job.id],
    );
    await plan(600_000);
    const again = await ticksOf(sql(), job.id);
    expect(
      again.filter(({ at, revision }) => (before.get(at.getTime()) ?? revision) !== revision),
    ).toEqual([]);
    expect(again.length).toBeGreaterThanOrEqual(ticks.length);
  });

  test('may be kept to workers with a label, beside its own', async () => {
    const job = await makeJob(web.db(), { schedule: everySecond, runsOn: { os: 'linux' } });
    valueOf(await edit(job, 1, changed, { ...half, runsOn: { stage: 'canary' } }));
    await plan();
    const rows = await sql()(
      'SELECT DISTINCT revision, runs_on AS "runsOn" FROM run WHERE job_id = $1 ORDER BY revision',
      [job.id],
    );
    expect(rows).toEqual([
      { revision: 1, runsOn: { os: 'linux' } },
      { revision: 2, runsOn: { os: 'linux', stage: 'canary' } },
    ]);
  });

  test('shares requests that nobody watches, and is what somebody has who asks by hand', async () => {
    const job = await makeJob(web.db());
    valueOf(await edit(job, 1, changed, half));
    const byHand = valueOf(await triggerJob(admin, { jobId: job.id, note: '', parameters: {} }));
    const [run] = await sql()('SELECT revision FROM run WHERE id = $1', [byHand.runId]);
    expect(run).toEqual({ revision: 2 });
    const definition = { ...job.definition, priority: 1 as const };
    const request = {
      jobId: job.id,
      revision: 2,
      definition,
      trigger: 'api',
      forTick: null,
      retryOf: null,
      requestedBy: 'key',
      note: null,
      parameters: null,
    } as const;
    await transaction(web.db().pool, (own) =>
      insertRequestedRuns(
        own,
        Array.from({ length: 200 }, () => request),
      ),
    );
    const counts = await sql()<{ revision: number; runs: number }>(
      `SELECT revision, count(*)::int AS runs FROM run WHERE job_id = $1 AND trigger = 'api' GROUP BY revision ORDER BY 1`,
      [job.id],
    );
    expect(counts.map(({ revision }) => revision)).toEqual([1, 2]);
    expect(counts.every(({ runs }) => runs > 60)).toBe(true);
  });

  test('goes on by itself after enough good runs, with its figures in the audit trail', async () => {
    const job = await makeJob(web.db(), { schedule: everySecond });
    valueOf(await edit(job, 1, changed, half));
    await ended(job, 1, { runs: 30, failed: 1 });
    await ended(job, 2, { runs: 19 });
    expect((await judge()).counts).toMatchObject({ ended: 0 });
    expect(await trialsOf(job)).toMatchObject([
      { outcome: null, figures: { trial: { runs: 19, failed: 0 }, base: { runs: 30, failed: 1 } } },
    ]);
    await ended(job, 2, { runs: 1 });
    await Promise.all([judge(), judge()]);
    expect(await trialsOf(job)).toMatchObject([
      {
        outcome: 'went_on',
        reason: 'enough_runs',
        endedBy: 'Punctual, for Test',
        figures: { trial: { runs: 20 } },
      },
    ]);
    expect(await revisionOf(job)).toBe(2);
    await plan(10_000);
    // What was due before it went on keeps the revision that it fell to.
    const endedAt = new Date((await trialsOf(job))[0]!.endedAt!);
    const ticks = (await ticksOf(sql(), job.id)).filter(({ at }) => at > endedAt);
    expect(new Set(ticks.map(({ revision }) => revision))).toEqual(new Set([2]));
    expect((await auditOf(job)).map(({ action }) => action)).toEqual(['job.edit', 'job.trial_on']);
    expect((await auditOf(job)).at(-1)).toMatchObject({
      actor: 'Punctual, for Test',
      after: { revision: 2, figures: { trial: { runs: 20, failed: 0 }, base: { runs: 30 } } },
    });
  });

  test('goes back by itself as soon as it fails, and nothing is owed or doubled', async () => {
    const job = await makeJob(web.db(), { schedule: everySecond, owner: 'Ada' });
    valueOf(await edit(job, 1, { ...changed, owner: 'Grace' }, half));
    await plan();
    await ended(job, 1, { runs: 40 });
    await ended(job, 2, { runs: 4, failed: 4 });
    expect((await judge()).counts).toMatchObject({ ended: 1 });
    expect(await trialsOf(job)).toMatchObject([
      { outcome: 'went_back', reason: 'more_failures', revision: 2, baseRevision: 1 },
    ]);
    const row = await prisma().job.findUniqueOrThrow({ where: { id: job.id } });
    expect(row).toMatchObject({ revision: 3, owner: 'Ada' });
    const { definition, note } = await prisma().revision.findUniqueOrThrow({
      where: { jobId_number: { jobId: job.id, number: 3 } },
    });
    expect(definition).toMatchObject({ owner: 'Ada', work: { text: 'true' } });
    expect(note).toContain('failed more often');
    await plan();
    const ticks = await ticksOf(sql(), job.id);
    const last = ticks.at(-1)!;
    expect(last.revision).toBe(3);
    const problems = await accountFor(sql(), job.id, {
      after: new Date(ticks[0]!.at.getTime() - 1),
      until: last.at,
      history: [{ from: ticks[0]!.at, revision: 1, schedule: everySecond }],
    });
    expect(problems.filter((text) => !text.includes('names revision'))).toEqual([]);
    const audited = valueOf(
      await auditTicks(admin, { key: job.key, from: new Date(Date.now() - 60_000) }),
    );
    expect(audited).toMatchObject({ isEven: true });
  });

  test('is ended by hand either way, once', async () => {
    const job = await makeJob(web.db());
    valueOf(await edit(job, 1, changed, half));
    const given = { jobId: job.id, outcome: 'went_back' } as const;
    expect(valueOf(await endTrialByHand(admin, given))).toMatchObject({ revision: 3 });
    expect(refusalOf(await endTrialByHand(admin, given)).code).toBe('conflict');
    await expect(endTrialByHand(viewer, given)).rejects.toThrow('role');
    expect((await auditOf(job)).at(-1)).toMatchObject({ action: 'job.trial_back', actor: 'Test' });
  });

  test('ends with the next edit and with its job, and waits while its job is paused', async () => {
    const job = await makeJob(web.db());
    valueOf(await edit(job, 1, changed, half));
    valueOf(await edit(job, 2, { ...changed, owner: 'Ada' }));
    expect(await trialsOf(job)).toMatchObject([{ outcome: 'superseded', reason: 'edited' }]);
    expect(await revisionOf(job)).toBe(3);

    valueOf(await edit(job, 3, { ...changed, owner: 'Grace' }, half));
    await ended(job, 3, { runs: 40 });
    await ended(job, 4, { runs: 5, failed: 5 });
    valueOf(await pauseJobs(admin, { jobIds: [job.id], reason: 'look' }));
    await judge();
    expect((await trialsOf(job))[0]).toMatchObject({ outcome: null });
    valueOf(await deleteJob(admin, { jobId: job.id, confirmKey: job.key }));
    await judge();
    const [row] = await sql()(
      'SELECT outcome, reason FROM trial WHERE job_id = $1 ORDER BY id DESC LIMIT 1',
      [job.id],
    );
    expect(row).toEqual({ outcome: 'superseded', reason: 'deleted' });
  });

  test('can’t have other ticks than the revision before', async () => {
    const job = await makeJob(web.db(), { schedule: everySecond });
    const refused = await edit(
      job,
      1,
      { ...changed, schedule: { ...everySecond, everyMs: 2_000 }, queue: 'sync' },
      half,
    );
    expect(refusalOf(refused).message).toContain('schedule, queue');
    expect(await revisionOf(job)).toBe(1);
    expect(await trialsOf(job)).toEqual([]);
  });
});
