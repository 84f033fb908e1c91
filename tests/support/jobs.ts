import type { Sql } from '#core/db.ts';
import { JobDefinition, type JobDefinitionInput } from '#core/jobs/definition.ts';
import { jobColumns } from '#core/jobs/job-columns.ts';
import { nextFire } from '#core/schedules/fixtures/of-schedule.ts';

export type TestJob = { id: number; key: string; revision: number; definition: JobDefinition };

/** What may differ from a manual script that succeeds at once; `createdAt` is also where its planning begins. */
export type TestJobOverrides = Partial<JobDefinitionInput> & {
  createdAt?: Date;
  isSample?: boolean;
};

let made = 0;

/** Inserts a valid job with its first revision; the queues that the migration seeds are there for it. */
export async function makeJob(
  db: { sql: Sql },
  overrides: TestJobOverrides = {},
): Promise<TestJob> {
  const definition = testDefinition(overrides);
  const columns = jobColumns(definition);
  const [clock] = await db.sql<{ now: Date }>('SELECT clock_timestamp() AS now');
  const createdAt = overrides.createdAt ?? clock!.now;
  const [job] = await db.sql<{ id: number }>(
    `WITH made AS (
       INSERT INTO job (key, revision, kind, queue, owner, labels, has_schedule, is_sample, retention_days,
                        planned_until, next_tick_at, created_at, circuit, counts_from_end, secrets, keep_runs)
       VALUES ($1::text, 1, $2::text, $3::text, $4::text, $5::jsonb, $6::boolean, $7::boolean, $8::int,
               $9::timestamptz, $10::timestamptz, $9::timestamptz, $12::text, $13::boolean, $14::text[], $15::int)
       RETURNING id
     ), revised AS (
       INSERT INTO revision (job_id, number, definition, created_by, created_at)
       SELECT id, 1, $11::jsonb, 'Test', $9::timestamptz FROM made
     )
     SELECT id FROM made`,
    [
      columns.key,
      columns.kind,
      columns.queue,
      columns.owner,
      JSON.stringify(columns.labels),
      columns.hasSchedule,
      overrides.isSample ?? false,
      columns.retentionDays,
      createdAt.toISOString(),
      nextFire(definition.schedule, createdAt)?.at.toISOString() ?? null,
      JSON.stringify(definition),
      columns.circuit,
      columns.countsFromEnd,
      columns.secrets,
      columns.keepRuns,
    ],
  );
  return { id: job!.id, key: definition.key, revision: 1, definition };
}

/** A valid definition with a key of its own. */
export function testDefinition(overrides: TestJobOverrides = {}): JobDefinition {
  const { createdAt: _createdAt, isSample: _isSample, ...given } = overrides;
  made += 1;
  return JobDefinition.parse({
    key: `job-${process.pid}-${made}`,
    work: { kind: 'script', interpreter: 'sh', text: 'true' },
    schedule: { type: 'manual' },
    mayRunTwice: false,
    retry: {},
    ...given,
  });
}
