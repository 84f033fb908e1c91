import type { Sql } from '../db.ts';
import { overlapsGap } from '../gaps/overlap.sql.ts';

// Clocks are read by several statements, and adjusted by milliseconds all the time.
const IS_AHEAD = `> clock_timestamp() + interval '1 second'`;

/**
 * Leases that were granted at a time that hasn't come yet, by a clock that has been set back since, count from now: who
 * is alive renews its own with the next heartbeat, and who is dead isn't waited for until then. Gives how many there were.
 */
export async function countLeasesFromNow(sql: Sql): Promise<number> {
  const rows = await sql(COUNT_LEASES_FROM_NOW);
  return rows.length;
}

const IS_GRANTED_AHEAD = `ended_at IS NULL AND heartbeat_at ${IS_AHEAD}`;

export const ANY_LEASE_GRANTED_AHEAD = `EXISTS (SELECT FROM worker WHERE ${IS_GRANTED_AHEAD})`;

const COUNT_LEASES_FROM_NOW = `
UPDATE worker SET lease_until = clock_timestamp() + (lease_until - heartbeat_at), heartbeat_at = clock_timestamp()
 WHERE ${IS_GRANTED_AHEAD}
RETURNING id`;

/** Jobs of whose ticks some stand as missed, paused or skipped although they lie ahead, or whose pause or revision begins there. */
export async function readJobsPlannedByClockAhead(sql: Sql): Promise<number[]> {
  const rows = await sql<{ id: number }>(JOBS_PLANNED_BY_CLOCK_AHEAD);
  return rows.map(({ id }) => id);
}

// Windows lie ahead by themselves; a pause that lasts has no end.
const IS_PAST_ONLY = `reason IN ('missed', 'paused', 'paused_all') AND NOT upper_inf(span)`;
const GAP_AHEAD = `${IS_PAST_ONLY} AND upper(span) ${IS_AHEAD} OR upper_inf(span) AND lower(span) ${IS_AHEAD}`;
const SKIPPED_AHEAD = `
NOT is_live AND trigger = 'tick' AND state = 'skipped' AND attempt = 0 AND scheduled_for ${IS_AHEAD}`;

const JOBS_PLANNED_BY_CLOCK_AHEAD = `
SELECT id FROM job
 WHERE deleted_at IS NULL
   AND id IN (SELECT job_id FROM gap WHERE ${GAP_AHEAD} UNION SELECT job_id FROM run WHERE ${SKIPPED_AHEAD}
              UNION SELECT job_id FROM revision WHERE created_at ${IS_AHEAD})
 ORDER BY id`;

/**
 * Lets the job's ticks from `from` on be neither missed, paused nor skipped; what ran stays. A pause that lasts begins there,
 * and so does the revision that was saved last. The transaction holds the job.
 */
export async function openTicksAhead(sql: Sql, jobId: number, from: Date): Promise<void> {
  for (const statement of [
    DELETE_SKIPPED,
    DROP_GAPS,
    CUT_GAPS,
    BEGIN_PAUSE,
    BEGIN_OPEN_GAP,
    BEGIN_REVISIONS,
  ]) {
    await sql(statement, [jobId, from.toISOString()]);
  }
}

const DELETE_SKIPPED = `
DELETE FROM run
 WHERE NOT is_live AND job_id = $1::int AND trigger = 'tick' AND state = 'skipped' AND attempt = 0
   AND scheduled_for >= $2::timestamptz`;

const DROP_GAPS = `
DELETE FROM gap WHERE job_id = $1::int AND ${IS_PAST_ONLY} AND lower(span) >= $2::timestamptz`;

// Its ticks are counted anew.
const CUT_GAPS = `
UPDATE gap SET span = tstzrange(lower(span), $2::timestamptz), ticks = NULL
 WHERE job_id = $1::int AND ${IS_PAST_ONLY} AND ${overlapsGap('gap', '$2::timestamptz')}`;

const BEGIN_PAUSE = `
UPDATE job SET paused_at = $2::timestamptz WHERE id = $1::int AND paused_at > $2::timestamptz`;

const BEGIN_OPEN_GAP = `
UPDATE gap SET span = tstzrange($2::timestamptz, NULL)
 WHERE job_id = $1::int AND upper_inf(span) AND lower(span) > $2::timestamptz`;

// What was saved by the wrong clock is in force from now on.
const BEGIN_REVISIONS = `
UPDATE revision SET created_at = $2::timestamptz WHERE job_id = $1::int AND created_at > $2::timestamptz`;

/** What waits for a time that was reckoned from a later moment than this one waits as long from now. Gives how many did. */
export async function bringWaitingForward(sql: Sql): Promise<number> {
  const rows = await sql(BRING_WAITING_FORWARD);
  return rows.length;
}

// A request is due when it was made, or a while later; a further attempt a while after the end of the one before; no rule
// has it wait for a month: that was reckoned by what a worker knew of the clock before it was set.
const BRING_WAITING_FORWARD = `
UPDATE run r SET due_at = clock_timestamp() + CASE WHEN w.since ${IS_AHEAD} THEN r.due_at - w.since ELSE interval '0' END
  FROM (SELECT l.id, CASE WHEN l.attempt = 0 THEN l.scheduled_for
               ELSE (SELECT max(a.finished_at) FROM attempt a WHERE a.run_id = l.id) END AS since
          FROM run_live l
         WHERE l.state = 'queued' AND l.due_at ${IS_AHEAD} AND (l.attempt > 0 OR l.trigger <> 'tick')) AS w
 WHERE r.is_live AND r.id = w.id AND r.state = 'queued' AND (w.since ${IS_AHEAD} AND r.due_at >= w.since OR r.attempt > 0 AND r.due_at - w.since > interval '31 days')
RETURNING r.id`;

/** What a success of a tick ahead has covered is covered up to the latest success before now. Gives how many were. */
export async function bringProgressBack(sql: Sql): Promise<number> {
  const rows = await sql(BRING_PROGRESS_BACK);
  return rows.length;
}

const BRING_PROGRESS_BACK = `
UPDATE job_progress p SET covered_until = s.tick, covered_by = s.id
  FROM (SELECT a.job_id, l.id, l.tick
          FROM (SELECT job_id FROM job_progress WHERE covered_until ${IS_AHEAD} ORDER BY job_id FOR UPDATE) AS a
          LEFT JOIN LATERAL (
            SELECT r.id, coalesce(r.covers_to, r.for_tick, r.scheduled_for) AS tick
              FROM run r
             WHERE NOT r.is_live AND r.job_id = a.job_id AND r.state = 'succeeded' AND r.covers
               AND r.scheduled_for <= clock_timestamp()
               AND coalesce(r.covers_to, r.for_tick, r.scheduled_for) <= clock_timestamp()
             ORDER BY r.scheduled_for DESC, r.id DESC LIMIT 1) AS l ON true) AS s
 WHERE p.job_id = s.job_id
RETURNING p.job_id`;
