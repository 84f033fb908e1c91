import type { Sql } from '../db.ts';

/** Ticks of jobs in stretches, [from, to), for which a run stands that succeeded or has yet to end: ms, by job. */
export async function readMadeUpTicks(
  sql: Sql,
  stretches: readonly { jobId: number; from: Date; to: Date }[],
): Promise<ReadonlyMap<number, ReadonlySet<number>>> {
  if (stretches.length === 0) return new Map();
  const rows = await sql<{ jobId: number; ticks: number[] }>(READ_MADE_UP_TICKS, [
    stretches.map(({ jobId }) => jobId),
    stretches.map(({ from }) => from.toISOString()),
    stretches.map(({ to }) => to.toISOString()),
  ]);
  return new Map(rows.map(({ jobId, ticks }) => [jobId, new Set(ticks)]));
}

const READ_MADE_UP_TICKS = `
SELECT s.job_id AS "jobId",
       jsonb_agg(DISTINCT round(extract(epoch FROM r.for_tick) * 1000)::bigint) AS ticks
  FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) AS s (job_id, from_at, to_at)
  JOIN run r ON r.is_live IN (true, false) AND r.job_id = s.job_id
            AND r.for_tick >= s.from_at AND r.for_tick < s.to_at
            AND (r.is_live OR r.state = 'succeeded')
 GROUP BY s.job_id`;
