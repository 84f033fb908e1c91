import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Sql } from '../db.ts';
import type { GapReason } from '../gaps/reasons.ts';

/** A pause of a job: its gaps of this reason from this instant on. */
export type PauseOfJob = { jobId: number; since: Date };

/** A gap of a pause; `to` is now while it lasts. */
export type GapOfPause = {
  jobId: number;
  from: Date;
  to: Date;
  /** As counted; null until somebody did. */
  ticks: number | null;
  savedSchedule: unknown;
};

/** The gaps of pauses, those of a job in order: an edit meanwhile makes two of one. */
export async function readGapsOfPauses(
  sql: Sql,
  pauses: readonly PauseOfJob[],
  reason: Extract<GapReason, 'paused' | 'paused_all'>,
): Promise<GapOfPause[]> {
  const gaps = await sql<GapOfPause>(READ_GAPS_OF_PAUSES, [
    pauses.map(({ jobId }) => jobId),
    pauses.map(({ since }) => since.toISOString()),
    reason,
  ]);
  await knowCalendars(
    sql,
    gaps.map(({ savedSchedule }) => savedSchedule),
  );
  return gaps;
}

// The tick of this very millisecond belongs to what is so far.
const READ_GAPS_OF_PAUSES = `
SELECT g.job_id AS "jobId", lower(g.span) AS "from", g.ticks, r.definition -> 'schedule' AS "savedSchedule",
       coalesce(upper(g.span), greatest(lower(g.span), date_trunc('milliseconds', clock_timestamp()) + interval '1 millisecond')) AS "to"
  FROM unnest($1::int[], $2::timestamptz[]) AS p (job_id, since)
  JOIN gap g ON g.job_id = p.job_id AND g.reason = $3::text AND lower(g.span) >= p.since
  JOIN revision r ON r.job_id = g.job_id AND r.number = g.revision
 ORDER BY g.job_id, lower(g.span)`;
