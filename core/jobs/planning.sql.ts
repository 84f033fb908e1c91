import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Sql } from '../db.ts';
import { overlapsGap } from '../gaps/overlap.sql.ts';

/** A job that this transaction holds, and where its planning stands. */
export type JobToPlan = {
  jobId: number;
  key: string;
  revision: number;
  plannedUntil: Date;
  replanFrom: Date | null;
  nextTickAt: Date | null;
  /** By the database's clock. */
  now: Date;
  /** Stretches after the cursor that rows or gaps account for, [from, to) in epoch ms; no end: an open gap. */
  accounted: { fromMs: number; toMs: number | null }[];
  /** Some of its gaps wait for a tick to stand for them. */
  hasGapsToCover: boolean;
};

/**
 * Takes up to `limit` jobs whose next tick lies within `reachMs` (but for those that count from the end of their last run,
 * which the follower plans), up to `limit` whose ticks were taken back, and up to
 * `limit` with gaps whose covering tick was, that no other planner holds. None while everything is paused.
 */
export async function lockJobsToPlan(
  sql: Sql,
  { limit, reachMs, aside }: { limit: number; reachMs: number; aside: readonly Revision[] },
): Promise<JobToPlan[]> {
  return sql<JobToPlan>(LOCK_JOBS_TO_PLAN, [limit, reachMs, ...columns(aside)]);
}

/** One revision of one job. */
export type Revision = { jobId: number; revision: number };

const columns = (revisions: readonly Revision[]) => [
  revisions.map(({ jobId }) => jobId),
  revisions.map(({ revision }) => revision),
];

// now() and not clock_timestamp(), which no index can be searched by.
const LOCK_JOBS_TO_PLAN = `
WITH again AS (
  SELECT id, key, revision, planned_until, replan_from, next_tick_at
    FROM job
   WHERE replan_from <= now() + $2::double precision * interval '1 millisecond'
     AND deleted_at IS NULL AND paused_at IS NULL
     AND (id, revision) NOT IN (SELECT * FROM unnest($3::int[], $4::int[]))
     AND NOT EXISTS (SELECT FROM installation WHERE paused_at IS NOT NULL)
   ORDER BY replan_from
   LIMIT $1::int
     FOR UPDATE SKIP LOCKED
), due AS (
  SELECT id, key, revision, planned_until, replan_from, next_tick_at
    FROM job
   WHERE next_tick_at <= now() + $2::double precision * interval '1 millisecond'
     AND deleted_at IS NULL AND paused_at IS NULL AND NOT counts_from_end
     AND (id, revision) NOT IN (SELECT * FROM unnest($3::int[], $4::int[]))
     AND NOT EXISTS (SELECT FROM installation WHERE paused_at IS NOT NULL)
   ORDER BY next_tick_at
   LIMIT $1::int
     FOR UPDATE SKIP LOCKED
), uncovered AS (
  SELECT id, key, revision, planned_until, replan_from, next_tick_at
    FROM job
   WHERE id IN (SELECT job_id FROM gap WHERE to_cover)
     AND deleted_at IS NULL AND paused_at IS NULL
     AND (id, revision) NOT IN (SELECT * FROM unnest($3::int[], $4::int[]))
     AND NOT EXISTS (SELECT FROM installation WHERE paused_at IS NOT NULL)
   ORDER BY id
   LIMIT $1::int
     FOR UPDATE SKIP LOCKED
), locked AS (
  SELECT * FROM again UNION SELECT * FROM due UNION SELECT * FROM uncovered
)
SELECT l.id AS "jobId", l.key, l.revision, l.planned_until AS "plannedUntil", l.replan_from AS "replanFrom",
       l.next_tick_at AS "nextTickAt", clock_timestamp() AS now,
       coalesce((
         SELECT jsonb_agg(jsonb_build_object('fromMs', s.from_ms, 'toMs', s.to_ms))
           FROM (
             SELECT (extract(epoch FROM lower(g.span)) * 1000)::bigint AS from_ms,
                    (extract(epoch FROM upper(g.span)) * 1000)::bigint AS to_ms
               FROM gap g
              WHERE coalesce(l.replan_from, l.planned_until) < now()
                AND g.job_id = l.id
                AND ${overlapsGap('g', 'coalesce(l.replan_from, l.planned_until)')}
             UNION ALL
             -- A tick that a person cancelled before it was due stays when the others are taken back.
             SELECT (extract(epoch FROM r.scheduled_for) * 1000)::bigint,
                    (extract(epoch FROM r.scheduled_for) * 1000)::bigint + 1
               FROM run r
              WHERE l.replan_from IS NOT NULL
                AND r.job_id = l.id AND r.is_live IN (true, false) AND r.trigger = 'tick'
                AND r.scheduled_for > l.replan_from AND r.scheduled_for <= l.planned_until
           ) s), '[]'::jsonb) AS accounted,
       l.id IN (SELECT job_id FROM gap WHERE to_cover) AS "hasGapsToCover"
  FROM locked l`;

/**
 * In how many ms the first job comes within reach of planning: 0 or less when one has, null when none will.
 * While everything is paused: null.
 */
export async function planningIsDueInMs(
  sql: Sql,
  { reachMs, aside }: { reachMs: number; aside: readonly Revision[] },
): Promise<number | null> {
  const [row] = await sql<{ dueInMs: number | null }>(PLANNING_IS_DUE, [
    reachMs,
    ...columns(aside),
  ]);
  return row?.dueInMs ?? null;
}

/** `isAsked` is a condition over the columns of `job`. */
export const planningIsDueIn = (reachMs: string, isAsked = 'true') => `
SELECT CASE WHEN EXISTS (
         SELECT FROM job
          WHERE replan_from <= now() + ${reachMs}::double precision * interval '1 millisecond'
            AND deleted_at IS NULL AND paused_at IS NULL AND ${isAsked}
       ) OR EXISTS (
         SELECT FROM gap g JOIN job ON job.id = g.job_id
          WHERE g.to_cover AND deleted_at IS NULL AND paused_at IS NULL AND ${isAsked}
       ) THEN 0
       ELSE (extract(epoch FROM least((
          SELECT next_tick_at FROM job
           WHERE next_tick_at IS NOT NULL AND deleted_at IS NULL AND paused_at IS NULL AND NOT counts_from_end
             AND ${isAsked}
           ORDER BY next_tick_at LIMIT 1
        ), (
          SELECT replan_from FROM job
           WHERE replan_from IS NOT NULL AND deleted_at IS NULL AND paused_at IS NULL AND ${isAsked}
           ORDER BY replan_from LIMIT 1
        )) - clock_timestamp()) * 1000 - ${reachMs}::double precision)::double precision END AS "dueInMs"
  FROM installation
 WHERE paused_at IS NULL`;

const PLANNING_IS_DUE = planningIsDueIn(
  '$1',
  '(job.id, job.revision) NOT IN (SELECT * FROM unnest($2::int[], $3::int[]))',
);

/** What planning needs of revisions, as it was saved: `parsePlanRules` reads it. */
export async function readPlanRules(
  sql: Sql,
  revisions: readonly Revision[],
): Promise<(Revision & { saved: unknown })[]> {
  const rows = await sql<Revision & { saved: { schedule?: unknown } }>(
    READ_PLAN_RULES,
    columns(revisions),
  );
  await knowCalendars(
    sql,
    rows.map(({ saved }) => saved.schedule),
  );
  return rows;
}

const READ_PLAN_RULES = `
SELECT r.job_id AS "jobId", r.number AS revision,
       jsonb_strip_nulls(jsonb_build_object(
         'schedule', r.definition -> 'schedule',
         'catchUp', r.definition -> 'catchUp',
         'catchUpMost', r.definition -> 'catchUpMost',
         'catchUpPerMinute', r.definition -> 'catchUpPerMinute',
         'startDeadlineMs', r.definition -> 'startDeadlineMs',
         'queue', r.definition -> 'queue',
         'kind', r.definition -> 'work' -> 'kind',
         'priority', r.definition -> 'priority',
         'overlap', r.definition -> 'overlap',
         'maxParallel', r.definition -> 'maxParallel',
         'mayRunTwice', r.definition -> 'mayRunTwice',
         'runsOn', r.definition -> 'runsOn')) AS saved
  FROM unnest($1::int[], $2::int[]) AS asked (job_id, number)
  JOIN revision r ON r.job_id = asked.job_id AND r.number = asked.number`;

/** Makes the month of the ledger that an instant lies in, where it is missing. */
export async function makeMonth(sql: Sql, instant: Date): Promise<void> {
  await sql('SELECT make_month($1::date) AS made', [instant.toISOString().slice(0, 10)]);
}
