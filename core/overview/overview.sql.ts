import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';
import { KNOWN_TICK } from '../jobs/after-end.sql.ts';
import type { GapReason } from '../gaps/reasons.ts';
import { WAITS_ANYWHERE } from '../runs/by-key.sql.ts';
import { endOfAnyGap } from '../gaps/overlap.sql.ts';

export type NextTick = { jobId: number; key: string; at: Date };

/** The jobs of a scope that fire next, each with its next tick; none while everything is paused. */
export async function readNextTicks(sql: Sql, most: number, scope: Scope): Promise<NextTick[]> {
  return sql<NextTick>(READ_NEXT_TICKS, [most, scopeParameter(scope)]);
}

// Ticks within the next minute are rows already; the rest stands at the job. A job that fires every second fills many
// rows, so more are looked at than asked for.
const READ_NEXT_TICKS = `
WITH planned AS (
  SELECT r.job_id, r.scheduled_for AS at FROM run r
   WHERE r.is_live AND ${WAITS_ANYWHERE('r')} AND r.trigger = 'tick' AND r.attempt = 0 AND r.due_at > now()
     AND ($2::jsonb[] IS NULL OR EXISTS (SELECT FROM job j WHERE j.id = r.job_id AND ${inScope('j.labels', '$2')}))
   ORDER BY r.due_at LIMIT 2000
), coming AS (
  SELECT job_id, min(at) AS at FROM planned GROUP BY job_id
  UNION ALL
  (SELECT id, next_tick_at FROM job
    WHERE next_tick_at > now() AND deleted_at IS NULL AND paused_at IS NULL AND ${inScope('labels', '$2')}
    ORDER BY next_tick_at LIMIT $1::int)
)
SELECT j.id AS "jobId", j.key, min(c.at) AS at
  FROM coming c JOIN job j ON j.id = c.job_id
 WHERE j.deleted_at IS NULL AND j.paused_at IS NULL
   AND NOT EXISTS (SELECT FROM installation i WHERE i.paused_at IS NOT NULL)
 GROUP BY j.id, j.key
 ORDER BY min(c.at), j.key COLLATE "C"
 LIMIT $1::int`;

export type Capacity = { workers: number; slots: number; slotsInUse: number };

/** Of the workers that take runs now. */
export async function readCapacity(sql: Sql): Promise<Capacity> {
  const [row] = await sql<Capacity>(
    `SELECT count(*)::int AS workers, coalesce(sum(slots), 0)::int AS slots,
            coalesce(sum(slots_in_use), 0)::int AS "slotsInUse"
       FROM worker WHERE ended_at IS NULL AND lease_until > clock_timestamp()`,
  );
  return row!;
}

export type GapInStretch = {
  jobKey: string;
  reason: GapReason;
  from: Date;
  to: Date | null;
  ticks: number | null;
  savedSchedule: unknown;
};

/** Gaps of jobs of a scope that reach into a stretch. */
export async function readGapsIn(
  sql: Sql,
  from: Date,
  to: Date,
  most: number,
  scope: Scope,
): Promise<GapInStretch[]> {
  const gaps = await sql<GapInStretch>(
    `SELECT j.key AS "jobKey", g.reason, lower(g.span) AS "from", upper(g.span) AS "to", g.ticks,
            v.definition -> 'schedule' AS "savedSchedule"
       FROM gap g
       JOIN job j ON j.id = g.job_id
       LEFT JOIN revision v ON v.job_id = g.job_id AND v.number = g.revision
      WHERE ${endOfAnyGap('g')} > $1::timestamptz AND lower(g.span) < $2::timestamptz AND j.deleted_at IS NULL
        AND ${inScope('j.labels', '$4')}
      ORDER BY ${endOfAnyGap('g')} DESC, lower(g.span), g.id LIMIT $3::int`,
    [from, to, most, scopeParameter(scope)],
  );
  await knowCalendars(
    sql,
    gaps.map(({ savedSchedule }) => savedSchedule),
  );
  return gaps;
}

export type ActiveSchedule = {
  jobId: number;
  savedSchedule: unknown;
  /** Where ticks count from the end of runs: the one that is known. */
  knownTickAt: Date | null;
};

/** Schedules of the jobs of a scope that fire now: not paused, not deleted; none while everything is paused. */
export async function readActiveSchedules(sql: Sql, scope: Scope): Promise<ActiveSchedule[]> {
  const jobs = await sql<ActiveSchedule>(
    `SELECT j.id AS "jobId", v.definition -> 'schedule' AS "savedSchedule",
            ${KNOWN_TICK} AS "knownTickAt"
       FROM job j JOIN revision v ON v.job_id = j.id AND v.number = j.revision
      WHERE j.deleted_at IS NULL AND j.paused_at IS NULL AND j.has_schedule AND ${inScope('j.labels', '$1')}
        AND NOT EXISTS (SELECT FROM installation i WHERE i.paused_at IS NOT NULL)`,
    [scopeParameter(scope)],
  );
  await knowCalendars(
    sql,
    jobs.map(({ savedSchedule }) => savedSchedule),
  );
  return jobs;
}

/** Changes whenever that answer would. */
export async function readSchedulesVersion(sql: Sql, scope: Scope): Promise<string> {
  const [row] = await sql<{ version: string }>(
    `SELECT concat_ws(' ', count(*), sum(hashtextextended(concat_ws(' ', j.id, j.revision), 0)),
                      (SELECT paused_at FROM installation)) AS version
       FROM job j
      WHERE j.deleted_at IS NULL AND j.paused_at IS NULL AND j.has_schedule AND ${inScope('j.labels', '$1')}`,
    [scopeParameter(scope)],
  );
  return row!.version;
}

/** 0 where there is none. */
export async function readNewestJobId(sql: Sql): Promise<number> {
  const [row] = await sql<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM job');
  return row!.id;
}

export type WorstOfDay = {
  day: number;
  jobKey: string;
  runs: number;
  state: 'failed' | 'timed_out' | 'lost';
  cause: string | null;
  runId: number;
};

/**
 * For each stretch between edges the job with most bad ends among the latest 5,000, and the latest of them.
 *
 * @param jobIds of which jobs; null: of all
 */
export async function readWorst(
  sql: Sql,
  edges: readonly Date[],
  jobIds: readonly number[] | null,
): Promise<WorstOfDay[]> {
  const stretches = [edges.slice(0, -1), edges.slice(1)];
  return jobIds === null
    ? sql<WorstOfDay>(READ_WORST, stretches)
    : sql<WorstOfDay>(READ_WORST_OF, [...stretches, jobIds]);
}

const BAD_OF_DAY = (state: string, condition: string) => `
   SELECT r.job_id, r.id, r.state, r.cause, r.scheduled_for FROM run r
    WHERE r.is_live = false AND r.state = '${state}' AND r.scheduled_for >= d.from_at AND r.scheduled_for < d.to_at
      AND r.trigger <> 'test'${condition}
    ORDER BY r.scheduled_for DESC, r.id DESC LIMIT 5000`;

const BAD = ['failed', 'timed_out', 'lost'];

const readWorstOf = (bad: string) => `
SELECT (d.place - 1)::int AS day, j.key AS "jobKey", worst.runs, worst.state, worst.cause, worst.run_id AS "runId"
  FROM unnest($1::timestamptz[], $2::timestamptz[]) WITH ORDINALITY AS d (from_at, to_at, place)
 CROSS JOIN LATERAL (
   SELECT bad.job_id, count(*)::int AS runs,
          (array_agg(bad.state ORDER BY bad.scheduled_for DESC, bad.id DESC))[1] AS state,
          (array_agg(bad.cause ORDER BY bad.scheduled_for DESC, bad.id DESC))[1] AS cause,
          (array_agg(bad.id ORDER BY bad.scheduled_for DESC, bad.id DESC))[1] AS run_id
     FROM (${bad}) AS bad
    GROUP BY bad.job_id ORDER BY count(*) DESC, max(bad.scheduled_for) DESC LIMIT 1) AS worst
  JOIN job j ON j.id = worst.job_id
 ORDER BY 1`;

const READ_WORST = readWorstOf(
  BAD.map((state) => `(${BAD_OF_DAY(state, '')})`).join(' UNION ALL '),
);

const READ_WORST_OF = readWorstOf(`
  SELECT ofone.* FROM unnest($3::int[]) AS own (id)
   CROSS JOIN LATERAL (${BAD.map((state) => `(${BAD_OF_DAY(state, ' AND r.job_id = own.id')})`).join(' UNION ALL ')}) AS ofone`);
