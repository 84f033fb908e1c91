import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { NotAllowed } from '#core/auth/permissions.ts';
import { createBlackout, endBlackout } from '#core/blackouts/blackouts.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { ledgerCounts } from '#core/jobs/ledger-counts.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { readPause, readPauseTicks } from '#core/jobs/read-pause.ts';
import { prisma } from '#core/prisma.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { gapsOf, planAll, silent, testPlanner } from '#tests/support/planning.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';
import { createGapCounter } from '#worker/gap-counter.ts';

const web = webDatabase();
let clock: TestClock;
let began: Date;
beforeAll(async () => {
  // Between two ticks, whatever the test.
  clock = await holdClock(web.db(), new Date('2027-05-03T08:00:05.000Z'));
});
beforeEach(async () => {
  // On whole minutes, and the five seconds.
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
const count = () => createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();

type Made = {
  /** Seconds since the full minute before the test began. */
  at: number;
  dueInMs: number;
  overlap: string;
  requestedBy: string;
  revision: number;
  hold: string | null;
};
async function madeOf(job: TestJob): Promise<Made[]> {
  return web.db().sql<Made>(
    `SELECT extract(epoch FROM for_tick - date_trunc('minute', $2::timestamptz))::int AS at, overlap, requested_by AS "requestedBy", revision, hold,
            round(extract(epoch FROM due_at - scheduled_for) * 1000)::int AS "dueInMs"
       FROM run WHERE job_id = $1 AND trigger = 'resume' ORDER BY for_tick, id`,
    [job.id, began.toISOString()],
  );
}

async function pauseFor(jobs: readonly TestJob[], ms: number): Promise<void> {
  valueOf(await pauseJobs(admin, { jobIds: jobs.map(({ id }) => id), reason: 'deploy' }));
  await clock.advance(ms);
}

/** What became of the ticks since the test began, after whatever made up for some has run. */
async function sums(job: TestJob) {
  await web.db().sql(
    `UPDATE run SET is_live = false, state = 'succeeded', attempt = 1, finished_at = now()
      WHERE is_live AND job_id = $1 AND state = 'queued' AND hold IS NULL AND trigger = 'resume'`,
    [job.id],
  );
  await plan();
  await count();
  const audit = valueOf(await auditTicks(admin, { key: job.key, from: began }));
  expect(audit.jobs[0]!.findings).toEqual([]);
  expect(audit.isEven).toBe(true);
  const counts = valueOf(await ledgerCounts(admin, { jobId: job.id, from: began }));
  expect(counts.isEven).toBe(true);
  return counts;
}

async function blackoutOf(job: TestJob, effect: 'skip' | 'hold', minutes: number) {
  const to = new Date(clock.now().getTime() + minutes * MINUTE_MS).toISOString();
  const from = new Date(clock.now().getTime() - 1_000).toISOString();
  const times = { type: 'once' as const, from, to };
  const scope = { type: 'jobs' as const, jobIds: [job.id] };
  const made = await createBlackout(admin, { name: 'Move', effect, times, scope });
  return { id: valueOf(made).id, to };
}

const auditOf = (subject: string, action: string) =>
  prisma().auditEntry.findMany({ where: { subject, action }, orderBy: { id: 'asc' } });

describe('resuming asks what becomes of the ticks of the pause', () => {
  test('skip all: nothing runs, and the gap has them', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    await pauseFor([job], 14 * MINUTE_MS);
    expect(valueOf(await readPause(viewer, { jobIds: `${job.id}` }))).toMatchObject({
      jobs: 1,
      ticks: 14,
      most: { key: job.key, ticks: 14 },
    });
    expect(valueOf(await resumeJobs(admin, { jobIds: [job.id] })).runs).toBe(0);
    expect(await madeOf(job)).toEqual([]);
    expect(await sums(job)).toMatchObject({ paused: 14, covered: 0 });
    expect(await auditOf(`job:${job.key}`, 'job.resume')).toMatchObject([
      { after: { answer: 'skip', ticks: 14, runs: 0 } },
    ]);
  });

  test('run the latest: one run stands for the last tick, which counts once', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    await pauseFor([job], 14 * MINUTE_MS);
    const answer = { rule: 'latest' } as const;
    expect(valueOf(await resumeJobs(admin, { jobIds: [job.id], answer })).runs).toBe(1);
    const [made] = await madeOf(job);
    expect(made).toMatchObject({ at: 14 * 60, dueInMs: 0, requestedBy: 'Test' });
    // Until it has begun its tick is the gap's alone.
    const before = valueOf(await ledgerCounts(admin, { jobId: job.id, from: began }));
    expect(before).toMatchObject({ paused: 14, covered: 0, isEven: true });
    expect(await sums(job)).toMatchObject({ expected: 14, paused: 13, covered: 1 });
    expect(await gapsOf(web.db().sql, job.id)).toMatchObject([{ ticks: 14 }]);
    // Control: another run for the same tick, and one for an instant that lies in no gap, change no sum.
    await web.db().sql(
      `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, for_tick, due_at, attempt, finished_at, queue, kind)
       SELECT false, job_id, revision, trigger, 'failed', now(), for_tick + later, now(), 1, now(), queue, kind
         FROM run, (VALUES (interval '0'), (interval '1 day')) AS v (later)
        WHERE job_id = $1 AND trigger = 'resume'`,
      [job.id],
    );
    expect(await sums(job)).toMatchObject({ expected: 14, paused: 13, covered: 1 });
    expect(await auditOf(`job:${job.key}`, 'job.resume')).toMatchObject([
      { after: { answer: 'latest', ticks: 14, runs: 1, runIds: [expect.any(Number)] } },
    ]);
  });

  test('run all: each once, spread over the minutes, waiting for each other, by the newest revision', async () => {
    const job = await makeJob(web.db(), { schedule: every(60), overlap: 'skip' });
    await pauseFor([job], 7 * MINUTE_MS);
    const { value } = (await editJob(admin, {
      jobId: job.id,
      basedOnRevision: 1,
      definition: { ...job.definition, schedule: every(30) },
    })) as { value: { revision: number } };
    await clock.advance(2 * MINUTE_MS);
    const answer = { rule: 'all', spreadMinutes: 11 } as const;
    expect(valueOf(await resumeJobs(admin, { jobIds: [job.id], answer })).runs).toBe(11);
    const made = await madeOf(job);
    expect(made.map(({ at }) => at / 60)).toEqual([1, 2, 3, 4, 5, 6, 7, 7.5, 8, 8.5, 9]);
    expect(made.map(({ dueInMs }) => dueInMs)).toEqual(made.map((_, n) => n * MINUTE_MS));
    expect(
      made.every((run) => run.overlap === 'queue_all' && run.revision === value.revision),
    ).toBe(true);
    expect(await sums(job)).toMatchObject({ expected: 11, paused: 0, covered: 11 });
  });

  test('pick: those alone, page by page; what is no tick of the pause is refused and changes nothing', async () => {
    const job = await makeJob(web.db(), { schedule: every(10) });
    await pauseFor([job], 20 * MINUTE_MS);
    const first = valueOf(await readPauseTicks(admin, { jobId: job.id }));
    expect(first.ticks).toHaveLength(50);
    const second = valueOf(await readPauseTicks(admin, { jobId: job.id, before: first.before }));
    const third = valueOf(await readPauseTicks(admin, { jobId: job.id, before: second.before }));
    expect(third.before).toBeNull();
    const all = [...first.ticks, ...second.ticks, ...third.ticks].map(({ at }) => at);
    expect(new Set(all).size).toBe(120);
    expect(all).toEqual(all.toSorted().toReversed());

    const wrong = new Date(Date.parse(all[3]!) + 1_000).toISOString();
    const refused = await resumeJobs(admin, {
      jobIds: [job.id],
      answer: { rule: 'pick', at: [all[3]!, wrong] },
    });
    expect(refusalOf(refused).message).toContain(wrong);
    expect(await gapsOf(web.db().sql, job.id)).toMatchObject([{ to: null }]);
    expect(await auditOf(`job:${job.key}`, 'job.resume')).toEqual([]);

    const at = [all[3]!, all[119]!, all[3]!];
    const picked = await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'pick', at } });
    expect(valueOf(picked).runs).toBe(2);
    expect(await sums(job)).toMatchObject({ expected: 120, paused: 118, covered: 2 });
  });

  test('a year of a per-second job is counted at once, all of it refused, and its latest run', async () => {
    const createdAt = new Date(clock.now().getTime() - 366 * 86_400_000);
    const job = await makeJob(web.db(), { schedule: every(1), createdAt });
    await plan();
    await pauseFor([job], 0);
    // The pause began a year ago.
    const since = new Date(clock.now().getTime() - 365 * 86_400_000).toISOString();
    await web.db().sql(`DELETE FROM gap WHERE job_id = $1 AND reason = 'missed'`, [job.id]);
    await web
      .db()
      .sql(`UPDATE gap SET span = tstzrange($2::timestamptz, NULL) WHERE job_id = $1`, [
        job.id,
        since,
      ]);
    await web.db().sql('UPDATE job SET paused_at = $2::timestamptz WHERE id = $1', [job.id, since]);
    const start = performance.now();
    const asked = valueOf(await readPause(admin, { jobIds: `${job.id}` }));
    expect(asked.ticks).toBeGreaterThanOrEqual(365 * 86_400);
    const refused = await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'all' } });
    expect(refusalOf(refused).message).toMatch(
      /^31,536,00\d occurrences of \S+ fell into the pause, and at most 100 can be run\. Run the latest, pick/,
    );
    const ticks = valueOf(await readPauseTicks(admin, { jobId: job.id })).ticks;
    expect(ticks).toHaveLength(50);
    const done = await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'latest' } });
    expect(valueOf(done).runs).toBe(1);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test('two who resume at once, and one who clicks twice, make each run once', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    await pauseFor([job], 5 * MINUTE_MS);
    const ask = () => resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'all' } });
    const both = await Promise.all([ask(), ask(), ask()]);
    expect(both.map((outcome) => valueOf(outcome).runs).toSorted((a, b) => a - b)).toEqual([
      0, 0, 5,
    ]);
    expect(await madeOf(job)).toHaveLength(5);
    expect(await auditOf(`job:${job.key}`, 'job.resume')).toHaveLength(1);
    // A second pause is another pause: what fell into the first isn't asked about again.
    await pauseFor([job], 2 * MINUTE_MS);
    expect(valueOf(await ask()).runs).toBe(2);
    expect(await sums(job)).toMatchObject({ expected: 7, covered: 7 });
  });

  test('a pause holds what makes up for an earlier one', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    await pauseFor([job], 3 * MINUTE_MS);
    valueOf(await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'all' } }));
    await pauseFor([job], MINUTE_MS);
    expect((await madeOf(job)).map(({ hold }) => hold)).toEqual(['paused', 'paused', 'paused']);
    valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
    expect((await madeOf(job)).map(({ hold }) => hold)).toEqual([null, null, null]);
  });

  test('many jobs: the latest of each; all only as far as it may be, and then nothing is changed', async () => {
    const jobs = await Promise.all(
      [60, 60, 30].map((seconds) => makeJob(web.db(), { schedule: every(seconds) })),
    );
    const manual = await makeJob(web.db());
    const jobIds = [...jobs, manual].map(({ id }) => id);
    await pauseFor([...jobs, manual], 60 * MINUTE_MS);
    expect(valueOf(await readPause(admin, { jobIds: jobIds.join(',') }))).toMatchObject({
      jobs: 3,
      ticks: 240,
      jobsWithTicks: 3,
      most: { key: jobs[2]!.key, ticks: 120 },
    });
    const refused = await resumeJobs(admin, { jobIds, answer: { rule: 'all' } });
    expect(refusalOf(refused).message).toContain(jobs[2]!.key);
    const picked = await resumeJobs(admin, {
      jobIds,
      answer: { rule: 'pick', at: [clock.now().toISOString()] },
    });
    expect(refusalOf(picked).message).toMatch(/job by job/);
    expect(await prisma().job.count({ where: { id: { in: jobIds }, pausedAt: null } })).toBe(0);
    const done = valueOf(await resumeJobs(admin, { jobIds, answer: { rule: 'latest' } }));
    expect(done).toMatchObject({ jobIds: jobIds.toSorted((a, b) => a - b), runs: 3 });
    for (const job of jobs) expect(await sums(job)).toMatchObject({ covered: 1 });
  });

  test.each(['skip', 'hold'] as const)(
    'in a blackout (%s) what makes up for the pause waits for its end, as far apart as asked',
    async (effect) => {
      const job = await makeJob(web.db(), { schedule: every(60) });
      await pauseFor([job], 4 * MINUTE_MS);
      const { id, to } = await blackoutOf(job, effect, 30);
      expect(valueOf(await readPause(viewer, { jobIds: `${job.id}` })).resting).toEqual({
        name: 'Move',
        until: to,
        jobs: 1,
      });
      const answer = { rule: 'all', spreadMinutes: 4 } as const;
      expect(valueOf(await resumeJobs(admin, { jobIds: [job.id], answer })).runs).toBe(4);
      const dueAt = async () =>
        (
          await prisma().run.findMany({
            where: { jobId: job.id, trigger: 'resume' },
            orderBy: { forTick: 'asc' },
          })
        ).map((run) => ({
          minutes: (run.dueAt.getTime() - Date.parse(to)) / MINUTE_MS,
          by: run.heldBy,
        }));
      expect(await dueAt()).toEqual([0, 1, 2, 3].map((minutes) => ({ minutes, by: id })));
      // Whoever ends the window lets them go as well.
      await clock.advance(10 * MINUTE_MS);
      valueOf(await endBlackout(admin, { id }));
      const [first] = await dueAt();
      expect(first!.minutes).toBeCloseTo(-20, 2);
      expect((await dueAt()).map(({ minutes }) => Math.round(minutes - first!.minutes))).toEqual([
        0, 1, 2, 3,
      ]);
    },
  );

  test('a blackout that never ends holds nothing for later: it starts at once', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    await pauseFor([job], 4 * MINUTE_MS);
    const everyDay = { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' };
    const times = { type: 'weekly' as const, ...everyDay, timeZone: 'UTC' };
    const scope = { type: 'jobs' as const, jobIds: [job.id] };
    valueOf(await createBlackout(admin, { name: 'Ever', effect: 'hold', times, scope }));
    expect(valueOf(await readPause(viewer, { jobIds: `${job.id}` })).resting).toBeNull();
    valueOf(await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'latest' } }));
    expect((await madeOf(job)).map(({ dueInMs }) => dueInMs)).toEqual([0]);
  });

  test('what a backfill has seen to is neither counted nor run once more, but can be picked', async () => {
    const job = await makeJob(web.db(), { schedule: every(10) });
    await pauseFor([job], 20 * MINUTE_MS);
    const seconds = (after: number) =>
      new Date(began.getTime() - (began.getTime() % MINUTE_MS) + after * 1_000);
    const run = { jobId: job.id, trigger: 'backfill' as const };
    for (let n = 1; n <= 30; n++) {
      await insertRun(web.db().sql, {
        ...run,
        at: clock.now().getTime(),
        forTick: seconds(n * 10),
      });
    }
    // One that failed has seen to nothing.
    await insertRun(web.db().sql, {
      ...run,
      at: clock.now().getTime(),
      state: 'failed',
      forTick: seconds(310),
    });
    const asked = valueOf(await readPause(viewer, { jobIds: `${job.id}` }));
    expect(asked).toMatchObject({ ticks: 90, madeUp: 30, most: { ticks: 90 }, jobsToLatest: 1 });
    const page = valueOf(
      await readPauseTicks(admin, { jobId: job.id, before: seconds(320).toISOString() }),
    );
    expect(page.ticks.slice(0, 2)).toEqual([
      { at: seconds(310).toISOString(), isMadeUp: false },
      { at: seconds(300).toISOString(), isMadeUp: true },
    ]);
    // 120 fell into the pause, of which 90 are left: fewer than may run.
    expect(
      valueOf(await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'all' } })).runs,
    ).toBe(90);
    expect((await madeOf(job))[0]).toMatchObject({ at: 310 });
  });

  test('the latest doesn’t run where it was made up for: nothing older runs after it', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    await pauseFor([job], 3 * MINUTE_MS);
    const forTick = new Date(clock.now().getTime() - 5_000);
    await insertRun(web.db().sql, {
      jobId: job.id,
      trigger: 'backfill',
      at: clock.now().getTime(),
      forTick,
    });
    expect(valueOf(await readPause(viewer, { jobIds: `${job.id}` }))).toMatchObject({
      ticks: 2,
      jobsToLatest: 0,
      latestAt: null,
    });
    const done = await resumeJobs(admin, { jobIds: [job.id], answer: { rule: 'latest' } });
    expect(valueOf(done).runs).toBe(0);
  });

  test('a viewer can’t, whatever the answer', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    await pauseFor([job], MINUTE_MS);
    for (const rule of ['skip', 'latest', 'all'] as const) {
      const ask = () => resumeJobs(viewer, { jobIds: [job.id], answer: { rule } });
      await expect(ask()).rejects.toThrow(NotAllowed);
    }
  });
});

describe('resuming everything', () => {
  test('runs what the answer says of each job that it held, and nothing of those paused themselves', async () => {
    const job = await makeJob(web.db(), { schedule: every(60) });
    const other = await makeJob(web.db(), { schedule: every(120) });
    const own = await makeJob(web.db(), { schedule: every(60) });
    valueOf(await pauseJobs(admin, { jobIds: [own.id], reason: 'its own' }));
    valueOf(await pauseEverything(admin, { reason: 'moving house' }));
    await clock.advance(10 * MINUTE_MS);
    expect(valueOf(await readPause(admin, {}))).toMatchObject({ jobs: 2, ticks: 15 });
    const ask = () => resumeEverything(admin, { answer: { rule: 'all', spreadMinutes: 15 } });
    const both = await Promise.all([ask(), ask()]);
    expect(both.map((outcome) => valueOf(outcome).runs).toSorted((a, b) => a - b)).toEqual([0, 15]);
    expect(await madeOf(job)).toHaveLength(10);
    expect(await madeOf(other)).toHaveLength(5);
    expect(await madeOf(own)).toEqual([]);
    expect(await sums(job)).toMatchObject({ expected: 10, paused: 0, covered: 10 });
    const [entry] = await auditOf('installation', 'installation.resume');
    expect(entry).toMatchObject({ after: { answer: 'all', spreadMinutes: 15, runs: 15, jobs: 2 } });
  });

  test('with more than may run it stays paused, and says which job', async () => {
    const job = await makeJob(web.db(), { schedule: every(10) });
    valueOf(await pauseEverything(admin, { reason: 'moving house' }));
    await clock.advance(60 * MINUTE_MS);
    const refused = await resumeEverything(admin, { answer: { rule: 'all' } });
    expect(refusalOf(refused).message).toContain(`360 occurrences of ${job.key}`);
    expect((await prisma().installation.findFirst())?.pausedAt).not.toBeNull();
    valueOf(await resumeEverything(admin, { answer: { rule: 'latest' } }));
    expect(await madeOf(job)).toHaveLength(1);
  });
});
