import type { Sql } from '../db.ts';
import type { JobColumns } from '../jobs/job-columns.ts';
import { overlapsGap } from '../gaps/overlap.sql.ts';

/** A job's row as it stands, and what it is to be reckoned from. */
export type JobToHeal = {
  jobId: number;
  columns: JobColumns;
  revision: number;
  /** The newest one that was saved, and what it says. */
  newestRevision: number;
  definition: unknown;
  plannedUntil: Date;
  replanFrom: Date | null;
  nextTickAt: Date | null;
  isPaused: boolean;
  isEverythingPaused: boolean;
  /** Of the gap of a pause that lasts; null: there is none. */
  openGap: { reason: string; revision: number } | null;
  /**
   * Where ticks count from the end of runs: one that waits so far ahead that nobody would have planned it by this clock, and
   * that no other would come before.
   */
  farTick: Date | null;
  /** By the database's clock. */
  now: Date;
};

/** Jobs after `afterId` in the order of their ids, or these. Deleted ones are left alone. */
export async function readJobsToHeal(
  sql: Sql,
  asked: { afterId: number; limit: number } | { jobIds: readonly number[] },
): Promise<JobToHeal[]> {
  return 'jobIds' in asked
    ? sql<JobToHeal>(
        `${READ_JOBS} WHERE j.deleted_at IS NULL AND j.id = ANY ($1::int[]) ORDER BY j.id`,
        [asked.jobIds],
      )
    : sql<JobToHeal>(
        `${READ_JOBS} WHERE j.deleted_at IS NULL AND j.id > $1::int ORDER BY j.id LIMIT $2::int`,
        [asked.afterId, asked.limit],
      );
}

const READ_JOBS = `
SELECT j.id AS "jobId",
       jsonb_build_object('key', j.key, 'kind', j.kind, 'queue', j.queue, 'owner', j.owner, 'labels', j.labels,
         'hasSchedule', j.has_schedule, 'countsFromEnd', j.counts_from_end,
         'calendar', j.calendar, 'circuit', j.circuit,
         'retentionDays', j.retention_days, 'keepRuns', j.keep_runs,
         'secrets', j.secrets) AS columns,
       j.revision, v.number AS "newestRevision", v.definition,
       j.planned_until AS "plannedUntil", j.replan_from AS "replanFrom", j.next_tick_at AS "nextTickAt",
       j.paused_at IS NOT NULL AS "isPaused", i.paused_at IS NOT NULL AS "isEverythingPaused",
       (SELECT jsonb_build_object('reason', g.reason, 'revision', g.revision) FROM gap g
         WHERE g.job_id = j.id AND upper_inf(g.span)) AS "openGap",
       CASE WHEN j.counts_from_end THEN (
         SELECT max(r.scheduled_for) FROM run_live r
          WHERE r.job_id = j.id AND r.trigger = 'tick' AND r.state = 'queued' AND r.attempt = 0
            AND r.scheduled_for > now() + interval '2 days') END AS "farTick",
       clock_timestamp() AS now
  FROM job j
 CROSS JOIN installation i
 CROSS JOIN LATERAL (
   SELECT number, definition FROM revision WHERE job_id = j.id ORDER BY number DESC LIMIT 1) AS v`;

/** Writes what a job's row is to say; the transaction holds it. */
export async function writeHealed(
  sql: Sql,
  jobId: number,
  row: JobColumns & { revision: number; replanFrom: Date | null; nextTickAt: Date | null },
): Promise<void> {
  await sql(WRITE_HEALED, [
    jobId,
    JSON.stringify(row),
    row.replanFrom?.toISOString() ?? null,
    row.nextTickAt?.toISOString() ?? null,
  ]);
}

const WRITE_HEALED = `
UPDATE job j
   SET kind = w.kind, queue = w.queue, owner = w.owner, labels = w.labels, has_schedule = w."hasSchedule",
       counts_from_end = w."countsFromEnd",
       calendar = w.calendar, circuit = w.circuit, retention_days = w."retentionDays", keep_runs = w."keepRuns",
       secrets = w.secrets, revision = w.revision,
       replan_from = $3::timestamptz, next_tick_at = $4::timestamptz
  FROM jsonb_to_record($2::text::jsonb) AS w (
    kind text, queue text, owner text, labels jsonb, "hasSchedule" boolean, "countsFromEnd" boolean, calendar text, circuit text,
    "retentionDays" int, "keepRuns" int, secrets text[], revision int)
 WHERE j.id = $1::int`;

/** Stretches of lost ticks, [from, to), each under one revision. */
export type LostStretch = { from: Date; to: Date; revision: number };

/** Lets lost ticks stand in gaps; where a gap stands already it stays as it is. */
export async function insertMissedGaps(
  sql: Sql,
  jobId: number,
  stretches: readonly LostStretch[],
  note: string,
): Promise<void> {
  await sql(INSERT_MISSED_GAPS, [
    jobId,
    stretches.map(({ from }) => from.toISOString()),
    stretches.map(({ to }) => to.toISOString()),
    stretches.map(({ revision }) => revision),
    note,
  ]);
}

const INSERT_MISSED_GAPS = `
INSERT INTO gap (job_id, revision, span, reason, note, created_by)
SELECT $1::int, l.revision, piece, 'missed', $5::text, 'Punctual'
  FROM unnest($2::timestamptz[], $3::timestamptz[], $4::int[]) AS l (from_at, to_at, revision)
 CROSS JOIN LATERAL unnest(
   tstzmultirange(tstzrange(l.from_at, l.to_at)) - coalesce((
     SELECT range_agg(g.span) FROM gap g WHERE g.job_id = $1::int AND ${overlapsGap('g', 'l.from_at', 'l.to_at')}
   ), '{}'::tstzmultirange)) AS piece`;

/**
 * Ends the open gap of a job at the first tick that has a run in it: who took the pause out of the job's row had it planned
 * from there on. Without such a run it stays as it is.
 */
export async function cutOpenGapAtFirstRun(sql: Sql, jobId: number): Promise<void> {
  await sql(DROP_OPEN_GAP, [jobId]);
  await sql(CUT_OPEN_GAP, [jobId]);
}

// A tick that a person cancelled ahead of time is the gap's.
const FIRST_RUN = `(
  SELECT min(r.scheduled_for) FROM run r
   WHERE r.is_live IN (true, false) AND r.job_id = g.job_id AND r.trigger = 'tick' AND r.scheduled_for >= lower(g.span)
     AND NOT (r.state = 'cancelled' AND r.attempt = 0 AND r.finished_at < r.scheduled_for))`;

const DROP_OPEN_GAP = `
DELETE FROM gap g WHERE g.job_id = $1::int AND upper_inf(g.span) AND ${FIRST_RUN} <= lower(g.span)`;

const CUT_OPEN_GAP = `
UPDATE gap g SET span = tstzrange(lower(g.span), ${FIRST_RUN})
 WHERE g.job_id = $1::int AND upper_inf(g.span) AND ${FIRST_RUN} IS NOT NULL`;
