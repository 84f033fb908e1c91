import { describe, expect, test } from 'vitest';
import { editJob } from '#core/jobs/edit-job.ts';
import { ledgerCounts } from '#core/jobs/ledger-counts.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { listRevisions, readDefinition, readJob } from '#core/jobs/read-job.ts';
import { fires } from '#core/schedules/fixtures/of-schedule.ts';
import { makeJob } from '../support/jobs.ts';
import { insertRun } from '../support/ledger.ts';
import { admin, viewer, webDatabase } from '../support/web.ts';

const { db } = webDatabase();
const MINUTE_MS = 60_000;

describe('a job’s page', () => {
  test('has its definition, who saved it, and how reliable it was', async () => {
    const job = await makeJob(db(), { key: 'nightly', notes: 'Look at the disk first.' });
    for (let n = 1; n <= 10; n++) {
      const state = n === 3 ? 'failed' : n === 4 ? 'skipped' : n === 5 ? 'cancelled' : 'succeeded';
      await insertRun(db().sql, { jobId: job.id, state, at: Date.now() - n * MINUTE_MS });
    }
    const outcome = await readJob(viewer, 'nightly');
    expect(outcome).toMatchObject({
      value: {
        key: 'nightly',
        state: 'healthy',
        definition: { notes: 'Look at the disk first.' },
        savedBy: 'Test',
        reliability: { succeeded: 7, finished: 8, days: 90 },
        deletedAt: null,
      },
    });
    expect(await readJob(viewer, 'nightlie')).toMatchObject({ refusal: { code: 'not_found' } });
  });

  test('of a deleted job stays, until another has its key', async () => {
    const old = await makeJob(db(), { key: 'reused' });
    await db().sql('UPDATE job SET deleted_at = now() WHERE id = $1', [old.id]);
    expect(await readJob(viewer, 'reused')).toMatchObject({
      value: { id: old.id, deletedAt: expect.any(String), nextTickAt: null },
    });
    const next = await makeJob(db(), { key: 'reused' });
    expect(await readJob(viewer, 'reused')).toMatchObject({ value: { id: next.id } });
  });

  test('lists its revisions, and reads any of them', async () => {
    const job = await makeJob(db(), { key: 'edited' });
    const edited = await editJob(admin, {
      jobId: job.id,
      basedOnRevision: 1,
      definition: { ...job.definition, owner: 'Ada' },
      note: 'has an owner now',
    });
    expect(edited.ok).toBe(true);
    expect(await listRevisions(viewer, 'edited')).toMatchObject({
      value: [
        { number: 2, note: 'has an owner now', savedBy: 'Test', isCurrent: true },
        { number: 1, isCurrent: false },
      ],
    });
    expect(await readDefinition(viewer, 'edited')).toMatchObject({
      value: { number: 2, definition: { owner: 'Ada' } },
    });
    expect(await readDefinition(viewer, 'edited', 1)).toMatchObject({
      value: { number: 1, definition: { owner: '' } },
    });
    for (const revision of [3, 0, -1, 1.5, 2 ** 40]) {
      expect(await readDefinition(viewer, 'edited', revision)).toMatchObject({
        refusal: { code: 'not_found' },
      });
    }
  });
});

async function jobSince(from: Date, overrides: Parameters<typeof makeJob>[1]) {
  const job = await makeJob(db(), { ...overrides, createdAt: from });
  await db().sql('UPDATE revision SET created_at = $1 WHERE job_id = $2', [from, job.id]);
  return job;
}

describe('every tick is accounted for', () => {
  const schedule = {
    type: 'cron' as const,
    lines: ['*/5 * * * *', '0 2 * * *'],
    timeZone: 'Europe/Berlin',
  };

  test('by rows and gaps, against what the schedule should have fired', async () => {
    const from = new Date(Date.now() - 26 * 60 * MINUTE_MS);
    const job = await jobSince(from, { schedule });
    const gapFrom = new Date(from.getTime() + 600 * MINUTE_MS);
    const gapTo = new Date(from.getTime() + 700 * MINUTE_MS);
    await db().sql(
      `INSERT INTO gap (job_id, revision, span, reason) VALUES ($1, 1, tstzrange($2, $3), 'missed')`,
      [job.id, gapFrom, gapTo],
    );
    const counted = { ran: 0, skipped: 0, cancelled: 0, missed: 0 };
    let last = from;
    let n = 0;
    for (const { at } of fires(schedule, { after: from, until: new Date() })) {
      last = at;
      if (at >= gapFrom && at < gapTo) {
        counted.missed += 1;
        continue;
      }
      const kind = n % 11 === 3 ? 'skipped' : n % 13 === 5 ? 'cancelled' : 'ran';
      n += 1;
      counted[kind] += 1;
      await insertRun(db().sql, {
        jobId: job.id,
        at: at.getTime(),
        state: kind === 'ran' ? (n % 7 === 0 ? 'failed' : 'succeeded') : kind,
        attempt: kind === 'ran' ? 1 : 0,
      });
    }
    await insertRun(db().sql, { jobId: job.id, trigger: 'manual', at: last.getTime() });
    await db().sql('UPDATE job SET planned_until = $1 WHERE id = $2', [last, job.id]);
    const all = await ledgerCounts(viewer, {
      jobId: job.id,
      from,
      to: new Date(last.getTime() + 1),
    });
    expect(all).toMatchObject({
      value: {
        ...counted,
        expected: Object.values(counted).reduce((a, b) => a + b),
        paused: 0,
        waiting: 0,
        isEven: true,
      },
    });
    // Any part of it adds up too, also one that cuts through the gap.
    for (const minutes of [30, 610, 650, 1_000]) {
      const part = await ledgerCounts(viewer, {
        jobId: job.id,
        from: new Date(from.getTime() + 11 * MINUTE_MS),
        to: new Date(from.getTime() + minutes * MINUTE_MS),
      });
      expect(part).toMatchObject({ value: { isEven: true } });
    }
    await db().sql(`DELETE FROM run WHERE job_id = $1 AND is_live = false AND scheduled_for = $2`, [
      job.id,
      last,
    ]);
    // Control: a tick that is missing is noticed.
    const short = await ledgerCounts(viewer, {
      jobId: job.id,
      from,
      to: new Date(last.getTime() + 1),
    });
    expect(short).toMatchObject({ value: { isEven: false } });
  });

  test('across edits and pauses', async () => {
    const from = new Date(Date.now() - 100 * MINUTE_MS);
    const everyMinute = { ...schedule, lines: ['* * * * *'] };
    const job = await jobSince(from, { schedule: everyMinute });
    await pauseJobs(admin, { jobIds: [job.id], reason: 'freeze' });
    await editJob(admin, {
      jobId: job.id,
      basedOnRevision: 1,
      definition: { ...job.definition, schedule: { ...schedule, lines: ['*/2 * * * *'] } },
      note: '',
    });
    const paused = await ledgerCounts(viewer, { jobId: job.id, from });
    expect(paused).toMatchObject({ value: { isEven: true, expected: 100, ran: 0 } });
    await resumeJobs(admin, { jobIds: [job.id] });
    expect(await ledgerCounts(viewer, { jobId: job.id, from })).toMatchObject({
      value: { isEven: true },
    });
  });

  test('also what passed while no worker was there to plan it', async () => {
    const from = new Date(Date.now() - 30 * MINUTE_MS);
    const job = await jobSince(from, { schedule: { ...schedule, lines: ['* * * * *'] } });
    await db().sql(
      `INSERT INTO gap (job_id, revision, span, reason) VALUES ($1, 1, tstzrange($2, $3), 'missed')`,
      [job.id, from, new Date(from.getTime() + 10 * MINUTE_MS)],
    );
    expect(await ledgerCounts(viewer, { jobId: job.id, from })).toMatchObject({
      value: { isEven: true, expected: 30, missed: 10, waiting: 20 },
    });
  });
});
