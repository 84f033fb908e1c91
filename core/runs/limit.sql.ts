import { ANY_OPEN, BARRED } from '../circuits/circuits.sql.ts';
import type { Sql } from '../db.ts';
import { SETTLE } from '../incidents/open.sql.ts';
import { IS_DUE_IN, IS_OF_JOB, IS_QUEUED, IS_ROW, LEVELS, WAITS_ANYWHERE } from './by-key.sql.ts';
import { TELL_CONSOLE, wakeWorkers } from './told.sql.ts';

/** A statement ends at most so many, so that none runs long: whoever gets as many as that asks again. */
export const LIMIT_BATCH = 1_000;

// Each statement here ends or marks due runs that may not start any more, and answers how many. `since` bounds the look
// to runs that became due after it (1970: all); a retry (attempt > 0) is never dropped, and a held run is neither dropped
// nor counted.

export type Infringements = {
  late: boolean;
  overlapping: boolean;
  superseded: boolean;
  hasPrevious: boolean;
  beyondCapacity: boolean;
  /** Some circuit is open, whoever goes by it. */
  isAnyCircuitOpen: boolean;
};

/** Which of the statements below have something to do; mostly none has, and this one look costs as little as any of them. */
export async function readInfringements(sql: Sql, since: Date): Promise<Infringements> {
  const [row] = await sql<Infringements>(READ_INFRINGEMENTS, [since]);
  return row!;
}

/** Runs that couldn't start within their start deadline. */
export async function skipLateRuns(sql: Sql, since: Date): Promise<number> {
  return changedBy(sql, SKIP_LATE, [since]);
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

/**
 * Ticks that become due while their job's circuit is open, or while a run tries whether it can close. Once its time is
 * over they stay: the first of them tries. Whatever was asked for by hand waits, or tries itself (see the claim).
 */
export async function skipBarredTicks(sql: Sql): Promise<number> {
  return changedBy(sql, SKIP_BARRED, []);
}

async function changedBy(sql: Sql, text: string, values: unknown[]): Promise<number> {
  const [row] = await sql<{ changed: number }>(text, values);
  return row?.changed ?? 0;
}

const WAITS = (run: string) => `${WAITS_ANYWHERE(run)} AND ${run}.due_at <= statement_timestamp()`;
const IS_FRESH = (run: string) => `${WAITS(run)} AND ${run}.attempt = 0`;
const OCCUPIES = (run: string) =>
  `(${run}.state = 'running' OR ${run}.hold IS NULL AND ${run}.attempt > 0)`;
const NAME = (run: string) =>
  `'run ' || ${run}.id || ' of ' || to_char(${run}.scheduled_for AT TIME ZONE 'UTC', 'HH24:MI') || ' UTC'`;

/** Where a look at what is due asks, in place of the live runs: those to which some rule applies, read once for all questions. */
const RULED = `
  ruled AS MATERIALIZED (
    SELECT r.id, r.job_id, r.scheduled_for, r.due_at, r.attempt, r.worker_id, r.hold, r.overlap, r.start_by
      FROM run_live r
     WHERE ${IS_FRESH('r')} AND r.due_at > $1::timestamptz
       AND (r.overlap NOT IN ('allow', 'queue_all') OR r.start_by <= statement_timestamp())
  )`;
type Source = 'run_live' | 'ruled';

const LATE = (source: Source) => `${source} r
  WHERE ${IS_FRESH('r')} AND r.due_at > $1::timestamptz AND r.start_by <= statement_timestamp()`;

// A backfill takes nobody's place: what becomes due waits for its run that is under way, and goes before its next.
const OVERLAPPING = (source: Source) => `${source} r
  CROSS JOIN LATERAL (
    SELECT o.id, o.scheduled_for, o.state, o.attempt FROM run_live o
    WHERE o.job_id = r.job_id AND o.id <> r.id AND o.trigger <> 'backfill'
      AND (${OCCUPIES('o')} OR ${IS_FRESH('o')} AND (o.due_at, o.id) < (r.due_at, r.id))
    ORDER BY o.state = 'running' DESC, o.attempt > 0 DESC, o.due_at, o.id
    LIMIT 1
  ) AS other
  WHERE ${IS_FRESH('r')} AND r.due_at > $1::timestamptz AND r.overlap = 'skip'`;

/** A CTE: the newest waiting run of each job that keeps only the newest. */
const NEWEST = (source: Source) => `
  newest AS MATERIALIZED (
    SELECT DISTINCT ON (r.job_id) r.job_id, r.id, r.scheduled_for, r.due_at, r.overlap FROM ${source} r
    WHERE ${IS_FRESH('r')} AND r.due_at > $1::timestamptz AND r.overlap IN ('queue_one', 'cancel_previous')
    ORDER BY r.job_id, r.due_at DESC, r.id DESC
  )`;

const SUPERSEDED = `newest JOIN run_live r ON ${IS_OF_JOB('r', 'newest')}
  WHERE ${IS_QUEUED('r')} AND r.attempt = 0 AND r.trigger <> 'backfill' AND (r.due_at, r.id) < (newest.due_at, newest.id)
    AND (newest.overlap = 'cancel_previous' OR EXISTS (
      SELECT 1 FROM run_live o
      WHERE o.job_id = r.job_id AND o.id <> r.id
        AND (${OCCUPIES('o')} OR ${IS_FRESH('o')} AND (o.due_at, o.id) < (r.due_at, r.id))))`;

// A retry's due time is the retry's, not the run's: a run that is or was tried again stands before every fresh one.
const PREVIOUS_RUNNING = `newest JOIN run_live o ON ${IS_OF_JOB('o', 'newest')}
  WHERE newest.overlap = 'cancel_previous' AND o.worker_id IS NOT NULL AND o.cancel_requested_at IS NULL
    AND o.trigger <> 'backfill'
    AND (o.attempt > 1 OR (o.due_at, o.id) < (newest.due_at, newest.id))`;
const PREVIOUS_RETRY = `newest JOIN run_live o ON ${IS_OF_JOB('o', 'newest')}
  WHERE newest.overlap = 'cancel_previous' AND ${IS_QUEUED('o')} AND o.attempt > 0 AND o.trigger <> 'backfill'`;

/** What waits in a queue with more places than that is counted only in a look at all that is due. */
const MOST_PLACES_COUNTED = 2_000;

/** A CTE: queues with more waiting than may. It looks no further than the first run beyond their places. */
const fullQueues = (which = 'true') => `
  room AS MATERIALIZED (
    SELECT q.name, q.max_waiting, q.max_waiting + greatest(0, q.max_running - (
        SELECT count(*) FROM run_live r WHERE r.state = 'running' AND r.queue = q.name)) AS places
    FROM queue q
  ), full_queue AS MATERIALIZED (
    SELECT room.* FROM room
    WHERE EXISTS (
      SELECT 1 FROM ${LEVELS}
      CROSS JOIN LATERAL (
        SELECT r.id FROM run_live r WHERE ${IS_DUE_IN('r', 'room.name', 'level.priority')}
        ORDER BY r.due_at, r.id LIMIT room.places + 1
      ) AS waiting
      OFFSET room.places LIMIT 1)
      AND ${which}
  )`;

const READ_INFRINGEMENTS = `
WITH ${RULED}, ${NEWEST('ruled')}, ${fullQueues(`($1::timestamptz = 'epoch' OR room.places <= ${MOST_PLACES_COUNTED})`)}
SELECT EXISTS (SELECT 1 FROM ${LATE('ruled')}) AS late,
  EXISTS (SELECT 1 FROM ${OVERLAPPING('ruled')}) AS overlapping,
  EXISTS (SELECT 1 FROM ${SUPERSEDED}) AS superseded,
  EXISTS (SELECT 1 FROM ${PREVIOUS_RUNNING}) OR EXISTS (SELECT 1 FROM ${PREVIOUS_RETRY}) AS "hasPrevious",
  EXISTS (SELECT 1 FROM full_queue) AS "beyondCapacity",
  ${ANY_OPEN} AS "isAnyCircuitOpen"`;

const WORDS = '(SELECT words FROM by_id) ->> r.id::text';

/** The rest of a statement that ends the runs of its CTE `dropped (id, words)`, whose rows are locked. */
const END_DROPPED = (set: string, andThen = '', alsoRead = '') => `
by_id AS MATERIALIZED (
  SELECT array_agg(id) AS ids, jsonb_object_agg(id, words) AS words FROM dropped
), changed AS (
  UPDATE run r
  SET is_live = false, finished_at = clock_timestamp(), ${set}
  WHERE r.is_live AND r.id = ANY ((SELECT ids FROM by_id)::bigint[])
  RETURNING r.id, r.job_id, r.trigger, r.cause, r.finished_at
), ${andThen}${TELL_CONSOLE}
SELECT count(*) AS changed, (SELECT count(*) FROM told) AS told${alsoRead} FROM changed`;

const SKIP = (reason: string, ...more: [andThen?: string, alsoRead?: string]) =>
  END_DROPPED(`state = 'skipped', skip_reason = '${reason}', cause = ${WORDS}`, ...more);

const MISSED = `incident_went_on AS (
  INSERT INTO incident AS i (job_id, kind, opened_at, cause, missed, last_at, last_cause, tell_at)
  SELECT job_id, 'missed', max(finished_at), max(cause), count(*), max(finished_at), max(cause), max(finished_at) + ${SETTLE}
  FROM changed WHERE trigger = 'tick' GROUP BY job_id ORDER BY job_id
  ON CONFLICT (job_id) WHERE ended_at IS NULL DO UPDATE
  SET missed = i.missed + excluded.missed, last_at = greatest(i.last_at, excluded.last_at),
    last_cause = excluded.last_cause
), owed AS MATERIALIZED (
  SELECT ${wakeWorkers('message')} WHERE EXISTS (SELECT 1 FROM changed WHERE trigger = 'tick')
), `;

// A tick that came too late was missed, and nothing makes up for it (core/incidents/open.sql.ts).
const SKIP_LATE = `
WITH dropped AS MATERIALIZED (
  SELECT r.id,
    'could not start before ' || to_char(r.start_by AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' AS words
  FROM ${LATE('run_live')}
  LIMIT ${LIMIT_BATCH}
  FOR UPDATE OF r SKIP LOCKED
), ${SKIP('late', MISSED, ', (SELECT count(*) FROM owed) AS owed')}`;

const SKIP_OVERLAPPING = `
WITH dropped AS MATERIALIZED (
  SELECT r.id, ${NAME('other')} || CASE
      WHEN other.state = 'running' THEN ' was still running'
      WHEN other.attempt > 0 THEN ' was waiting for its next attempt'
      ELSE ' was still waiting to start' END AS words
  FROM ${OVERLAPPING('run_live')}
  LIMIT ${LIMIT_BATCH}
  FOR UPDATE OF r SKIP LOCKED
), ${SKIP('overlap')}`;

const SKIP_SUPERSEDED = `
WITH ${NEWEST('run_live')}, dropped AS MATERIALIZED (
  SELECT r.id, ${NAME('newest')} || ' came after it and takes its place' AS words
  FROM ${SUPERSEDED}
  LIMIT ${LIMIT_BATCH}
  FOR UPDATE OF r SKIP LOCKED
), ${SKIP('superseded')}`;

const REQUEST_CANCEL = `
WITH ${NEWEST('run_live')}, previous AS MATERIALIZED (
  SELECT o.id, ${NAME('newest')} AS by
  FROM ${PREVIOUS_RUNNING}
  LIMIT ${LIMIT_BATCH}
  FOR UPDATE OF o SKIP LOCKED
), changed AS (
  UPDATE run_live r SET cancel_requested_at = clock_timestamp(), cancelled_by = previous.by
  FROM previous WHERE ${IS_ROW('r', 'previous')}
  RETURNING r.id
), woken AS MATERIALIZED (SELECT ${wakeWorkers('cancel')} WHERE EXISTS (SELECT 1 FROM changed)
), ${TELL_CONSOLE}
SELECT count(*) AS changed, (SELECT count(*) FROM told) AS told, (SELECT count(*) FROM woken) AS woken FROM changed`;

const CANCEL_RETRIES = `
WITH ${NEWEST('run_live')}, dropped AS MATERIALIZED (
  SELECT o.id, ${NAME('newest')} AS words
  FROM ${PREVIOUS_RETRY}
  LIMIT ${LIMIT_BATCH}
  FOR UPDATE OF o SKIP LOCKED
), ${END_DROPPED(`state = 'cancelled', cancel_requested_at = clock_timestamp(), cancelled_by = ${WORDS},
    cause = 'cancelled by ' || (${WORDS})`)}`;

const SKIP_BEYOND_CAPACITY = `
WITH ${fullQueues()}, beyond AS MATERIALIZED (
  SELECT last.id, full_queue.name, full_queue.max_waiting
  FROM full_queue
  CROSS JOIN LATERAL (
    SELECT r.id, r.attempt FROM run_live r
    WHERE ${WAITS('r')} AND r.queue = full_queue.name
    ORDER BY r.attempt > 0 DESC, r.priority DESC, r.due_at, r.id
    OFFSET full_queue.places LIMIT ${LIMIT_BATCH}
  ) AS last
  WHERE last.attempt = 0
), dropped AS MATERIALIZED (
  SELECT r.id, 'queue ' || beyond.name || ' was full: ' || beyond.max_waiting || ' may wait' AS words
  FROM beyond JOIN run_live r ON ${IS_ROW('r', 'beyond')}
  WHERE ${IS_QUEUED('r')} AND r.attempt = 0
  FOR UPDATE OF r SKIP LOCKED
), ${SKIP('queue_full')}`;

const SKIP_BARRED = `
WITH ${BARRED}, dropped AS MATERIALIZED (
  SELECT r.id, 'the circuit of ' || coalesce(barred.host, 'the job') || CASE
      WHEN barred.is_tried THEN ' is open: run ' || barred.probe_run_id || ' tries whether all is well again'
      ELSE ' is open until ' || to_char(barred.open_until AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC: ' || barred.cause
    END AS words
  FROM barred JOIN run_live r ON ${IS_OF_JOB('r', 'barred')}
  WHERE ${IS_QUEUED('r')} AND r.attempt = 0 AND r.trigger = 'tick' AND r.due_at <= statement_timestamp()
    AND (barred.is_tried OR NOT barred.is_over)
  LIMIT ${LIMIT_BATCH}
  FOR UPDATE OF r SKIP LOCKED
), ${SKIP('circuit_open')}`;
