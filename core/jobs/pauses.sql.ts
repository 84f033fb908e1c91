import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';

/** Writes the pause into the rows of jobs. */
export async function beginPauses(
  sql: Sql,
  jobIds: readonly number[],
  pause: { from: Date; by: string; reason: string; evidence: unknown },
): Promise<void> {
  await sql(BEGIN_PAUSES, [
    jobIds,
    pause.from.toISOString(),
    pause.by,
    pause.reason,
    pause.evidence === null ? null : JSON.stringify(pause.evidence),
  ]);
}

const BEGIN_PAUSES = `
UPDATE job
   SET paused_at = $2::timestamptz, paused_by = $3::text, pause_reason = $4::text, pause_evidence = $5::text::jsonb,
       updated_at = now()
 WHERE id = ANY ($1::int[])`;

/**
 * Takes the pause from the rows of jobs, with its end and the answer for then. Whoever resumes has answered for what went
 * wrong so far: it pauses the job no more.
 */
export async function endPauses(sql: Sql, jobIds: readonly number[]): Promise<void> {
  await sql(END_PAUSES, [jobIds]);
}

const END_PAUSES = `
UPDATE job
   SET paused_at = NULL, paused_by = NULL, pause_reason = NULL, pause_until = NULL, resume_answer = NULL,
       pause_evidence = NULL, failures_from = clock_timestamp(), updated_at = now()
 WHERE id = ANY ($1::int[])`;

/** A job whose pause is over and that nobody has resumed yet. */
export type OverduePause = { jobId: number };

/** The longest overdue first; several workers may read the same, and the first to lock them resumes them. */
export async function readOverduePauses(
  sql: Sql,
  { limit, asideIds }: { limit: number; asideIds: readonly number[] },
): Promise<OverduePause[]> {
  return sql<OverduePause>(READ_OVERDUE_PAUSES, [limit, asideIds]);
}

const READ_OVERDUE_PAUSES = `
SELECT id AS "jobId"
  FROM job
 WHERE pause_until <= now() AND deleted_at IS NULL AND id <> ALL ($2::int[])
 ORDER BY pause_until
 LIMIT $1::int`;

/** In how many ms the next pause ends; null when none does by itself. */
export async function nextPauseEndsInMs(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ inMs: number | null }>(NEXT_PAUSE_ENDS);
  return row?.inMs ?? null;
}

export const NEXT_PAUSE_ENDS = `
SELECT (extract(epoch FROM min(pause_until) - clock_timestamp()) * 1000)::double precision AS "inMs"
  FROM job WHERE pause_until IS NOT NULL AND deleted_at IS NULL`;

export type TimedPause = {
  until: Date | null;
  /** From when on ticks are planned by the job's current revision. */
  revisionFrom: Date;
  by: string;
  answer: unknown;
  /** By the database's clock, its end has come. */
  isOver: boolean;
};

/** Of a job that the transaction holds. */
export async function readTimedPause(sql: Sql, jobId: number): Promise<TimedPause> {
  const [row] = await sql<TimedPause>(READ_TIMED_PAUSE, [jobId]);
  return row!;
}

const READ_TIMED_PAUSE = `
SELECT j.pause_until AS until, coalesce(j.paused_by, '') AS by, j.resume_answer AS answer,
       coalesce(j.pause_until <= clock_timestamp(), false) AS "isOver",
       r.created_at + interval '1 millisecond' AS "revisionFrom"
  FROM job j JOIN revision r ON r.job_id = j.id AND r.number = j.revision
 WHERE j.id = $1::int`;

/** Gives pauses of paused jobs an end and an answer for then, or takes the end away (null). */
export async function setPauseEnds(
  sql: Sql,
  jobIds: readonly number[],
  end: { until: string; answer: unknown } | null,
): Promise<void> {
  await sql(SET_PAUSE_ENDS, [
    jobIds,
    end && new Date(end.until).toISOString(),
    end && JSON.stringify(end.answer),
  ]);
}

const SET_PAUSE_ENDS = `
UPDATE job SET pause_until = $2::timestamptz, resume_answer = $3::text::jsonb, updated_at = now()
 WHERE id = ANY ($1::int[]) AND paused_at IS NOT NULL`;

/** Those of the jobs that are paused and fire; null: those that the pause of everything holds. Only what the scope tells of. */
export async function readPausedJobs(
  sql: Sql,
  jobIds: readonly number[] | null,
  scope: Scope,
): Promise<{ jobId: number; key: string; since: Date }[]> {
  return sql(READ_PAUSED_JOBS, [jobIds, scopeParameter(scope)]);
}

const READ_PAUSED_JOBS = `
SELECT j.id AS "jobId", j.key, CASE WHEN $1::int[] IS NULL THEN i.paused_at ELSE j.paused_at END AS since
  FROM job j CROSS JOIN installation i
 WHERE j.deleted_at IS NULL AND j.has_schedule AND ${inScope('j.labels', '$2')}
   AND CASE WHEN $1::int[] IS NULL THEN j.paused_at IS NULL AND i.paused_at IS NOT NULL
            ELSE j.id = ANY ($1::int[]) AND j.paused_at IS NOT NULL END
 ORDER BY j.id`;
