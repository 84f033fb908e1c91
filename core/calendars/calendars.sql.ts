import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';

/** One revision of one calendar. */
export type CalendarRevisionId = { key: string; revision: number };

export async function readCalendarRevisions(
  sql: Sql,
  asked: readonly CalendarRevisionId[],
): Promise<(CalendarRevisionId & { definition: unknown })[]> {
  return sql(READ_CALENDAR_REVISIONS, [
    asked.map(({ key }) => key),
    asked.map(({ revision }) => revision),
  ]);
}

const READ_CALENDAR_REVISIONS = `
SELECT r.calendar_key AS key, r.number AS revision, r.definition
  FROM unnest($1::text[], $2::int[]) AS asked (key, number)
  JOIN calendar_revision r ON r.calendar_key = asked.key AND r.number = asked.number`;

/** The newest revision of a calendar that isn't deleted, or null. */
export async function readCurrentRevision(sql: Sql, key: string): Promise<number | null> {
  const [row] = await sql<{ revision: number }>(
    'SELECT revision FROM calendar WHERE key = $1::text AND deleted_at IS NULL',
    [key],
  );
  return row?.revision ?? null;
}

export async function readCalendarKeys(sql: Sql): Promise<string[]> {
  const rows = await sql<{ key: string }>(
    'SELECT key FROM calendar WHERE deleted_at IS NULL ORDER BY key LIMIT 50',
  );
  return rows.map(({ key }) => key);
}

/** Jobs whose schedule names the calendar, by key; deleted ones don't. */
export async function readJobsUsing(sql: Sql, key: string): Promise<{ id: number; key: string }[]> {
  return sql(
    'SELECT id, key FROM job WHERE calendar = $1::text AND deleted_at IS NULL ORDER BY key',
    [key],
  );
}

export type CalendarUse = {
  key: string;
  /** The schedule of its newest revision, as saved. */
  schedule: unknown;
  nextTickAt: Date | null;
  isPaused: boolean;
};

/** The jobs of a scope that use a calendar with what they make of it, by key, at most so many. */
export async function readUses(
  sql: Sql,
  key: string,
  most: number,
  scope: Scope,
): Promise<CalendarUse[]> {
  return sql(READ_USES, [key, most, scopeParameter(scope)]);
}

const READ_USES = `
SELECT j.key, v.definition -> 'schedule' AS schedule, j.next_tick_at AS "nextTickAt",
       j.paused_at IS NOT NULL AS "isPaused"
  FROM job j JOIN revision v ON v.job_id = j.id AND v.number = j.revision
 WHERE j.calendar = $1::text AND j.deleted_at IS NULL AND ${inScope('j.labels', '$3')}
 ORDER BY j.key LIMIT $2::int`;

/** The current schedules of jobs, as saved. */
export async function readSchedulesOf(
  sql: Sql,
  jobIds: readonly number[],
): Promise<{ jobId: number; schedule: unknown }[]> {
  return sql(READ_SCHEDULES_OF, [jobIds]);
}

const READ_SCHEDULES_OF = `
SELECT j.id AS "jobId", v.definition -> 'schedule' AS schedule
  FROM job j JOIN revision v ON v.job_id = j.id AND v.number = j.revision
 WHERE j.id = ANY ($1::int[])`;

/**
 * Makes a revision of each job that names another revision of its calendar and says the same otherwise; it counts from
 * the instant after `last`. However many jobs, one statement.
 */
export async function repinJobs(
  sql: Sql,
  jobs: readonly { jobId: number; nextTickAt: Date | null }[],
  { revision, note, by, last }: { revision: number; note: string; by: string; last: Date },
): Promise<{ jobId: number; revision: number }[]> {
  return sql(REPIN_JOBS, [
    jobs.map(({ jobId }) => jobId),
    jobs.map(({ nextTickAt }) => nextTickAt?.toISOString() ?? null),
    revision,
    note,
    by,
    last.toISOString(),
  ]);
}

const REPIN_JOBS = `
WITH made AS (
  INSERT INTO revision (job_id, number, definition, note, created_by, created_at)
  SELECT j.id, j.revision + 1, jsonb_set(v.definition, '{schedule,calendar,revision}', to_jsonb($3::int)),
         $4::text, $5::text, $6::timestamptz
    FROM unnest($1::int[]) AS asked (job_id)
    JOIN job j ON j.id = asked.job_id
    JOIN revision v ON v.job_id = j.id AND v.number = j.revision
  RETURNING job_id, number
)
UPDATE job j SET revision = made.number, next_tick_at = next.at
  FROM made, unnest($1::int[], $2::timestamptz[]) AS next (job_id, at)
 WHERE j.id = made.job_id AND next.job_id = made.job_id
RETURNING j.id AS "jobId", j.revision`;

/** Of these jobs, those with ticks at or after `from` that a person cancelled before they were due. */
export async function readJobsWithCancelledTicks(
  sql: Sql,
  jobIds: readonly number[],
  from: Date,
): Promise<number[]> {
  const rows = await sql<{ jobId: number }>(READ_JOBS_WITH_CANCELLED_TICKS, [
    jobIds,
    from.toISOString(),
  ]);
  return rows.map(({ jobId }) => jobId);
}

const READ_JOBS_WITH_CANCELLED_TICKS = `
SELECT DISTINCT job_id AS "jobId" FROM run
 WHERE NOT is_live AND job_id = ANY ($1::int[]) AND trigger = 'tick' AND state = 'cancelled' AND attempt = 0
   AND scheduled_for >= $2::timestamptz`;
