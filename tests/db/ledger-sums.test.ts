import { expect, test } from 'vitest';
import type { z } from 'zod';
import { readLedgerSums, type ReadLedgerSums } from '#core/ledger-sums/read-ledger-sums.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { sumOf } from '#core/runs/outcomes.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { testDefinition } from '#tests/support/jobs.ts';
import {
  audit,
  every,
  HOUR_MS,
  hourOf,
  ledgerToAudit,
  MINUTE_MS,
} from '#tests/support/ledger-to-audit.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { admin, viewer } from '#tests/support/web.ts';

const { sql, clock, newJob, live, pauseFor, countGaps } = ledgerToAudit();

const sums = async (input: z.input<typeof ReadLedgerSums>) =>
  valueOf(await readLedgerSums(viewer, input));

test('a job’s hours add up to what the audit recounts, through pauses and skipped runs', async () => {
  const job = await newJob(every(MINUTE_MS));
  await live(job, 90 * MINUTE_MS);
  await pauseFor(job, 75 * MINUTE_MS);
  await live(job, 30 * MINUTE_MS);
  await sql(
    `UPDATE run SET state = 'skipped', skip_reason = 'overlap', attempt = 0, started_at = NULL, worker_id = NULL
      WHERE id IN (SELECT id FROM run WHERE job_id = $1 AND NOT is_live ORDER BY scheduled_for LIMIT 7)`,
    [job.id],
  );
  const told = await sums({ jobId: job.id, by: 'hour', from: job.from });
  expect(told.periods.map(({ buckets: { ran, skipped, gap } }) => [ran, skipped, gap])).toEqual([
    [16, 0, 0],
    [14, 0, 46],
    [31, 0, 29],
    [52, 7, 0],
  ]);
  expect(told.periods.every(({ unevenJobs }) => unevenJobs === 0)).toBe(true);
  expect(told.periods.map(({ expected }) => expected)).toEqual([16, 60, 60, 59]);
  const audited = await audit(job);
  expect(told.sum).toMatchObject({ expected: audited.expected, buckets: audited.buckets });
});

test('a tick without a row is told with its job and hour, also where another hour has one too many', async () => {
  const job = await newJob(every(MINUTE_MS));
  await live(job, 150 * MINUTE_MS);
  const begin = hourOf(job.from);
  const tick = (minutes: number) => new Date(begin + minutes * MINUTE_MS).toISOString();
  await sql('DELETE FROM run WHERE job_id = $1 AND scheduled_for = $2', [job.id, tick(10)]);
  await sql(
    `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, attempt, started_at, finished_at, queue, kind)
     SELECT false, $1, 1, 'tick', 'succeeded', at, at, 1, at, at, 'default', 'script'
       FROM unnest(ARRAY[$2::timestamptz]) AS at`,
    [job.id, new Date(begin + 130.5 * MINUTE_MS).toISOString()],
  );
  const ofJob = await sums({ jobId: job.id, by: 'hour', from: job.from });
  // As a whole it would add up.
  expect(ofJob.sum.expected).toBe(sumOf(ofJob.sum.buckets));
  expect(ofJob.periods.map(({ unevenJobs }) => unevenJobs)).toEqual([1, 0, 1]);
  expect(ofJob.uneven).toMatchObject([{ key: job.key, missing: 1, tooMany: 1 }]);
  const ofAll = await sums({ by: 'hour', from: job.from });
  expect(ofAll.unevenCount).toBe(1);
  expect(ofAll.uneven[0]).toMatchObject({ key: job.key, to: clock().now().toISOString() });
});

test('days are those of the reader’s zone, months begin on their first', async () => {
  const job = await newJob(every(HOUR_MS));
  await live(job, 3 * HOUR_MS);
  const zoned = await sums({ jobId: job.id, by: 'day', timeZone: 'America/New_York' });
  expect(zoned.periods).toHaveLength(14);
  expect(zoned.periods[0]!.from.slice(11, 16)).toMatch(/0[45]:00/);
  const months = await sums({ jobId: job.id, by: 'month' });
  expect(months.periods).toHaveLength(12);
  expect(months.periods.every(({ from }) => from.endsWith('-01T00:00:00.000Z'))).toBe(true);
  expect(months.sum.expected).toBe(3);
});

test('what isn’t kept any more isn’t held against the schedule', async () => {
  const job = await newJob(every(HOUR_MS), { retentionDays: 1 });
  const longAgo = new Date(clock().now().getTime() - 40 * 24 * HOUR_MS).toISOString();
  await sql('UPDATE job SET created_at = $2 WHERE id = $1', [job.id, longAgo]);
  await sql('UPDATE revision SET created_at = $2 WHERE job_id = $1', [job.id, longAgo]);
  await sql('UPDATE job SET planned_until = now(), replan_from = NULL WHERE id = $1', [job.id]);
  const told = await sums({ jobId: job.id, by: 'day' });
  // A day of ticks without rows, and nothing before.
  expect(told.sum).toMatchObject({ expected: 24 });
  expect(told.uneven).toMatchObject([{ missing: 24 }]);
});

test('who asks for nonsense is told so', async () => {
  const refused = await readLedgerSums(viewer, { from: '2027-02-01', to: '2027-01-01' });
  expect(refused).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
  expect(await readLedgerSums(viewer, { jobId: 999_999 })).toMatchObject({
    refusal: { code: 'not_found' },
  });
  const ahead = await readLedgerSums(viewer, { from: '2099-01-01' });
  expect(ahead).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
  const years = await sums({ by: 'hour', from: '2020-01-01' });
  expect(years.periods.length).toBeLessThanOrEqual(168);
});

test('a month by day of a job that fires every second, most of it paused, and a day by hour of 250 jobs', async () => {
  const job = await newJob(every(1_000), { retentionDays: 3_650 });
  const second = clock().now();
  const fromMs = hourOf(second) - 15 * 24 * HOUR_MS;
  await sql('UPDATE job SET created_at = $2 WHERE id = $1', [job.id, new Date(fromMs - 1)]);
  await sql('UPDATE revision SET created_at = $2 WHERE job_id = $1', [
    job.id,
    new Date(fromMs - 1),
  ]);
  await sql(
    `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, attempt, started_at, finished_at, queue, kind)
     SELECT false, $1, 1, 'tick', 'succeeded', at, at, 1, at, at, 'default', 'script'
       FROM generate_series($2::timestamptz, $3::timestamptz, '1 s') AS at`,
    [job.id, new Date(fromMs), new Date(fromMs + 6 * HOUR_MS - 1_000)],
  );
  await sql(
    `INSERT INTO gap (job_id, revision, span, reason, created_by)
     SELECT $1, 1, tstzrange($2::timestamptz, $3::timestamptz), 'paused', 'Test'`,
    [job.id, new Date(fromMs + 6 * HOUR_MS), new Date(hourOf(second) + 1)],
  );
  await countGaps();
  const schedule: Schedule = { type: 'cron', lines: ['*/5 * * * *'], timeZone: 'Europe/Berlin' };
  await sql(
    `WITH made AS (
       INSERT INTO job (key, revision, kind, queue, has_schedule, planned_until, created_at)
       SELECT 'many-' || n, 1, 'script', 'default', true, now(), now() - interval '2 days'
         FROM generate_series(1, 250) AS n
       RETURNING id
     )
     INSERT INTO revision (job_id, number, definition, created_by, created_at)
     SELECT id, 1, $1::jsonb, 'Test', now() - interval '2 days' FROM made`,
    [JSON.stringify(testDefinition({ schedule }))],
  );
  const day = hourOf(clock().now()) - 23 * HOUR_MS;
  for (let digit = 0; digit < 10; digit++) {
    await sql(
      `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, attempt, started_at,
                        finished_at, queue, kind)
       SELECT false, id, 1, 'tick', CASE WHEN random() < 0.1 THEN 'failed' ELSE 'succeeded' END, at, at, 1, at, at,
              'default', 'script'
         FROM job CROSS JOIN generate_series($1::timestamptz, now(), interval '5 min') AS at WHERE key LIKE 'many-%' || $2::text`,
      [new Date(day), String(digit)],
    );
  }
  await sql('VACUUM ANALYZE run');
  let since = performance.now();
  const month = await sums({ jobId: job.id, by: 'day', from: new Date(fromMs) });
  const monthMs = performance.now() - since;
  expect(month.sum).toMatchObject({ expected: 15 * 86_400 + 1, buckets: { ran: 6 * 3_600 } });
  expect(month.sum.unevenJobs).toBe(0);
  since = performance.now();
  const hours = await sums({ by: 'hour', from: new Date(day) });
  const hoursMs = performance.now() - since;
  expect(hours.periods).toHaveLength(24);
  expect(hours.periods[3]!.buckets.ran).toBeGreaterThanOrEqual(3_000);
  expect(hours.uneven.filter(({ key }) => key.startsWith('many-'))).toEqual([]);
  console.log(
    `a month by day: ${Math.round(monthMs)} ms; 250 jobs by hour: ${Math.round(hoursMs)} ms`,
  );
  expect(monthMs).toBeLessThan(1_000);
  expect(hoursMs).toBeLessThan(2_500);
}, 120_000);

test('a pause without an end counts up to now', async () => {
  const job = await newJob(every(MINUTE_MS));
  await live(job, 10 * MINUTE_MS);
  valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
  await clock().advance(20 * MINUTE_MS);
  const told = await sums({ jobId: job.id, by: 'hour', from: job.from });
  expect(told.sum).toMatchObject({ expected: 30, buckets: { ran: 10, gap: 20 } });
  valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
});
