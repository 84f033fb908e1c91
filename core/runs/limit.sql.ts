import type { Sql } from '../db.ts';
import { TELL_CONSOLE, wakeWorkers } from './told.sql.ts';

// Each statement here ends or marks due runs that may not start any more, and answers how many. `since` bounds the look
// to runs that became due after it; a retry (attempt > 0) is never dropped, and a held run neither is dropped nor counts.

/** Runs that couldn't start within their start deadline. */
export async function skipLateRuns(sql: Sql): Promise<number> {
  return changedBy(sql, SKIP_LATE, []);
}

/** Under `skip`: a run that becomes due while another occupies the job, or waits before it. */
export async function skipOverlappingRuns(sql: Sql, since: Date): Promise<number> {
  return changedBy(sql, SKIP_OVERLAPPING, [since]);
}

/**
 * Under `queue_one` and `cancel_previous` only the newest of the waiting runs is kept; under `queue_one` also the
 * oldest, as long as nothing occupies the job, since it is the one to start.
 */
export async function skipSupersededRuns(sql: Sql, since: Date): Promise<number> {
  return changedBy(sql, SKIP_SUPERSEDED, [since]);
}

/** Under `cancel_previous`: asks for the end of what the newest waiting run finds running. */
export async function requestCancelOfPreviousRuns(sql: Sql, since: Date): Promise<number> {
  return changedBy(sql, REQUEST_CANCEL, [since]);
}

/** Under `cancel_previous`: ends what waits for a retry when a newer run is due. */
export async function cancelWaitingRetries(sql: Sql, since: Date): Promise<number> {
  return changedBy(sql, CANCEL_RETRIES, [since]);
}

/** The last in line of each queue that has more waiting than it may; what could start at once isn't counted as waiting. */
export async function skipBeyondCapacity(sql: Sql): Promise<number> {
  return changedBy(sql, SKIP_BEYOND_CAPACITY, []);
}

async function changedBy(sql: Sql, text: string, values: unknown[]): Promise<number> {
  const [row] = await sql<{ changed: number }>(text, values);
  return row?.changed ?? 0;
}

// A pass ends at most so many, so that no statement runs long; the next pass goes on.
const BATCH = 1000;

const WAITS = (run: string) =>
  `${run}.is_live AND ${run}.state = 'queued' AND ${run}.hold IS NULL AND ${run}.due_at <= statement_timestamp()`;
const IS_FRESH = (run: string) => `${WAITS(run)} AND ${run}.attempt = 0`;
const OCCUPIES = (run: string) =>
  `${run}.is_live AND (${run}.state = 'running' OR ${run}.hold IS NULL AND ${run}.attempt > 0)`;
const NAME = (run: string) =>
  `'run ' || ${run}.id || ' of ' || to_char(${run}.scheduled_for AT TIME ZONE 'UTC', 'HH24:MI') || ' UTC'`;

const SKIP = (reason: string) => `
  UPDATE run r
  SET state = 'skipped', is_live = false, skip_reason = '${reason}', finished_at = clock_timestamp(), cause = dropped.cause
  FROM dropped
  WHERE r.is_live AND r.id = dropped.id AND r.scheduled_for = dropped.scheduled_for AND r.state = 'queued'
  RETURNING r.id`;

const ANSWER = `${TELL_CONSOLE}
SELECT count(*) AS changed, (SELECT count(*) FROM told) AS told FROM changed`;

const SKIP_LATE = `
WITH dropped AS MATERIALIZED (
  SELECT r.id, r.scheduled_for,
    'could not start before ' || to_char(r.start_by AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' AS cause
  FROM run r
  WHERE ${IS_FRESH('r')} AND r.start_by <= statement_timestamp()
  LIMIT ${BATCH}
  FOR UPDATE OF r SKIP LOCKED
), changed AS (${SKIP('late')}
), ${ANSWER}`;

const SKIP_OVERLAPPING = `
WITH dropped AS MATERIALIZED (
  SELECT r.id, r.scheduled_for, ${NAME('other')} || CASE
      WHEN other.state = 'running' THEN ' was still running'
      WHEN other.attempt > 0 THEN ' was waiting for its next attempt'
      ELSE ' was still waiting to start' END AS cause
  FROM run r
  CROSS JOIN LATERAL (
    SELECT o.id, o.scheduled_for, o.state, o.attempt FROM run o
    WHERE o.job_id = r.job_id AND o.id <> r.id
      AND (${OCCUPIES('o')} OR ${IS_FRESH('o')} AND (o.due_at, o.id) < (r.due_at, r.id))
    ORDER BY o.state = 'running' DESC, o.attempt > 0 DESC, o.due_at, o.id
    LIMIT 1
  ) AS other
  WHERE ${IS_FRESH('r')} AND r.due_at > $1::timestamptz AND r.overlap = 'skip'
  LIMIT ${BATCH}
  FOR UPDATE OF r SKIP LOCKED
), changed AS (${SKIP('overlap')}
), ${ANSWER}`;

const SKIP_SUPERSEDED = `
WITH dropped AS MATERIALIZED (
  SELECT r.id, r.scheduled_for, ${NAME('newer')} || ' came after it and takes its place' AS cause
  FROM run r
  CROSS JOIN LATERAL (
    SELECT n.id, n.scheduled_for FROM run n
    WHERE n.job_id = r.job_id AND ${IS_FRESH('n')} AND n.due_at > $1::timestamptz
      AND (n.due_at, n.id) > (r.due_at, r.id)
    ORDER BY n.due_at DESC, n.id DESC
    LIMIT 1
  ) AS newer
  WHERE ${IS_FRESH('r')} AND (r.overlap = 'cancel_previous' OR r.overlap = 'queue_one' AND EXISTS (
    SELECT 1 FROM run o
    WHERE o.job_id = r.job_id AND o.id <> r.id
      AND (${OCCUPIES('o')} OR ${IS_FRESH('o')} AND (o.due_at, o.id) < (r.due_at, r.id))))
  LIMIT ${BATCH}
  FOR UPDATE OF r SKIP LOCKED
), changed AS (${SKIP('superseded')}
), ${ANSWER}`;

/** The newest waiting run of each `cancel_previous` job, and with `previous` what it finds before it. */
const NEWEST = `
  newest AS MATERIALIZED (
    SELECT DISTINCT ON (r.job_id) r.job_id, r.id, r.scheduled_for, r.due_at FROM run r
    WHERE ${IS_FRESH('r')} AND r.due_at > $1::timestamptz AND r.overlap = 'cancel_previous'
    ORDER BY r.job_id, r.due_at DESC, r.id DESC
  )`;
// A retry's due time is the retry's, not the run's: it stands before every fresh run.
const IS_PREVIOUS = (attempts: number) =>
  `o.id <> newest.id AND (o.attempt > ${attempts} OR (o.due_at, o.id) < (newest.due_at, newest.id))`;

const REQUEST_CANCEL = `
WITH ${NEWEST}, previous AS MATERIALIZED (
  SELECT o.id, o.scheduled_for, ${NAME('newest')} AS by
  FROM newest JOIN run o ON o.job_id = newest.job_id
  WHERE o.is_live AND o.state = 'running' AND o.cancel_requested_at IS NULL AND ${IS_PREVIOUS(1)}
  LIMIT ${BATCH}
  FOR UPDATE OF o SKIP LOCKED
), changed AS (
  UPDATE run r SET cancel_requested_at = clock_timestamp(), cancelled_by = previous.by
  FROM previous
  WHERE r.is_live AND r.id = previous.id AND r.scheduled_for = previous.scheduled_for AND r.state = 'running'
  RETURNING r.id
), woken AS MATERIALIZED (SELECT ${wakeWorkers('cancel')} WHERE EXISTS (SELECT 1 FROM changed)
), ${TELL_CONSOLE}
SELECT count(*) AS changed, (SELECT count(*) FROM told) AS told, (SELECT count(*) FROM woken) AS woken FROM changed`;

const CANCEL_RETRIES = `
WITH ${NEWEST}, previous AS MATERIALIZED (
  SELECT o.id, o.scheduled_for, ${NAME('newest')} AS by
  FROM newest JOIN run o ON o.job_id = newest.job_id
  WHERE o.is_live AND o.state = 'queued' AND o.hold IS NULL AND o.attempt > 0 AND ${IS_PREVIOUS(0)}
  LIMIT ${BATCH}
  FOR UPDATE OF o SKIP LOCKED
), changed AS (
  UPDATE run r
  SET state = 'cancelled', is_live = false, finished_at = clock_timestamp(), cancel_requested_at = clock_timestamp(),
    cancelled_by = previous.by, cause = 'cancelled by ' || previous.by
  FROM previous
  WHERE r.is_live AND r.id = previous.id AND r.scheduled_for = previous.scheduled_for AND r.state = 'queued'
  RETURNING r.id
), ${ANSWER}`;

// The OFFSET finds the first run beyond the capacity without counting those before it, so that a look at a queue that
// isn't full costs as much as its capacity at most.
const SKIP_BEYOND_CAPACITY = `
WITH room AS MATERIALIZED (
  SELECT q.name, q.max_waiting, q.max_waiting + greatest(0, q.max_running - (
      SELECT count(*) FROM run r WHERE r.is_live AND r.state = 'running' AND r.queue = q.name)) AS places
  FROM queue q
), full_queue AS MATERIALIZED (
  SELECT room.* FROM room
  WHERE EXISTS (
    SELECT 1 FROM run r
    WHERE ${WAITS('r')} AND r.queue = room.name AND r.priority = ANY ('{2,1,0,-1,-2}'::smallint[])
    OFFSET room.places LIMIT 1)
), beyond AS MATERIALIZED (
  SELECT last.id, last.scheduled_for, full_queue.name, full_queue.max_waiting
  FROM full_queue
  CROSS JOIN LATERAL (
    SELECT r.id, r.scheduled_for, r.attempt FROM run r
    WHERE ${WAITS('r')} AND r.queue = full_queue.name
    ORDER BY r.attempt > 0 DESC, r.priority DESC, r.due_at, r.id
    OFFSET full_queue.places LIMIT ${BATCH}
  ) AS last
  WHERE last.attempt = 0
), dropped AS MATERIALIZED (
  SELECT r.id, r.scheduled_for,
    'queue ' || beyond.name || ' was full: ' || beyond.max_waiting || ' may wait' AS cause
  FROM run r JOIN beyond ON r.id = beyond.id AND r.scheduled_for = beyond.scheduled_for
  WHERE ${IS_FRESH('r')}
  FOR UPDATE OF r SKIP LOCKED
), changed AS (${SKIP('queue_full')}
), ${ANSWER}`;
