import type { Sql } from '../db.ts';

/** Of ticks of jobs, those for which a run stands that succeeded or has yet to end, as `jobId ms`. */
export async function readMadeUpTicks(
  sql: Sql,
  jobs: readonly { jobId: number; ticks: readonly Date[] }[],
): Promise<ReadonlySet<string>> {
  const all = jobs.flatMap(({ jobId, ticks }) => ticks.map((at) => ({ jobId, at })));
  if (all.length === 0) return new Set();
  const rows = await sql<{ jobId: number; ms: number }>(READ_MADE_UP_TICKS, [
    all.map(({ jobId }) => jobId),
    all.map(({ at }) => at.toISOString()),
  ]);
  return new Set(rows.map(({ jobId, ms }) => `${jobId} ${ms}`));
}

const READ_MADE_UP_TICKS = `
SELECT t.job_id AS "jobId", round(extract(epoch FROM t.at) * 1000)::bigint AS ms
  FROM unnest($1::int[], $2::timestamptz[]) AS t (job_id, at)
 WHERE EXISTS (
   SELECT FROM run r
    WHERE r.is_live IN (true, false) AND r.job_id = t.job_id AND r.for_tick = t.at
      AND (r.is_live OR r.state = 'succeeded'))`;
