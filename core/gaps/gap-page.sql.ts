import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Sql } from '../db.ts';
import type { RunState } from '../runs/states.ts';
import type { GapReason } from './reasons.ts';

export type GapToOpen = {
  id: number;
  jobId: number;
  from: Date;
  /** Null while it lasts. */
  to: Date | null;
  reason: GapReason;
  /** The tick whose run stands for all of them. */
  coveredBy: Date | null;
  savedSchedule: unknown;
};

export async function readGapToOpen(sql: Sql, gapId: number): Promise<GapToOpen | undefined> {
  const [gap] = await sql<GapToOpen>(
    `SELECT g.id, g.job_id AS "jobId", lower(g.span) AS "from", upper(g.span) AS "to", g.reason,
            g.covered_by AS "coveredBy", v.definition -> 'schedule' AS "savedSchedule"
       FROM gap g LEFT JOIN revision v ON v.job_id = g.job_id AND v.number = g.revision
      WHERE g.id = $1::int`,
    [gapId],
  );
  await knowCalendars(sql, [gap?.savedSchedule]);
  return gap;
}

export type StandIn = { tickMs: number; id: number; state: RunState };

/** Runs that stand for ticks of a job in [from, to]: of each the latest. */
export async function readStandIns(
  sql: Sql,
  jobId: number,
  from: Date,
  to: Date,
): Promise<StandIn[]> {
  return sql<StandIn>(READ_STAND_INS, [jobId, from.toISOString(), to.toISOString()]);
}

const READ_STAND_INS = `
SELECT DISTINCT ON (r.for_tick) (extract(epoch FROM r.for_tick) * 1000)::bigint AS "tickMs", r.id, r.state
  FROM run r
 WHERE r.is_live IN (true, false) AND r.for_tick IS NOT NULL AND r.job_id = $1::int
   AND r.for_tick >= $2::timestamptz AND r.for_tick <= $3::timestamptz
 ORDER BY r.for_tick, r.scheduled_for DESC, r.id DESC`;

/** The run of a tick, or the one that stands for it. */
export async function readRunOfTick(
  sql: Sql,
  jobId: number,
  at: Date,
): Promise<{ id: number; state: RunState } | undefined> {
  const [run] = await sql<{ id: number; state: RunState }>(
    `SELECT r.id, r.state FROM run r
      WHERE r.is_live IN (true, false) AND r.job_id = $1::int
        AND ((r.trigger = 'tick' AND r.scheduled_for = $2::timestamptz) OR r.for_tick = $2::timestamptz)
      ORDER BY r.scheduled_for DESC, r.id DESC LIMIT 1`,
    [jobId, at.toISOString()],
  );
  return run;
}
