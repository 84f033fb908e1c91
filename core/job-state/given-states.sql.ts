import type { Sql } from '../db.ts';

export type StateRef = { jobId: number; stateVersion: number };

/** These versions' texts; what isn't kept any more is missing in the answer. */
export async function readStateBodies(
  sql: Sql,
  refs: readonly StateRef[],
): Promise<{ jobId: number; version: number; body: string }[]> {
  return sql(READ_STATE_BODIES, [
    refs.map(({ jobId }) => jobId),
    refs.map(({ stateVersion }) => stateVersion),
  ]);
}

const READ_STATE_BODIES = `
SELECT s.job_id AS "jobId", s.version, s.body
FROM unnest($1::int[], $2::int[]) AS wanted (job_id, version)
JOIN job_state s ON s.job_id = wanted.job_id AND s.version = wanted.version`;
