import type { Sql } from '../db.ts';

/** Writes that everything is paused from an instant on; the transaction holds the installation. */
export async function beginPauseOfAll(
  sql: Sql,
  pause: { from: Date; by: string; reason: string },
): Promise<void> {
  await sql(BEGIN, [pause.from.toISOString(), pause.by, pause.reason]);
}

const BEGIN = `
UPDATE installation SET paused_at = $1::timestamptz, paused_by = $2::text, pause_reason = $3::text WHERE id = 1`;

export async function endPauseOfAll(sql: Sql): Promise<void> {
  await sql(END);
}

const END = `
UPDATE installation
   SET paused_at = NULL, paused_by = NULL, pause_reason = NULL, pause_until = NULL, resume_answer = NULL
 WHERE id = 1`;

/** Gives the pause of everything an end and an answer for then, or takes the end away (null). */
export async function setEndOfPauseOfAll(
  sql: Sql,
  end: { until: string; answer: unknown } | null,
): Promise<void> {
  await sql(SET_END, [end && new Date(end.until).toISOString(), end && JSON.stringify(end.answer)]);
}

const SET_END = `
UPDATE installation SET pause_until = $1::timestamptz, resume_answer = $2::text::jsonb
 WHERE id = 1 AND paused_at IS NOT NULL`;

export type PauseOfAll = {
  pausedAt: Date | null;
  by: string;
  until: Date | null;
  answer: unknown;
  /** By the database's clock, its end has come. */
  isOver: boolean;
  /** In how many ms it comes; null without one. */
  endsInMs: number | null;
};

export async function readPauseOfAll(sql: Sql): Promise<PauseOfAll> {
  const [row] = await sql<PauseOfAll>(READ);
  return row!;
}

const READ = `
SELECT paused_at AS "pausedAt", coalesce(paused_by, '') AS by, pause_until AS until, resume_answer AS answer,
       coalesce(pause_until <= clock_timestamp(), false) AS "isOver",
       (extract(epoch FROM pause_until - clock_timestamp()) * 1000)::double precision AS "endsInMs"
  FROM installation WHERE id = 1`;

/**
 * When the pause of everything ends for jobs where it was to end in the past: then, or where one was made or edited since,
 * at that edit, whose schedule has no say in what was before.
 */
export async function endsOfPauseOfAll(
  sql: Sql,
  jobIds: readonly number[],
  until: Date,
): Promise<{ jobId: number; endedAt: Date }[]> {
  return sql(ENDS, [jobIds, until.toISOString()]);
}

const ENDS = `
SELECT j.id AS "jobId", greatest($2::timestamptz, r.created_at + interval '1 millisecond') AS "endedAt"
  FROM job j JOIN revision r ON r.job_id = j.id AND r.number = j.revision
 WHERE j.id = ANY ($1::int[])`;
