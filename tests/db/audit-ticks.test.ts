import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditTicks, type AuditedJob, type TickAudit } from '#core/audit-ticks/audit-ticks.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { createJob } from '#core/jobs/create-job.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { ledgerCounts } from '#core/jobs/ledger-counts.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { holdClock, type TestClock } from '#tests/support/clock.ts';
import { testDefinition } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { planAll, silent, testPlanner } from '#tests/support/planning.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';
import { createGapCounter } from '#worker/gap-counter.ts';

const web = webDatabase();
let clock: TestClock;
beforeAll(async () => {
  clock = await holdClock(web.db(), new Date('2027-03-01T08:00:00.000Z'));
});
// Just after the next whole hour, so that ticks come at even times and none at the very moment of a look.
beforeEach(() => clock.set(new Date(hourOf(clock.now()) + HOUR_MS + 5)));

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const every = (everyMs: number): Schedule => ({
  type: 'interval',
  everyMs,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
});
const sql = (text: string, values: unknown[] = []) => web.db().sql(text, values);

/** A job as a person makes it, whose creation is where the audit of a test begins. */
async function newJob(schedule: Schedule, overrides: Parameters<typeof testDefinition>[0] = {}) {
  const definition = testDefinition({ schedule, overlap: 'allow', ...overrides });
  const { jobId: id, key } = valueOf(await createJob(admin, definition));
  return { id, key, definition, from: clock.now() };
}
type Job = Awaited<ReturnType<typeof newJob>>;

/** Time passes, while planners plan and workers run what is due. */
async function live(job: Job, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 20_000) {
    await planAll(testPlanner(web.db().pool));
    await clock.advance(Math.min(left, 20_000));
    await work(job);
  }
}

async function work(job: Job): Promise<void> {
  await sql(
    `UPDATE run SET is_live = false, state = 'succeeded', attempt = 1, worker_id = 1, started_at = now(), finished_at = now()
      WHERE is_live AND job_id = $1 AND state = 'queued' AND hold IS NULL AND due_at <= now()`,
    [job.id],
  );
}

const countGaps = () => createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();

async function pauseFor(job: Job, ms: number): Promise<void> {
  valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
  await clock.advance(ms);
  valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
  await countGaps();
}

async function audit({ key, from }: Pick<Job, 'key' | 'from'>): Promise<AuditedJob> {
  const { jobs } = valueOf(await auditTicks(viewer, { key, from: new Date(from.getTime() - 1) }));
  expect(jobs).toHaveLength(1);
  return jobs[0]!;
}

const hourOf = (instant: Date) => Math.floor(instant.getTime() / HOUR_MS) * HOUR_MS;
/** So long after the whole hour at which a job's test began. */
const at = (job: Job, ms: number) => new Date(hourOf(job.from) + ms).toISOString();

describe('a ledger without fault adds up', () => {
  test('through work, edits, pauses, everything paused, ticks missed and a deletion', async () => {
    const job = await newJob(every(10_000));
    await live(job, 5 * MINUTE_MS);
    await pauseFor(job, 7 * MINUTE_MS + 3);
    await live(job, MINUTE_MS);
    const edited = { ...job.definition, schedule: every(7_000) };
    valueOf(await editJob(admin, { jobId: job.id, basedOnRevision: 1, definition: edited }));
    await live(job, 2 * MINUTE_MS);
    valueOf(await pauseEverything(admin, { reason: 'test' }));
    await clock.advance(3 * MINUTE_MS);
    valueOf(await resumeEverything(admin));
    // Nobody plans for an hour.
    await clock.advance(HOUR_MS);
    await live(job, MINUTE_MS);
    await countGaps();
    expect(await audit(job)).toMatchObject({ isEven: true, findings: [], isDeleted: false });
    const ended = clock.now();
    valueOf(await deleteJob(admin, { jobId: job.id, confirmKey: job.key }));
    await clock.advance(HOUR_MS);
    const audited = await audit(job);
    expect(audited).toMatchObject({ isEven: true, findings: [], isDeleted: true });
    const inFirst = Math.floor((14 * MINUTE_MS - 60_000) / 10_000);
    expect(audited.expected).toBeGreaterThan(inFirst);
    expect(audited.buckets.gap).toBeGreaterThan(HOUR_MS / 7_000);
    expect(audited.buckets.ran).toBeGreaterThan(0);
    const counts = valueOf(await ledgerCounts(admin, { jobId: job.id, from: job.from, to: ended }));
    expect(counts).toMatchObject({ expected: audited.expected, isEven: true });
  });

  test('also between an edit and the next plan, while ticks wait, and within a pause', async () => {
    const job = await newJob(every(1_000));
    await planAll(testPlanner(web.db().pool));
    await clock.advance(10_000);
    expect(await audit(job)).toMatchObject({
      isEven: true,
      expected: 10,
      buckets: { waiting: 10 },
    });
    valueOf(
      await editJob(admin, {
        jobId: job.id,
        basedOnRevision: 1,
        definition: { ...job.definition, schedule: every(2_000) },
      }),
    );
    await clock.advance(10_000);
    expect(await audit(job)).toMatchObject({
      isEven: true,
      expected: 15,
      buckets: { waiting: 15 },
    });
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    await clock.advance(10_000);
    // Four of the five that nobody had planned were missed; the pause adds five.
    const paused = await audit(job);
    expect(paused).toMatchObject({ isEven: true, expected: 20, buckets: { held: 11, gap: 9 } });
  });

  test('when a tick that was cancelled ahead of time passes in a pause', async () => {
    const job = await newJob(every(10_000));
    await planAll(testPlanner(web.db().pool));
    await sql(
      `UPDATE run SET is_live = false, state = 'cancelled', finished_at = now(), cancelled_by = 'Test'
        WHERE is_live AND job_id = $1 AND scheduled_for = $2`,
      [job.id, at(job, 30_000)],
    );
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    await clock.advance(MINUTE_MS);
    expect(await audit(job)).toMatchObject({ isEven: true, buckets: { gap: 6, skipped: 0 } });
    const counts = await ledgerCounts(admin, { jobId: job.id, from: job.from });
    expect(valueOf(counts)).toMatchObject({ expected: 6, paused: 6, cancelled: 0, isEven: true });
  });

  test('of every outcome that a run can have, each in its bucket', async () => {
    const job = await newJob(every(10_000));
    await live(job, 100_000);
    await planAll(testPlanner(web.db().pool));
    const set = (ms: number, columns: string) =>
      sql(`UPDATE run SET ${columns} WHERE job_id = $1 AND scheduled_for = $2`, [
        job.id,
        at(job, ms),
      ]);
    await set(10_000, `state = 'failed'`);
    await set(20_000, `state = 'timed_out'`);
    await set(30_000, `state = 'lost'`);
    await set(40_000, `state = 'cancelled'`);
    await set(50_000, `state = 'cancelled', attempt = 0`);
    await set(60_000, `state = 'skipped', skip_reason = 'overlap', attempt = 0`);
    await set(70_000, `state = 'skipped', skip_reason = 'covered', attempt = 0`);
    await clock.advance(30_000);
    await set(110_000, `attempt = 1, due_at = due_at + interval '1 h'`);
    await set(120_000, `hold = 'paused'`);
    expect(await audit(job)).toMatchObject({
      isEven: true,
      expected: 13,
      buckets: { ran: 8, skipped: 2, covered: 1, held: 1, waiting: 1, gap: 0 },
    });
  });
});

describe('a ledger that somebody changed by hand is noticed, and what is wrong is named', () => {
  test('a run that was deleted, and several in a row', async () => {
    const job = await newJob(every(10_000));
    await live(job, 200_000);
    await sql(
      `DELETE FROM run WHERE job_id = $1 AND scheduled_for IN ($2, $3, $4) AND NOT is_live`,
      [job.id, at(job, 50_000), at(job, 100_000), at(job, 110_000)],
    );
    expect(await audit(job)).toMatchObject({
      isEven: false,
      expected: 20,
      buckets: { ran: 17 },
      findings: [
        { kind: 'missing', from: at(job, 50_000), to: at(job, 50_000), ticks: 1 },
        { kind: 'missing', from: at(job, 100_000), to: at(job, 110_000), ticks: 2 },
      ],
    });
    expect((await countsOf(job)).isEven).toBe(false);
  });

  test('a tick with a finished and a live run, which the constraint lets by', async () => {
    const job = await newJob(every(10_000));
    await live(job, 60_000);
    const doubled = Date.parse(at(job, 20_000));
    await insertRun(web.db().sql, { jobId: job.id, at: doubled, state: 'queued' });
    expect(await audit(job)).toMatchObject({
      isEven: false,
      findings: [{ kind: 'doubled', at: at(job, 20_000), runs: 2, gap: null }],
    });
  });

  test('a run where the schedule doesn’t fire, though another is missing and the sum is right', async () => {
    const job = await newJob(every(10_000));
    await live(job, 60_000);
    await sql(`UPDATE run SET scheduled_for = $3 WHERE job_id = $1 AND scheduled_for = $2`, [
      job.id,
      at(job, 20_000),
      at(job, 21_000),
    ]);
    const audited = await audit(job);
    expect(audited).toMatchObject({
      isEven: false,
      expected: 6,
      buckets: { ran: 6 },
      findings: [
        { kind: 'missing', from: at(job, 20_000), ticks: 1 },
        { kind: 'extra', at: at(job, 21_000), runs: 1 },
      ],
    });
    expect((await countsOf(job)).isEven).toBe(true);
  });

  test('a gap that was shortened, one that says a wrong number, and one that is gone', async () => {
    const job = await newJob(every(10_000));
    for (const _ of [1, 2, 3]) {
      await live(job, 60_000);
      await pauseFor(job, HOUR_MS);
    }
    await live(job, 60_000);
    expect(await audit(job)).toMatchObject({ isEven: true, buckets: { gap: 1_080 } });
    const gaps = await web
      .db()
      .sql<{ id: number; from: Date; to: Date }>(
        `SELECT id, lower(span) AS "from", upper(span) AS "to" FROM gap WHERE job_id = $1 ORDER BY span`,
        [job.id],
      );
    const [first, second, third] = gaps as [(typeof gaps)[0], (typeof gaps)[0], (typeof gaps)[0]];
    await sql(
      `UPDATE gap SET span = tstzrange(lower(span), upper(span) - interval '10 min') WHERE id = $1`,
      [first.id],
    );
    await sql(`UPDATE gap SET ticks = 361 WHERE id = $1`, [second.id]);
    await sql(`DELETE FROM gap WHERE id = $1`, [third.id]);
    const audited = await audit(job);
    expect(audited.findings).toMatchObject([
      { kind: 'missing', to: new Date(ceilTo10s(first.to) - 10_000).toISOString(), ticks: 60 },
      { kind: 'missing', ticks: 360 },
      { kind: 'gap_count', gap: 'paused', from: first.from.toISOString(), says: 360, is: 300 },
      { kind: 'gap_count', gap: 'paused', from: second.from.toISOString(), says: 361, is: 360 },
    ]);
    expect(audited.isEven).toBe(false);
  });

  test('a run within a gap, and the open gap of a pause that is gone', async () => {
    const job = await newJob(every(10_000));
    await live(job, 60_000);
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    await clock.advance(MINUTE_MS);
    await insertRun(web.db().sql, { jobId: job.id, at: Date.parse(at(job, 90_000)) });
    expect(await audit(job)).toMatchObject({
      isEven: false,
      findings: [{ kind: 'doubled', at: at(job, 90_000), runs: 1, gap: 'paused' }],
    });
    await sql('DELETE FROM gap WHERE job_id = $1', [job.id]);
    // Nobody plans for a paused job: these don't wait.
    expect(await audit(job)).toMatchObject({
      buckets: { waiting: 0 },
      findings: [
        { kind: 'missing', from: at(job, 70_000), to: at(job, 80_000), ticks: 2 },
        { kind: 'missing', from: at(job, 100_000), to: at(job, 120_000), ticks: 3 },
      ],
    });
  });

  test('a cursor that was moved on by hand', async () => {
    const job = await newJob(every(10_000));
    await live(job, 60_000);
    await planAll(testPlanner(web.db().pool));
    await sql(`UPDATE job SET planned_until = planned_until + interval '5 min' WHERE id = $1`, [
      job.id,
    ]);
    await clock.advance(HOUR_MS);
    const { findings, buckets } = await audit(job);
    expect(findings).toMatchObject([{ kind: 'missing', ticks: 30 }]);
    expect(buckets.waiting).toBe(360 - 30);
  });

  test('a gap of another revision, a run after the deletion, a schedule that can’t be read', async () => {
    const job = await newJob(every(10_000));
    await pauseFor(job, 5 * MINUTE_MS);
    await sql('UPDATE gap SET revision = 7 WHERE job_id = $1', [job.id]);
    expect((await audit(job)).findings).toContainEqual(
      expect.objectContaining({ kind: 'gap_revision', says: 7, is: 1, ticks: 30 }),
    );
    await sql('UPDATE gap SET revision = 1 WHERE job_id = $1', [job.id]);
    valueOf(await deleteJob(admin, { jobId: job.id, confirmKey: job.key }));
    await clock.advance(MINUTE_MS);
    const late = clock.now().getTime() - 20_000;
    await insertRun(web.db().sql, { jobId: job.id, at: late });
    expect((await audit(job)).findings).toEqual([
      { kind: 'extra', at: new Date(late).toISOString(), runs: 1 },
    ]);
    await sql(
      `UPDATE revision SET definition = jsonb_set(definition, '{schedule,type}', '"lunar"') WHERE job_id = $1`,
      [job.id],
    );
    expect((await audit(job)).findings).toContainEqual({ kind: 'unreadable', revision: 1 });
    const lost = { type: 'cron', lines: ['* * * * *'], timeZone: 'UTC' };
    await sql(
      `UPDATE revision SET definition = jsonb_set(definition, '{schedule}', $2::jsonb) WHERE job_id = $1`,
      [
        job.id,
        JSON.stringify({ ...lost, calendar: { key: 'nowhere', revision: 1, rule: 'skip' } }),
      ],
    );
    expect((await audit(job)).findings).toContainEqual({ kind: 'unreadable', revision: 1 });
  });

  test('many faults are counted, and the first of them named', async () => {
    const job = await newJob(every(1_000));
    await live(job, 200_000);
    await sql(
      `DELETE FROM run WHERE job_id = $1 AND extract(epoch FROM scheduled_for)::int % 2 = 0 AND NOT is_live`,
      [job.id],
    );
    const { findings, findingCount } = await audit(job);
    expect([findings.length, findingCount]).toEqual([20, 100]);
  });
});

describe('what is asked for', () => {
  test('history that isn’t kept any more is left out', async () => {
    const job = await newJob(every(MINUTE_MS), { retentionDays: 1 });
    await live(job, 3 * MINUTE_MS);
    await clock.advance(3 * 24 * HOUR_MS);
    await planAll(testPlanner(web.db().pool));
    await sql(`DELETE FROM run WHERE job_id = $1 AND scheduled_for < now() - interval '1 day'`, [
      job.id,
    ]);
    const audited = await audit(job);
    expect(audited).toMatchObject({ isEven: true, expected: 24 * 60 });
    expect(Date.parse(audited.from)).toBe(clock.now().getTime() - 24 * HOUR_MS);
  });

  test('what can’t be is refused with the next step', async () => {
    const job = await newJob(every(10_000));
    const ahead = new Date(clock.now().getTime() + HOUR_MS);
    const refused = refusalOf(await auditTicks(admin, { key: job.key, from: ahead }));
    expect(refused.message).toMatch(/begins before it ends, and in the past/);
    const mistyped = `${job.key}x`;
    const unknown = refusalOf(await auditTicks(admin, { key: mistyped, from: job.from }));
    expect(unknown.message).toContain(`There is no job ${mistyped}. Did you mean ${job.key}`);
  });
});

test('a pause of a year of a job that fires every second is counted and not listed', async () => {
  const job = await newJob(every(1_000), { retentionDays: 3_650 });
  await live(job, 20_000);
  await pauseFor(job, 365 * 24 * HOUR_MS);
  await live(job, 20_000);
  const since = performance.now();
  const before = process.memoryUsage().heapUsed;
  const audited = await audit(job);
  expect(audited).toMatchObject({ isEven: true, buckets: { gap: 365 * 86_400 } });
  expect(performance.now() - since).toBeLessThan(2_000);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
});

test('1,000 jobs over a day, 288,000 ticks, take a few seconds', async () => {
  await clock.advance(HOUR_MS);
  const schedule: Schedule = { type: 'cron', lines: ['*/5 * * * *'], timeZone: 'Europe/Berlin' };
  await sql(
    `WITH made AS (
       INSERT INTO job (key, revision, kind, queue, has_schedule, planned_until, created_at)
       SELECT 'many-' || n, 1, 'script', 'default', true, now(), now() - interval '2 days'
         FROM generate_series(1, 1000) AS n
       RETURNING id
     )
     INSERT INTO revision (job_id, number, definition, created_by, created_at)
     SELECT id, 1, $1::jsonb, 'Test', now() - interval '2 days' FROM made`,
    [JSON.stringify(testDefinition({ schedule }))],
  );
  const [now, ticks] = [clock.now().toISOString(), 'generate_series($1::timestamptz, $2, $3)'];
  const day = new Date(hourOf(clock.now()) - 24 * HOUR_MS).toISOString();
  for (let digit = 0; digit < 10; digit++) {
    await sql(
      `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, attempt, started_at,
                        finished_at, queue, kind)
       SELECT false, id, 1, 'tick', CASE WHEN random() < 0.1 THEN 'failed' ELSE 'succeeded' END, at, at, 1, at, at,
              'default', 'script'
         FROM job CROSS JOIN ${ticks} AS at WHERE key LIKE 'many-%' || $4::text`,
      [day, now, '5 min', String(digit)],
    );
  }
  await sql('VACUUM ANALYZE run');
  const from = new Date(clock.now().getTime() - 24 * HOUR_MS);
  const since = performance.now();
  const audited: TickAudit = valueOf(await auditTicks(admin, { from }));
  const tookMs = performance.now() - since;
  const many = audited.jobs.filter(({ key }) => key.startsWith('many-'));
  expect(many).toHaveLength(1_000);
  expect(many.every(({ isEven, expected }) => isEven && expected === 288)).toBe(true);
  expect(tookMs).toBeLessThan(10_000);
});

async function countsOf(job: Job) {
  return valueOf(await ledgerCounts(admin, { jobId: job.id, from: job.from }));
}

const ceilTo10s = (instant: Date) => Math.ceil(instant.getTime() / 10_000) * 10_000;
