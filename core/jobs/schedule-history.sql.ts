import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Sql } from '../db.ts';
import type { GapReason } from '../gaps/reasons.ts';
import { overlapsGap } from '../gaps/overlap.sql.ts';

/** When a job had which schedule, where its planning stands, and the gaps that reach into the stretch. */
export type ScheduleHistory = {
  jobId: number;
  deletedAt: Date | null;
  plannedUntil: Date;
  replanFrom: Date | null;
  /** Those that were current at some time in the stretch, in order; schedules as saved. */
  revisions: { number: number; savedAt: Date; schedule: unknown }[];
  gaps: {
    id: number;
    revision: number;
    from: Date;
    /** Null: it lasts. */
    to: Date | null;
    reason: GapReason;
    ticks: number | null;
    schedule: unknown;
    /** Ticks of it, in epoch ms, for which a run stands that has begun. */
    madeUp: readonly number[];
    /** The run that stands for all its ticks: it has begun, or still may; null where there is none, or it never will. */
    cover: 'begun' | 'awaited' | null;
  }[];
};

type HistoryRow = Omit<ScheduleHistory, 'revisions' | 'gaps'> & {
  revisions: { number: number; savedMs: number; schedule: unknown }[] | null;
  gaps:
    | (Omit<ScheduleHistory['gaps'][number], 'from' | 'to'> & {
        fromMs: number;
        toMs: number | null;
      })[]
    | null;
};

/** `jobIds` null: every job that has a schedule, or had one in the stretch. */
export async function readScheduleHistory(
  sql: Sql,
  jobIds: readonly number[] | null,
  from: Date,
  to: Date,
): Promise<ScheduleHistory[]> {
  const rows = await sql<HistoryRow>(READ_SCHEDULE_HISTORY, [jobIds, from, to]);
  await knowCalendars(
    sql,
    rows.flatMap(({ revisions, gaps }) =>
      [...(revisions ?? []), ...(gaps ?? [])].map(({ schedule }) => schedule),
    ),
  );
  return rows.map(({ revisions, gaps, ...job }) => ({
    ...job,
    revisions: (revisions ?? []).map(({ savedMs, ...revision }) => ({
      ...revision,
      savedAt: new Date(savedMs),
    })),
    gaps: (gaps ?? []).map(({ fromMs, toMs, ...gap }) => ({
      ...gap,
      from: new Date(fromMs),
      to: toMs === null ? null : new Date(toMs),
    })),
  }));
}

const MS = (instant: string) => `round(extract(epoch FROM ${instant}) * 1000)::bigint`;

/**
 * SQL: what became of the run that stands for the ticks of the gap `g` of the job `j`. While its tick lies ahead of the
 * planning, or waits, it still may begin.
 */
export const COVER_OF_GAP = `
CASE WHEN g.to_cover THEN CASE WHEN j.deleted_at IS NULL THEN 'awaited' END
     WHEN g.covered_by IS NULL THEN NULL
     WHEN EXISTS (
       SELECT FROM run r
        WHERE r.is_live IN (true, false) AND r.job_id = g.job_id AND r.attempt > 0
          AND r.trigger = 'tick' AND r.scheduled_for = g.covered_by) THEN 'begun'
     WHEN EXISTS (
       SELECT FROM run r
        WHERE r.is_live IN (true, false) AND r.job_id = g.job_id AND r.attempt > 0 AND r.for_tick = g.covered_by) THEN 'begun'
     WHEN EXISTS (
       SELECT FROM run r
        WHERE r.is_live AND r.job_id = g.job_id AND r.trigger = 'tick' AND r.scheduled_for = g.covered_by) THEN 'awaited'
     WHEN j.deleted_at IS NULL AND g.covered_by > coalesce(j.replan_from, j.planned_until) THEN 'awaited'
END`;

const READ_SCHEDULE_HISTORY = `
SELECT j.id AS "jobId", j.deleted_at AS "deletedAt", j.planned_until AS "plannedUntil", j.replan_from AS "replanFrom",
       (SELECT jsonb_agg(jsonb_build_object('number', v.number, 'savedMs', ${MS('v.created_at')},
                                            'schedule', v.definition -> 'schedule')
                         ORDER BY v.number)
          FROM revision v
         WHERE v.job_id = j.id AND v.created_at < $3::timestamptz
           AND v.number >= (SELECT coalesce(max(b.number), 0) FROM revision b
                             WHERE b.job_id = j.id AND b.created_at < $2::timestamptz)) AS revisions,
       (SELECT jsonb_agg(jsonb_build_object('id', g.id, 'revision', g.revision,
                                            'fromMs', ${MS('lower(g.span)')}, 'toMs', ${MS('upper(g.span)')},
                                            'reason', g.reason, 'ticks', g.ticks,
                                            'schedule', v.definition -> 'schedule',
                                            'madeUp', coalesce(made_up.ticks, '[]'::jsonb),
                                            'cover', ${COVER_OF_GAP})
                         ORDER BY lower(g.span))
          FROM gap g LEFT JOIN revision v ON v.job_id = g.job_id AND v.number = g.revision
          LEFT JOIN LATERAL (
            SELECT jsonb_agg(DISTINCT ${MS('r.for_tick')}) AS ticks
              FROM run r
             WHERE r.is_live IN (true, false) AND r.for_tick IS NOT NULL AND r.attempt > 0 AND r.job_id = g.job_id
               AND r.for_tick >= greatest(lower(g.span), $2::timestamptz)
               AND r.for_tick < least(upper(g.span), $3::timestamptz)) AS made_up ON true
         WHERE g.job_id = j.id AND ${overlapsGap('g', '$2::timestamptz', '$3::timestamptz')}) AS gaps
  FROM job j
 WHERE ($1::int[] IS NULL OR j.id = ANY ($1::int[]))
   AND ($1::int[] IS NOT NULL OR j.deleted_at IS NULL OR j.deleted_at > $2::timestamptz)
   AND ($1::int[] IS NOT NULL OR j.created_at < $3::timestamptz)
 ORDER BY j.id`;
