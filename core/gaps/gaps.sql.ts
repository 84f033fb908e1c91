import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Sql } from '../db.ts';

/**
 * Brings the open gaps of jobs in line with what stands in their rows, at `from`: a job that is paused (or all are),
 * has a schedule and isn't deleted has one open gap, for that reason and its current revision; any other open gap ends.
 * Two statements, however many jobs.
 */
export async function switchOpenGaps(
  sql: Sql,
  jobIds: readonly number[],
  from: Date,
): Promise<void> {
  await endOpenGaps(sql, jobIds, from);
  await sql(BEGIN_OPEN_GAPS, [jobIds, from.toISOString()]);
}

async function endOpenGaps(sql: Sql, jobIds: readonly number[], at: Date): Promise<void> {
  const ended = await sql<{ jobId: number; from: Date }>(END_OPEN_GAPS, [jobIds, at.toISOString()]);
  // One that began at this very instant is empty: it goes.
  await sql(DROP_EMPTY_GAPS, [jobIds, at.toISOString()]);
  if (ended.length === 0) return;
  await sql(DROP_CANCELLED_TICKS, [
    ended.map(({ jobId }) => jobId),
    ended.map(({ from }) => from.toISOString()),
    at.toISOString(),
  ]);
}

const WANTED = `
wanted AS (
  SELECT j.id AS job_id, j.revision,
         CASE WHEN j.paused_at IS NOT NULL THEN 'paused' ELSE 'paused_all' END AS reason,
         CASE WHEN j.paused_at IS NOT NULL THEN j.pause_reason ELSE i.pause_reason END AS note,
         CASE WHEN j.paused_at IS NOT NULL THEN j.paused_by ELSE i.paused_by END AS created_by
    FROM job j CROSS JOIN installation i
   WHERE j.id = ANY ($1::int[]) AND j.deleted_at IS NULL AND j.has_schedule
     AND (j.paused_at IS NOT NULL OR i.paused_at IS NOT NULL)
)`;

const IS_NOT_WANTED = `
       g.job_id = ANY ($1::int[]) AND upper_inf(g.span)
   AND NOT EXISTS (
         SELECT FROM wanted w WHERE w.job_id = g.job_id AND w.revision = g.revision AND w.reason = g.reason)`;

const END_OPEN_GAPS = `
WITH ${WANTED}
UPDATE gap g SET span = tstzrange(lower(g.span), $2::timestamptz)
 WHERE ${IS_NOT_WANTED} AND lower(g.span) < $2::timestamptz
RETURNING g.job_id AS "jobId", lower(g.span) AS "from"`;

const DROP_EMPTY_GAPS = `
WITH ${WANTED}
DELETE FROM gap g
 WHERE ${IS_NOT_WANTED} AND lower(g.span) >= $2::timestamptz`;

// A tick that a person cancelled before it was due, and whose time then passed in the gap, is one of the gap's ticks.
const DROP_CANCELLED_TICKS = `
DELETE FROM run r
 USING unnest($1::int[], $2::timestamptz[]) AS ended (job_id, from_at)
 WHERE NOT r.is_live AND r.job_id = ended.job_id AND r.trigger = 'tick' AND r.state = 'cancelled' AND r.attempt = 0
   AND r.scheduled_for >= ended.from_at AND r.scheduled_for < $3::timestamptz
   AND r.finished_at < r.scheduled_for`;

const BEGIN_OPEN_GAPS = `
WITH ${WANTED}
INSERT INTO gap (job_id, revision, span, reason, note, created_by)
SELECT w.job_id, w.revision, tstzrange($2::timestamptz, NULL), w.reason, coalesce(w.note, ''), w.created_by
  FROM wanted w
 WHERE NOT EXISTS (SELECT FROM gap g WHERE g.job_id = w.job_id AND upper_inf(g.span))`;

/** A gap that has ended and whose ticks nobody has counted yet. */
export type UncountedGap = {
  id: number;
  jobId: number;
  /** First instant in the gap, and the first after it. */
  from: Date;
  to: Date;
  /** Schedule of the revision that the gap names, as it was saved. */
  savedSchedule: unknown;
};

/** The oldest uncounted gaps; several workers may take the same, which costs time and nothing else. */
export async function readUncountedGaps(
  sql: Sql,
  { limit, asideIds }: { limit: number; asideIds: readonly number[] },
): Promise<UncountedGap[]> {
  const gaps = await sql<UncountedGap>(READ_UNCOUNTED_GAPS, [limit, asideIds]);
  await knowCalendars(
    sql,
    gaps.map(({ savedSchedule }) => savedSchedule),
  );
  return gaps;
}

const IS_UNCOUNTED = 'g.ticks IS NULL AND NOT upper_inf(g.span)';

export const ANY_UNCOUNTED_GAP = `EXISTS (SELECT FROM gap g WHERE ${IS_UNCOUNTED})`;

const READ_UNCOUNTED_GAPS = `
SELECT g.id, g.job_id AS "jobId", lower(g.span) AS "from", upper(g.span) AS "to",
       r.definition -> 'schedule' AS "savedSchedule"
  FROM gap g
  JOIN revision r ON r.job_id = g.job_id AND r.number = g.revision
 WHERE ${IS_UNCOUNTED} AND g.id <> ALL ($2::int[])
 ORDER BY g.id
 LIMIT $1::int`;

/** Writes how many ticks gaps hold; the returned ones were still uncounted, and ended where they were counted to. */
export async function setTicksIfUncounted(
  sql: Sql,
  counts: readonly { id: number; to: Date; ticks: number }[],
): Promise<{ id: number; jobId: number }[]> {
  return sql(SET_TICKS_IF_UNCOUNTED, [
    counts.map(({ id }) => id),
    counts.map(({ ticks }) => ticks),
    counts.map(({ to }) => to.toISOString()),
  ]);
}

const SET_TICKS_IF_UNCOUNTED = `
UPDATE gap g SET ticks = c.ticks
  FROM unnest($1::int[], $2::bigint[], $3::timestamptz[]) AS c (id, ticks, to_at)
 WHERE g.id = c.id AND g.ticks IS NULL AND upper(g.span) = c.to_at
RETURNING g.id, g.job_id AS "jobId"`;
