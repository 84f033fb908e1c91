import type { Sql } from '../db.ts';
import { STATES_KEPT } from './limits.ts';

export type StateVersionRow = {
  version: number;
  bytes: number;
  /** The run that wrote it, and the tick that it stood for; null: a person did. */
  runId: number | null;
  tick: Date | null;
  writtenBy: string | null;
  reason: string;
  restoredFrom: number | null;
  writtenAt: Date;
};

export type ProgressRow = {
  coveredUntil: Date | null;
  coveredBy: number | null;
  stateVersion: number;
};

/** How far the job has come; undefined before its first success and first edit of the state. */
export async function readProgress(sql: Sql, jobId: number): Promise<ProgressRow | undefined> {
  const [row] = await sql<ProgressRow>(
    `SELECT covered_until AS "coveredUntil", covered_by AS "coveredBy", state_version AS "stateVersion"
       FROM job_progress WHERE job_id = $1::int`,
    [jobId],
  );
  return row;
}

/** Newest first. */
export async function readStateVersions(sql: Sql, jobId: number): Promise<StateVersionRow[]> {
  return sql<StateVersionRow>(
    `SELECT version, octet_length(body) AS bytes, run_id AS "runId", tick, written_by AS "writtenBy", reason,
            restored_from AS "restoredFrom", written_at AS "writtenAt"
       FROM job_state WHERE job_id = $1::int ORDER BY version DESC LIMIT ${STATES_KEPT}`,
    [jobId],
  );
}

export async function readStateBody(
  sql: Sql,
  jobId: number,
  version: number,
): Promise<string | undefined> {
  const [row] = await sql<{ body: string }>(
    'SELECT body FROM job_state WHERE job_id = $1::int AND version = $2::int',
    [jobId, version],
  );
  return row?.body;
}

/** The versions that a run wrote; none when its state wasn't kept, or wasn't changed. */
export async function readStateOfRun(
  sql: Sql,
  jobId: number,
  runId: number,
): Promise<number | null> {
  const [row] = await sql<{ version: number }>(
    `SELECT version FROM job_state WHERE job_id = $1::int AND run_id = $2::bigint
      ORDER BY version DESC LIMIT 1`,
    [jobId, runId],
  );
  return row?.version ?? null;
}

export type EditedState = {
  jobId: number;
  /** The version that was edited, 0 where there was none; null: whichever is the newest is written over. */
  basedOn: number | null;
  body: string;
  writtenBy: string;
  reason: string;
  restoredFrom: number | null;
};

/** @returns the new version; null when another one was written meanwhile, and nothing is changed */
export async function writeStateIfStillAt(
  sql: Sql,
  { jobId, basedOn, body, writtenBy, reason, restoredFrom }: EditedState,
): Promise<number | null> {
  const [row] = await sql<{ version: number }>(WRITE_STATE, [
    jobId,
    basedOn,
    body,
    writtenBy,
    reason,
    restoredFrom,
  ]);
  return row?.version ?? null;
}

// The row of progress is locked first: the end of an attempt that is given an earlier version waits, and then finds
// that a person has written since.
const WRITE_STATE = `
WITH moved AS (
  INSERT INTO job_progress AS p (job_id, state_version, edited_version)
  VALUES ($1::int, 1, 1)
  ON CONFLICT (job_id) DO UPDATE
  SET state_version = p.state_version + 1, edited_version = p.state_version + 1
  WHERE $2::int IS NULL OR p.state_version = $2::int
  RETURNING job_id, state_version
), written AS (
  INSERT INTO job_state (job_id, version, body, written_by, reason, restored_from)
  SELECT job_id, state_version, $3::text, $4::text, $5::text, $6::int FROM moved
  RETURNING job_id, version
), forgotten AS (
  DELETE FROM job_state s USING written
  WHERE s.job_id = written.job_id AND s.version <= written.version - ${STATES_KEPT}
)
SELECT version FROM written`;
