import { describe, expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { ledgerCounts } from '#core/jobs/ledger-counts.ts';
import { pauseJobs } from '#core/jobs/pause-jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import {
  at,
  audit,
  type AuditedTestJob,
  every,
  HOUR_MS,
  ledgerToAudit,
  MINUTE_MS,
} from '#tests/support/ledger-to-audit.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { admin } from '#tests/support/web.ts';

const { web, sql, plan, countGaps, clock, newJob, live, pauseFor } = ledgerToAudit();

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
    await clock().advance(3 * MINUTE_MS);
    valueOf(await resumeEverything(admin));
    // Nobody plans for an hour.
    await clock().advance(HOUR_MS);
    await live(job, MINUTE_MS);
    await countGaps();
    expect(await audit(job)).toMatchObject({ isEven: true, findings: [], isDeleted: false });
    const ended = clock().now();
    valueOf(await deleteJob(admin, { jobId: job.id, confirmKey: job.key }));
    await clock().advance(HOUR_MS);
    const audited = await audit(job);
    expect(audited).toMatchObject({ isEven: true, findings: [], isDeleted: true });
    const inFirst = Math.floor((14 * MINUTE_MS - 60_000) / 10_000);
    expect(audited.expected).toBeGreaterThan(inFirst);
    // What was missed counts as covered once the run that stands for it has begun.
    const { gap, covered } = audited.buckets;
    expect(gap + covered).toBeGreaterThan(HOUR_MS / 7_000);
    expect(audited.buckets.ran).toBeGreaterThan(0);
    const counts = valueOf(await ledgerCounts(admin, { jobId: job.id, from: job.from, to: ended }));
    expect(counts).toMatchObject({ expected: audited.expected, isEven: true });
  });

  test('also between an edit and the next plan, while ticks wait, and within a pause', async () => {
    const job = await newJob(every(1_000));
    await plan();
    await clock().advance(10_000);
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
    await clock().advance(10_000);
    expect(await audit(job)).toMatchObject({
      isEven: true,
      expected: 15,
      buckets: { waiting: 15 },
    });
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    await clock().advance(10_000);
    // Four of the five that nobody had planned were missed; the pause adds five.
    const paused = await audit(job);
    expect(paused).toMatchObject({ isEven: true, expected: 20, buckets: { held: 11, gap: 9 } });
  });

  test('when a tick that was cancelled ahead of time passes in a pause', async () => {
    const job = await newJob(every(10_000));
    await plan();
    await sql(
      `UPDATE run SET is_live = false, state = 'cancelled', finished_at = now(), cancelled_by = 'Test'
        WHERE is_live AND job_id = $1 AND scheduled_for = $2`,
      [job.id, at(job, 30_000)],
    );
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    await clock().advance(MINUTE_MS);
    expect(await audit(job)).toMatchObject({ isEven: true, buckets: { gap: 6, skipped: 0 } });
    const counts = await ledgerCounts(admin, { jobId: job.id, from: job.from });
    expect(valueOf(counts)).toMatchObject({ expected: 6, paused: 6, cancelled: 0, isEven: true });
  });

  test('of every outcome that a run can have, each in its bucket', async () => {
    const job = await newJob(every(10_000));
    await live(job, 100_000);
    await plan();
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
    await clock().advance(30_000);
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
    await clock().advance(MINUTE_MS);
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
    await plan();
    await sql(`UPDATE job SET planned_until = planned_until + interval '5 min' WHERE id = $1`, [
      job.id,
    ]);
    await clock().advance(HOUR_MS);
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
    await clock().advance(MINUTE_MS);
    const late = clock().now().getTime() - 20_000;
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
    await clock().advance(3 * 24 * HOUR_MS);
    await plan();
    await sql(`DELETE FROM run WHERE job_id = $1 AND scheduled_for < now() - interval '1 day'`, [
      job.id,
    ]);
    const audited = await audit(job);
    expect(audited).toMatchObject({ isEven: true, expected: 24 * 60 });
    expect(Date.parse(audited.from)).toBe(clock().now().getTime() - 24 * HOUR_MS);
  });

  test('what can’t be is refused with the next step', async () => {
    const job = await newJob(every(10_000));
    const ahead = new Date(clock().now().getTime() + HOUR_MS);
    const refused = refusalOf(await auditTicks(admin, { key: job.key, from: ahead }));
    expect(refused.message).toMatch(/begins before it ends, and in the past/);
    const mistyped = `${job.key}x`;
    const unknown = refusalOf(await auditTicks(admin, { key: mistyped, from: job.from }));
    expect(unknown.message).toContain(`There is no job ${mistyped}. Did you mean ${job.key}`);
  });
});

async function countsOf(job: AuditedTestJob) {
  return valueOf(await ledgerCounts(admin, { jobId: job.id, from: job.from }));
}

const ceilTo10s = (instant: Date) => Math.ceil(instant.getTime() / 10_000) * 10_000;
