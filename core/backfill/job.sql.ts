import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Sql } from '../db.ts';
import { scheduleIn } from '../schedules/saved-schedule.ts';

/** A job as a backfill of [from, to) needs it. Schedules and definition are as saved. */
export type BackfillJob = {
  jobId: number;
  key: string;
  createdAt: Date;
  isDeleted: boolean;
  isPaused: boolean;
  isEverythingPaused: boolean;
  /** All up to here is a run or stands in a gap, as long as it isn't paused. */
  plannedUntil: Date;
  revision: number;
  definition: unknown;
  schedule: unknown;
  /** Those that were current at some time in the stretch, in order. */
  revisions: { number: number; savedAt: Date; schedule: unknown }[];
  /** By the database's clock. */
  now: Date;
};

type Row = Omit<BackfillJob, 'revisions' | 'schedule'> & {
  revisions: { number: number; savedMs: number; schedule: unknown }[] | null;
};

export async function readBackfillJob(
  sql: Sql,
  jobId: number,
  from: Date,
  to: Date,
): Promise<BackfillJob | null> {
  const [row] = await sql<Row>(READ_BACKFILL_JOB, [jobId, from.toISOString(), to.toISOString()]);
  if (!row) return null;
  const schedule = scheduleIn(row.definition);
  const revisions = (row.revisions ?? []).map(({ savedMs, ...revision }) => ({
    ...revision,
    savedAt: new Date(savedMs),
  }));
  await knowCalendars(sql, [schedule, ...revisions.map((revision) => revision.schedule)]);
  return { ...row, schedule, revisions };
}

const READ_BACKFILL_JOB = `
SELECT j.id AS "jobId", j.key, j.created_at AS "createdAt", j.deleted_at IS NOT NULL AS "isDeleted",
       j.paused_at IS NOT NULL AS "isPaused", i.paused_at IS NOT NULL AS "isEverythingPaused",
       coalesce(j.replan_from, j.planned_until) AS "plannedUntil", j.revision, v.definition, clock_timestamp() AS now,
       (SELECT jsonb_agg(jsonb_build_object('number', o.number,
                                            'savedMs', round(extract(epoch FROM o.created_at) * 1000)::bigint,
                                            'schedule', o.definition -> 'schedule') ORDER BY o.number)
          FROM revision o
         WHERE o.job_id = j.id AND o.created_at < $3::timestamptz
           AND o.number >= (SELECT coalesce(max(b.number), 0) FROM revision b
                             WHERE b.job_id = j.id AND b.created_at < $2::timestamptz)) AS revisions
  FROM job j
  JOIN revision v ON v.job_id = j.id AND v.number = j.revision
 CROSS JOIN installation i
 WHERE j.id = $1::int`;
