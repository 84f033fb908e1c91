import type { Sql } from '#core/db.ts';
import { nextFire } from '#core/schedules/fixtures/of-schedule.ts';
import { testDefinition, type TestJob, type TestJobOverrides } from './jobs.ts';

/** As `makeJob`, in a database of an older schema: with the columns that jobs have had all along. */
export async function makeOlderJob(
  db: { sql: Sql },
  overrides: TestJobOverrides = {},
): Promise<TestJob> {
  const definition = testDefinition(overrides);
  const { key, work, queue, schedule } = definition;
  const [clock] = await db.sql<{ now: Date }>('SELECT clock_timestamp() AS now');
  const [job] = await db.sql<{ id: number }>(
    `WITH made AS (
       INSERT INTO job (key, revision, kind, queue, owner, has_schedule, planned_until, next_tick_at, created_at)
       VALUES ($1::text, 1, $2::text, $3::text, '', $4::boolean, $5::timestamptz, $6::timestamptz, $5::timestamptz)
       RETURNING id
     ), revised AS (
       INSERT INTO revision (job_id, number, definition, created_by, created_at)
       SELECT id, 1, $7::jsonb, 'Test', $5::timestamptz FROM made
     )
     SELECT id FROM made`,
    [
      key,
      work.kind,
      queue,
      schedule.type !== 'manual',
      clock!.now.toISOString(),
      nextFire(schedule, clock!.now)?.at.toISOString() ?? null,
      JSON.stringify(definition),
    ],
  );
  return { id: job!.id, key, revision: 1, definition };
}
