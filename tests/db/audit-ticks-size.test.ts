import { expect, test } from 'vitest';
import { auditTicks, type TickAudit } from '#core/audit-ticks/audit-ticks.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { testDefinition } from '#tests/support/jobs.ts';
import { audit, every, HOUR_MS, hourOf, ledgerToAudit } from '#tests/support/ledger-to-audit.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { admin } from '#tests/support/web.ts';

const { sql, clock, newJob, live, pauseFor } = ledgerToAudit();

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

test('more ticks than are looked at together are compared all the same, also where two looks meet', async () => {
  const [job, ticks] = [await newJob(every(1_000)), 120_000];
  const beginMs = hourOf(job.from) - ticks * 1_000;
  const begin = new Date(beginMs + 5).toISOString();
  await sql('UPDATE job SET created_at = $2 WHERE id = $1', [job.id, begin]);
  await sql('UPDATE revision SET created_at = $2 WHERE job_id = $1', [job.id, begin]);
  await sql(
    `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, attempt, started_at,
                      finished_at, queue, kind)
     SELECT false, $1, 1, 'tick', 'succeeded', at, at, 1, at, at, 'default', 'script'
       FROM generate_series($2::timestamptz, $3::timestamptz, '1 s') AS at`,
    [job.id, new Date(beginMs + 1_000).toISOString(), new Date(hourOf(job.from)).toISOString()],
  );
  const asked = { key: job.key, from: new Date(beginMs) };
  expect(await audit(asked)).toMatchObject({ isEven: true, expected: ticks });
  // Two of the three looks meet after a third of the time.
  const instant = (n: number) => new Date(beginMs + n * 1_000).toISOString();
  const gone: [number, number][] = [
    [7, 7],
    [ticks / 3 - 5, ticks / 3 + 5],
    [ticks, ticks],
  ];
  for (const [first, last] of gone) {
    await sql('DELETE FROM run WHERE job_id = $1 AND scheduled_for BETWEEN $2 AND $3', [
      job.id,
      instant(first),
      instant(last),
    ]);
  }
  expect((await audit(asked)).findings).toEqual(
    gone.map(([first, last]) => ({
      kind: 'missing',
      from: instant(first),
      to: instant(last),
      ticks: last - first + 1,
    })),
  );
});

test('250 jobs over a day, 72,000 ticks, take a second or two', async () => {
  await clock().advance(HOUR_MS);
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
  const [now, ticks] = [clock().now().toISOString(), 'generate_series($1::timestamptz, $2, $3)'];
  const day = new Date(hourOf(clock().now()) - 24 * HOUR_MS).toISOString();
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
  const from = new Date(clock().now().getTime() - 24 * HOUR_MS);
  const since = performance.now();
  const audited: TickAudit = valueOf(await auditTicks(admin, { from }));
  const tookMs = performance.now() - since;
  const many = audited.jobs.filter(({ key }) => key.startsWith('many-'));
  expect(many).toHaveLength(250);
  expect(many.every(({ isEven, expected }) => isEven && expected === 288)).toBe(true);
  expect(tookMs).toBeLessThan(2_500);
});
