import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { NotAllowed } from '#core/auth/permissions.ts';
import type { StartBackfillInput } from '#core/backfill/backfill-input.ts';
import {
  cancelBackfill,
  changeBackfillRate,
  goOnWithBackfill,
  pauseBackfill,
} from '#core/backfill/change-backfill.ts';
import { listOccurrences } from '#core/backfill/list-occurrences.ts';
import { previewBackfill } from '#core/backfill/preview.ts';
import { readBackfill, readBackfills } from '#core/backfill/read-backfill.ts';
import { startBackfill } from '#core/backfill/start-backfill.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { ledgerCounts } from '#core/jobs/ledger-counts.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { prisma } from '#core/prisma.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { insertWorker } from '#tests/support/ledger.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { planAll, silent, testPlanner } from '#tests/support/planning.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';
import { createBackfiller } from '#worker/backfiller.ts';
import { createGapCounter } from '#worker/gap-counter.ts';

const web = webDatabase();
const MINUTE_MS = 60_000;
let clock: TestClock;
let began: Date;
let tests = 0;
beforeAll(async () => {
  clock = await holdClock(web.db(), new Date('2027-05-03T08:00:05.000Z'));
});
beforeEach(async () => {
  // Five seconds past a full hour, whatever the test before did.
  tests += 1;
  await clock.set(new Date(Date.UTC(2027, 4, 3, 8 + 4 * tests, 0, 5)));
  await web
    .db()
    .sql(
      `UPDATE backfill SET state = 'cancelled', ended_at = now(), outcomes = '{}' WHERE ended_at IS NULL`,
    );
  await web.db().sql('DELETE FROM run WHERE is_live');
  await web.db().sql('UPDATE job SET deleted_at = now() WHERE deleted_at IS NULL');
  began = clock.now();
});

const every = (seconds: number): Schedule => ({
  type: 'interval',
  everyMs: seconds * 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
});
const plan = () => planAll(testPlanner(web.db().pool));
const backfiller = () =>
  createBackfiller({ pool: web.db().pool, logger: silent, intervalMs: 1_000 });
const feed = async () => (await backfiller().runOnce()).counts;

type Made = { at: string; state: string; id: number; priority: number; overlap: string };
async function runsOf(backfillId: number): Promise<Made[]> {
  return web.db().sql<Made>(
    `SELECT to_char(for_tick AT TIME ZONE 'UTC', 'HH24:MI:SS') AS at, state, id, priority, overlap FROM run
      WHERE backfill_id = $1 ORDER BY id`,
    [backfillId],
  );
}

/** Ends what waits of a backfill, as a worker would. */
async function run(state: 'succeeded' | 'failed' = 'succeeded'): Promise<number> {
  const rows = await web.db().sql(
    `UPDATE run SET is_live = false, state = $1, attempt = 1, started_at = now(), finished_at = now()
      WHERE is_live AND state = 'queued' AND trigger = 'backfill' AND due_at <= now() RETURNING id`,
    [state],
  );
  return rows.length;
}

/** Feeds and runs until the backfill is over; its runs in the order in which they were made. */
async function runToEnd(id: number): Promise<Made[]> {
  for (let turns = 0; turns < 20_000; turns++) {
    await feed();
    const { state } = valueOf(await readBackfill(viewer, { id }));
    if (state !== 'running') return runsOf(id);
    if ((await run()) === 0) await clock.advance(10_000);
  }
  throw new Error('The backfill finds no end.');
}

/** Ticks of the last minutes, planned and ended: `failedAt` of them badly. */
async function withHistory(minutes: number, failedAt: readonly number[] = []): Promise<TestJob> {
  const job = await makeJob(web.db(), { schedule: every(60), createdAt: began });
  for (let minute = 0; minute < minutes; minute++) {
    await clock.advance(MINUTE_MS);
    await plan();
  }
  await web.db().sql(
    `UPDATE run SET is_live = false, attempt = 1, started_at = scheduled_for, finished_at = scheduled_for + interval '2 seconds',
            state = CASE WHEN round(extract(epoch FROM scheduled_for - $2::timestamptz) / 60) = ANY ($3::int[]) THEN 'failed' ELSE 'succeeded' END
      WHERE is_live AND job_id = $1 AND scheduled_for <= now()`,
    [job.id, new Date(began.getTime() - 5_000).toISOString(), failedAt],
  );
  return job;
}

const start = async (job: TestJob, more: Partial<StartBackfillInput> = {}) =>
  valueOf(await startBackfill(admin, { jobId: job.id, from: began, perMinute: 6_000, ...more }));

async function sums(job: TestJob) {
  await plan();
  await createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();
  const audit = valueOf(await auditTicks(admin, { key: job.key, from: began }));
  expect(audit.jobs[0]!.findings).toEqual([]);
  expect(audit.isEven).toBe(true);
  const counts = valueOf(await ledgerCounts(admin, { jobId: job.id, from: began }));
  expect(counts.isEven).toBe(true);
  return counts;
}

const minutesOf = (made: readonly Made[]) => {
  const from = began.getTime() - 5_000;
  const base = new Date(from);
  return made.map(({ at }) => {
    const [h, m] = at.split(':').map(Number) as [number, number];
    return (h * 60 + m - (base.getUTCHours() * 60 + base.getUTCMinutes()) + 1_440) % 1_440;
  });
};

describe('which occurrences a backfill is about', () => {
  test('those without a success, each with what became of it, counted as they are listed', async () => {
    const job = await withHistory(10, [3, 7]);
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    await clock.advance(4 * MINUTE_MS);
    valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
    await clock.advance(30_000);
    await plan();
    const preview = valueOf(await previewBackfill(viewer, { jobId: job.id, from: began }));
    expect(preview).toMatchObject({ runs: 6, revision: 1, medianMs: 2_000 });
    expect(preview.counts).toMatchObject({
      occurrences: 14,
      outcomes: { succeeded: 8, failed: 2, 'gap: paused': 4 },
      withoutSuccess: 6,
      madeGood: 0,
      toCome: 0,
    });
    expect(preview.first.map(({ outcome }) => outcome)).toEqual([
      'failed',
      'failed',
      ...Array.from({ length: 4 }, () => 'gap: paused'),
    ]);
    expect(preview.last.map(({ at }) => at)).toEqual(
      preview.first.map(({ at }) => at).toReversed(),
    );
    const page = valueOf(
      await listOccurrences(viewer, {
        jobId: job.id,
        from: began,
        limit: 4,
        onlyWithoutSuccess: true,
      }),
    );
    expect(page.occurrences.map(({ at }) => at)).toEqual(
      preview.first.slice(0, 4).map(({ at }) => at),
    );
    const rest = valueOf(
      await listOccurrences(viewer, {
        jobId: job.id,
        from: began,
        limit: 4,
        onlyWithoutSuccess: true,
        after: page.after,
      }),
    );
    expect(rest.occurrences.map(({ at }) => at)).toEqual(
      preview.first.slice(4).map(({ at }) => at),
    );
    expect(rest.after).toBeNull();
  });

  test('what a stand-in made good, or is still to run, is left out', async () => {
    const job = await withHistory(4, [1, 2, 3]);
    const tick = (minute: number) => new Date(began.getTime() - 5_000 + minute * MINUTE_MS);
    await web.db().sql(
      `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, for_tick, due_at, attempt, finished_at, retry_of, queue, kind)
       VALUES (false, $1, 1, 'retry', 'succeeded', now(), $2, now(), 1, now(), 1, 'default', 'script'),
              (false, $1, 1, 'retry', 'failed', now(), $3, now(), 1, now(), 1, 'default', 'script'),
              (true, $1, 1, 'retry', 'queued', now(), $4, now(), 0, NULL, 1, 'default', 'script')`,
      [job.id, tick(1), tick(2), tick(3)],
    );
    const preview = valueOf(await previewBackfill(viewer, { jobId: job.id, from: began }));
    expect(preview.counts).toMatchObject({ madeGood: 1, toCome: 1, withoutSuccess: 1 });
    expect(preview.first.map(({ at }) => at)).toEqual([tick(2).toISOString()]);
    const { id, expected } = await start(job);
    expect(expected).toBe(1);
    expect(minutesOf(await runToEnd(id))).toEqual([2]);
    // Control: “all” runs each once more.
    const all = await start(job, { rule: 'all' });
    expect(minutesOf(await runToEnd(all.id)).slice(0, 4)).toEqual([1, 2, 3, 4]);
  });

  test('a stretch before the job was there is reckoned by its current schedule', async () => {
    const job = await makeJob(web.db(), { schedule: every(600), createdAt: began });
    const from = new Date(began.getTime() - 3_605_000);
    const asked = { jobId: job.id, from };
    const preview = valueOf(await previewBackfill(viewer, asked));
    expect(preview.counts.outcomes).toEqual({ before: 7 });
    expect(preview.warnings).toContainEqual({ kind: 'before', count: 7 });
    const { id } = await start(job, { from });
    expect(await runToEnd(id)).toHaveLength(7);
    // They are no ticks of the job: its sums know nothing of them.
    expect(await sums(job)).toMatchObject({ expected: 0, covered: 0 });
  });

  test('those of the revision of then, by the revision of now', async () => {
    const job = await withHistory(3, [1, 2, 3]);
    valueOf(
      await editJob(admin, {
        jobId: job.id,
        basedOnRevision: 1,
        definition: { ...job.definition, schedule: every(3_600) },
      }),
    );
    const { id } = await start(job);
    expect(minutesOf(await runToEnd(id))).toEqual([1, 2, 3]);
    const rows = await web
      .db()
      .sql('SELECT DISTINCT revision FROM run WHERE backfill_id = $1', [id]);
    expect(rows).toEqual([{ revision: 2 }]);
  });

  test('a year of a per-second job is counted and paged, never listed', async () => {
    const year = 365 * 86_400;
    const job = await makeJob(web.db(), {
      schedule: every(1),
      createdAt: new Date(began.getTime() - year * 1_000),
    });
    await plan();
    const from = new Date(began.getTime() - year * 1_000);
    const startedMs = performance.now();
    const preview = valueOf(await previewBackfill(viewer, { jobId: job.id, from, rule: 'all' }));
    expect(preview.counts.occurrences).toBeGreaterThan(year - 10);
    expect(preview.first).toHaveLength(10);
    expect(preview.last).toHaveLength(10);
    expect(preview.warnings.map(({ kind }) => kind)).toContain('long');
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  test('what is asked in vain is refused with the next step', async () => {
    const job = await withHistory(2);
    const asked = { jobId: job.id, from: began };
    expect(refusalOf(await startBackfill(admin, asked)).message).toMatch(/has succeeded/);
    expect(
      refusalOf(await startBackfill(admin, { ...asked, from: new Date(clock.now().getTime() + 1) }))
        .message,
    ).toMatch(/lies ahead/);
    expect(
      refusalOf(
        await startBackfill(admin, {
          ...asked,
          rule: 'pick',
          picked: [new Date(began.getTime() + 1)],
        }),
      ).message,
    ).toMatch(/is no occurrence/);
    expect(
      refusalOf(await startBackfill(admin, { ...asked, rule: 'all', parameters: { day: 'x' } }))
        .message,
    ).toMatch(/day/);
    await expect(startBackfill(viewer, asked)).rejects.toThrow(NotAllowed);
    await start(job, { rule: 'all' });
    expect(refusalOf(await startBackfill(admin, { ...asked, rule: 'all' })).message).toMatch(
      /isn’t over/,
    );
  });
});

describe('how a backfill runs them', () => {
  test('in order or reversed, each once, a step less urgent than the ticks', async () => {
    const job = await withHistory(5, [1, 2, 3, 4, 5]);
    const forth = await runToEnd((await start(job)).id);
    expect(minutesOf(forth)).toEqual([1, 2, 3, 4, 5]);
    expect(forth.every((one) => one.priority === -1 && one.overlap === 'queue_all')).toBe(true);
    const back = await runToEnd(
      (await start(job, { rule: 'all', newestFirst: true, givesWay: false })).id,
    );
    expect(minutesOf(back).slice(-5)).toEqual([5, 4, 3, 2, 1]);
    expect(back[0]!.priority).toBe(0);
    const picked = [4, 2].map((minute) => new Date(began.getTime() - 5_000 + minute * MINUTE_MS));
    const { id, expected } = await start(job, { rule: 'pick', picked });
    expect(expected).toBe(2);
    expect(minutesOf(await runToEnd(id))).toEqual([2, 4]);
  });

  test('so many a minute, and never more waiting than run at once', async () => {
    const job = await withHistory(12, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const { id } = await start(job, { perMinute: 30, atOnce: 4 });
    await feed();
    // Two seconds ahead at one in two seconds.
    expect(await runsOf(id)).toHaveLength(2);
    await clock.advance(4_000);
    await feed();
    expect(await runsOf(id)).toHaveLength(4);
    await clock.advance(60_000);
    // Four wait: no more are made, however long it takes, and what was let pass isn't made up for.
    await feed();
    expect(await runsOf(id)).toHaveLength(4);
    expect(await run()).toBe(4);
    await feed();
    expect(await runsOf(id)).toHaveLength(6);
    valueOf(await changeBackfillRate(admin, { id, perMinute: 6_000, atOnce: 100 }));
    await feed();
    expect(await runsOf(id)).toHaveLength(12);
  });

  test('says what keeps it from going on', async () => {
    const job = await withHistory(3, [1, 2, 3]);
    await web.db().sql('DELETE FROM worker');
    const { id } = await start(job);
    const hindrance = async () => valueOf(await readBackfill(viewer, { id })).hindrance;
    expect(await hindrance()).toBe('no_worker');
    await insertWorker(web.db().sql, { leaseUntil: new Date(clock.now().getTime() + 60_000) });
    expect(await hindrance()).toBeNull();
    valueOf(await pauseEverything(admin, {}));
    expect(await hindrance()).toBe('everything_paused');
    await feed();
    expect(await runsOf(id)).toEqual([]);
    valueOf(await resumeEverything(admin));
    await feed();
    expect(await runsOf(id)).toHaveLength(1);
  });

  test('leaves half of the queue’s places to the ticks', async () => {
    await web
      .db()
      .sql(
        `INSERT INTO queue (name, max_running, max_waiting, default_timeout_ms) VALUES ('narrow', 1, 6, 60000)`,
      );
    const job = await withHistory(10, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const definition = { ...job.definition, queue: 'narrow' };
    valueOf(await editJob(admin, { jobId: job.id, basedOnRevision: 1, definition }));
    const { id } = await start(job, { atOnce: 50 });
    await clock.advance(2_000);
    await feed();
    await clock.advance(2_000);
    await feed();
    expect(await runsOf(id)).toHaveLength(4);
    await insertWorker(web.db().sql, { leaseUntil: new Date(clock.now().getTime() + 60_000) });
    expect(valueOf(await readBackfill(viewer, { id })).hindrance).toBe('queue_full');
  });

  test('with other parameters, which leave alone what the job has covered', async () => {
    const job = await makeJob(web.db(), {
      schedule: every(60),
      createdAt: began,
      parameters: [{ name: 'day', type: 'text', default: 'today' }] as never,
    });
    await clock.advance(2 * MINUTE_MS);
    await plan();
    await run();
    await web
      .db()
      .sql(
        `UPDATE run SET is_live = false, state = 'failed', attempt = 1, finished_at = now() WHERE is_live AND scheduled_for <= now()`,
      );
    const { id } = await start(job, { rule: 'all', parameters: { day: 'monday' } });
    await runToEnd(id);
    const rows = await web
      .db()
      .sql('SELECT DISTINCT parameters, covers FROM run WHERE backfill_id = $1', [id]);
    expect(rows).toEqual([{ parameters: { day: 'monday' }, covers: false }]);
  });

  test('three thousand occurrences, of which a window waits at any time', async () => {
    const job = await makeJob(web.db(), {
      schedule: every(1),
      createdAt: new Date(began.getTime() - 3_000_000),
    });
    await plan();
    const from = new Date(began.getTime() - 3_000_000);
    const { id, expected } = await start(job, { from, rule: 'all', atOnce: 100 });
    expect(expected).toBeGreaterThan(2_990);
    let most = 0;
    for (let turns = 0; turns < 120; turns++) {
      await feed();
      const [waiting] = await web
        .db()
        .sql<{ runs: number }>(
          'SELECT count(*)::int AS runs FROM run_live WHERE backfill_id = $1',
          [id],
        );
      most = Math.max(most, waiting!.runs);
      if (valueOf(await readBackfill(viewer, { id })).state !== 'running') break;
      await clock.advance(1_500);
      await run();
    }
    expect(most).toBeLessThanOrEqual(100);
    const detail = valueOf(await readBackfill(viewer, { id }));
    expect(detail).toMatchObject({ state: 'done', made: expected, ended: expected, leftOut: 0 });
    const [distinct] = await web
      .db()
      .sql<{ ticks: number }>(
        'SELECT count(DISTINCT for_tick)::int AS ticks FROM run WHERE backfill_id = $1',
        [id],
      );
    expect(distinct!.ticks).toBe(expected);
  }, 120_000);
});

describe('rule 1 and the sums', () => {
  test('ticks of gaps count as covered from the moment their run begins, and planners find nothing doubled', async () => {
    const job = await withHistory(3, [2]);
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    await clock.advance(5 * MINUTE_MS);
    valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
    expect(await sums(job)).toMatchObject({ expected: 8, paused: 5, covered: 0 });
    const { id, expected } = await start(job);
    expect(expected).toBe(6);
    await feed();
    await plan();
    expect(await sums(job)).toMatchObject({ paused: 5, covered: 0 });
    await runToEnd(id);
    expect(await sums(job)).toMatchObject({ paused: 0, covered: 5 });
    // A second look finds nothing more to run.
    expect(
      valueOf(
        await previewBackfill(viewer, {
          jobId: job.id,
          from: began,
          to: new Date(began.getTime() + 8 * MINUTE_MS),
        }),
      ).runs,
    ).toBe(0);
  });

  test('several workers feed one backfill, and each occurrence gets one run', async () => {
    const job = await withHistory(
      40,
      Array.from({ length: 41 }, (_, n) => n),
    );
    const { id, expected } = await start(job, { atOnce: 5 });
    const workers = Array.from({ length: 4 }, backfiller);
    for (let turns = 0; turns < 60; turns++) {
      await Promise.all(workers.map((worker) => worker.runOnce()));
      const [waiting] = await web
        .db()
        .sql<{ runs: number }>(
          'SELECT count(*)::int AS runs FROM run_live WHERE backfill_id = $1',
          [id],
        );
      expect(waiting!.runs).toBeLessThanOrEqual(5);
      await clock.advance(2_000);
      await run();
    }
    const made = await runsOf(id);
    expect(made).toHaveLength(expected);
    expect(new Set(made.map(({ at }) => at)).size).toBe(expected);
    expect(valueOf(await readBackfill(viewer, { id })).state).toBe('done');
  });
});

describe('pausing, going on and cancelling', () => {
  test('a pause takes back what waits, and whoever goes on loses nothing and doubles nothing', async () => {
    const job = await withHistory(6, [1, 2, 3, 4, 5, 6]);
    const { id } = await start(job, { atOnce: 4 });
    await feed();
    // The second is under way, the others wait.
    await web.db().sql(
      `UPDATE run SET state = 'running', attempt = 1, worker_id = 1, started_at = now()
        WHERE is_live AND id = (SELECT min(id) + 1 FROM run WHERE backfill_id = $1)`,
      [id],
    );
    expect(valueOf(await pauseBackfill(admin, { id }))).toEqual({ isChanged: true });
    expect(minutesOf(await runsOf(id))).toEqual([2]);
    await feed();
    expect(await runsOf(id)).toHaveLength(1);
    expect(valueOf(await goOnWithBackfill(admin, { id }))).toEqual({ isChanged: true });
    await web
      .db()
      .sql(
        `UPDATE run SET is_live = false, state = 'succeeded', finished_at = now() WHERE is_live AND state = 'running'`,
      );
    const made = minutesOf(await runToEnd(id));
    expect(made.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(valueOf(await readBackfill(viewer, { id }))).toMatchObject({ made: 6, ended: 6 });
    expect(
      (await prisma().auditEntry.findMany({ where: { subject: `job:${job.key}` } })).map(
        ({ action }) => action,
      ),
    ).toEqual(expect.arrayContaining(['job.backfill', 'job.backfill.pause', 'job.backfill.go_on']));
  });

  test('cancelling ends what waits, and what runs where that is asked for', async () => {
    const job = await withHistory(6, [1, 2, 3, 4, 5, 6]);
    const running = (id: number) =>
      web.db().sql(
        `UPDATE run SET state = 'running', attempt = 1, worker_id = 1, started_at = now()
          WHERE is_live AND id = (SELECT min(id) FROM run WHERE backfill_id = $1)`,
        [id],
      );
    const first = await start(job, { atOnce: 4 });
    await feed();
    await running(first.id);
    expect(valueOf(await cancelBackfill(admin, { id: first.id }))).toEqual({ ended: 0 });
    expect((await runsOf(first.id)).map(({ state }) => state)).toEqual(['running']);
    expect(refusalOf(await goOnWithBackfill(admin, { id: first.id })).message).toMatch(/is over/);
    await web
      .db()
      .sql(
        `UPDATE run SET is_live = false, state = 'failed', finished_at = now() WHERE is_live AND state = 'running'`,
      );
    const second = await start(job, { atOnce: 4 });
    await feed();
    await running(second.id);
    expect(valueOf(await cancelBackfill(admin, { id: second.id, cancelRunning: true }))).toEqual({
      ended: 1,
    });
    const [asked] = await web
      .db()
      .sql('SELECT cancelled_by AS by FROM run WHERE is_live AND backfill_id = $1', [second.id]);
    expect(asked).toEqual({ by: 'Test' });
    const list = valueOf(await readBackfills(viewer, { jobId: job.id }));
    expect(list.map(({ id, state }) => ({ id, state }))).toEqual([
      { id: second.id, state: 'cancelled' },
      { id: first.id, state: 'cancelled' },
    ]);
  });

  test('goes while its job is paused, stops with a pause that comes later, and goes on with the job', async () => {
    const job = await withHistory(6, [1, 2, 3, 4, 5, 6]);
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    const asked = await start(job);
    await feed();
    expect(await runsOf(asked.id)).toHaveLength(1);
    valueOf(await cancelBackfill(admin, { id: asked.id }));
    valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
    const { id } = await start(job);
    await feed();
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    expect(await runsOf(id)).toEqual([]);
    expect(valueOf(await readBackfill(viewer, { id }))).toMatchObject({
      state: 'paused',
      stoppedByJob: true,
    });
    await feed();
    expect(await runsOf(id)).toEqual([]);
    valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
    expect(valueOf(await readBackfill(viewer, { id })).state).toBe('running');
    expect(minutesOf(await runToEnd(id)).slice(0, 6)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('resuming runs what a backfill saw to during the pause no second time', async () => {
    const job = await withHistory(1);
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    await clock.advance(5 * MINUTE_MS);
    const to = new Date(began.getTime() + 4 * MINUTE_MS);
    const { id, expected } = await start(job, { to });
    expect(expected).toBe(3);
    await runToEnd(id);
    const answer = { rule: 'all' } as const;
    const { runs } = valueOf(await resumeJobs(admin, { jobIds: [job.id], answer }));
    const [{ ticks } = { ticks: 0 }] = await web
      .db()
      .sql<{ ticks: number }>(
        `SELECT count(DISTINCT for_tick)::int AS ticks FROM run WHERE job_id = $1 AND for_tick IS NOT NULL`,
        [job.id],
      );
    // Of the ticks of the pause, however long running the backfill took, each has one run.
    expect(ticks).toBe(expected + runs);
    expect(runs).toBeGreaterThanOrEqual(2);
  });

  test('ends with its job, and stands still with a reason where its parameters don’t fit any more', async () => {
    const job = await makeJob(web.db(), {
      schedule: every(60),
      createdAt: began,
      parameters: [{ name: 'day', type: 'text', default: 'today' }] as never,
    });
    await clock.advance(5 * MINUTE_MS);
    await plan();
    const { id } = await start(job, { rule: 'all', parameters: { day: 'monday' } });
    valueOf(
      await editJob(admin, {
        jobId: job.id,
        basedOnRevision: 1,
        definition: { ...job.definition, parameters: [] },
      }),
    );
    await feed();
    const stopped = valueOf(await readBackfill(viewer, { id }));
    expect(stopped).toMatchObject({ state: 'paused', changedBy: 'Punctual' });
    expect(stopped.problem).toMatch(/day/);
    valueOf(await deleteJob(admin, { jobId: job.id, confirmKey: job.key }));
    expect(valueOf(await readBackfill(viewer, { id }))).toMatchObject({
      state: 'cancelled',
      problem: 'Its job was deleted.',
    });
  });
});
