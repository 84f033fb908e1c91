import type { Sql } from '../db.ts';

/** When a job had which schedule, where its planning stands, and the gaps that reach into the stretch. */
export type ScheduleHistory = {
  jobId: number;
  deletedAt: Date | null;
  plannedUntil: Date;
  replanFrom: Date | null;
  /** Those that were current at some time in the stretch, in order; schedules as saved. */
  revisions: { savedAt: Date; schedule: unknown }[];
  gaps: {
    from: Date;
    /** Null: it lasts. */
    to: Date | null;
    reason: 'paused' | 'paused_all' | 'missed';
    ticks: number | null;
    schedule: unknown;
  }[];
};

type HistoryRow = Omit<ScheduleHistory, 'revisions' | 'gaps'> & {
  revisions: { savedMs: number; schedule: unknown }[] | null;
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
  return rows.map(({ revisions, gaps, ...job }) => ({
    ...job,
    revisions: (revisions ?? []).map(({ savedMs, schedule }) => ({
      savedAt: new Date(savedMs),
      schedule,
    })),
    gaps: (gaps ?? []).map(({ fromMs, toMs, ...gap }) => ({
      ...gap,
      from: new Date(fromMs),
      to: toMs === null ? null : new Date(toMs),
    })),
  }));
}

const MS = (instant: string) => `round(extract(epoch FROM ${instant}) * 1000)::bigint`;

const READ_SCHEDULE_HISTORY = `
SELECT j.id AS "jobId", j.deleted_at AS "deletedAt", j.planned_until AS "plannedUntil", j.replan_from AS "replanFrom",
       (SELECT jsonb_agg(jsonb_build_object('savedMs', ${MS('v.created_at')}, 'schedule', v.definition -> 'schedule')
                         ORDER BY v.number)
          FROM revision v
         WHERE v.job_id = j.id AND v.created_at < $3::timestamptz
           AND v.number >= (SELECT coalesce(max(b.number), 0) FROM revision b
                             WHERE b.job_id = j.id AND b.created_at < $2::timestamptz)) AS revisions,
       (SELECT jsonb_agg(jsonb_build_object('fromMs', ${MS('lower(g.span)')}, 'toMs', ${MS('upper(g.span)')},
                                            'reason', g.reason, 'ticks', g.ticks,
                                            'schedule', v.definition -> 'schedule'))
          FROM gap g LEFT JOIN revision v ON v.job_id = g.job_id AND v.number = g.revision
         WHERE g.job_id = j.id AND g.span && tstzrange($2::timestamptz, $3::timestamptz)) AS gaps
  FROM job j
 WHERE ($1::int[] IS NULL OR j.id = ANY ($1::int[]))
   AND ($1::int[] IS NOT NULL OR j.deleted_at IS NULL OR j.deleted_at > $2::timestamptz)
   AND ($1::int[] IS NOT NULL OR j.created_at < $3::timestamptz)
 ORDER BY j.id`;

/** What became of a job's ticks that are runs. */
export type TickCounts = {
  jobId: number;
  ran: number;
  skipped: number;
  cancelled: number;
  waiting: number;
};

/**
 * Counts tick runs with `scheduled_for` in [from, to): all in the index of ticks, what didn't succeed in that of states,
 * so that nothing but the live and the cancelled
 * ones is read as a row: of `run_done` itself, since of `run` the row would be read for its `is_live`.
 */
export async function countTickRuns(
  sql: Sql,
  jobIds: readonly number[],
  from: Date,
  to: Date,
): Promise<TickCounts[]> {
  return sql<TickCounts>(COUNT_TICK_RUNS, [jobIds, from, to]);
}

const IN_STRETCH = `r.job_id = j.id AND r.scheduled_for >= $2::timestamptz AND r.scheduled_for < $3::timestamptz`;

const COUNT_TICK_RUNS = `
SELECT j.id AS "jobId", done.runs - skipped.runs - cancelled.runs + live.started AS ran,
       skipped.runs AS skipped, cancelled.runs AS cancelled, live.waiting
  FROM unnest($1::int[]) AS j (id)
 CROSS JOIN LATERAL (
   SELECT count(*)::int AS runs FROM run_done r
    WHERE r.trigger = 'tick' AND ${IN_STRETCH}) AS done
 CROSS JOIN LATERAL (
   SELECT count(*)::int AS runs FROM run_done r
    WHERE r.state = 'skipped' AND r.trigger = 'tick' AND ${IN_STRETCH}) AS skipped
 CROSS JOIN LATERAL (
   SELECT count(*)::int AS runs FROM run r
    WHERE r.is_live = false AND r.state = 'cancelled' AND r.trigger = 'tick' AND r.attempt = 0 AND ${IN_STRETCH}) AS cancelled
 CROSS JOIN LATERAL (
   SELECT (count(*) FILTER (WHERE r.state = 'running' OR r.attempt > 0))::int AS started,
          (count(*) FILTER (WHERE r.state = 'queued' AND r.attempt = 0))::int AS waiting
     FROM run r WHERE r.is_live AND r.trigger = 'tick' AND ${IN_STRETCH}) AS live`;
