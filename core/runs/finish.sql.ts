import { arrayOf } from '../array-of.ts';
import type { Sql } from '../db.ts';
import { FOLLOW_INCIDENTS } from '../incidents/open.sql.ts';
import { STATES_KEPT } from '../job-state/limits.ts';
import { IS_DUE_IN, LEVELS } from './by-key.sql.ts';
import type { AttemptOutcome, RunState, Wait } from './states.ts';
import { TELL_CONSOLE, wakeWorkers } from './told.sql.ts';
import type { Watch } from './watch.ts';

/** How an attempt ended. Worker and attempt are the fence: another's run is never touched. */
export type EndedAttempt = {
  runId: number;
  scheduledFor: Date;
  workerId: number;
  attempt: number;
  outcome: AttemptOutcome;
  dueAt: Date;
  startedAt: Date;
  /** From its start to its end, by a clock that doesn't jump; null: it ends now. */
  elapsedMs: number | null;
  waitedFor: Wait | null;
  exitCode: number | null;
  signal: string | null;
  httpStatus: number | null;
  cause: string | null;
  causeLine: number | null;
  /** At most 65,536 bytes. */
  result: string | null;
  /** Set: the run goes back to `queued` and may start then. Null: the outcome is the run's final state. */
  retryAt: Date | null;
  retryRule: string | null;
  /** Losses in a row from here on. */
  losses: number;
  /** Of the whole run so far. */
  logLines: number;
  logBytes: number;
  /** What the job is to keep for its next run; without it the state stays as it is. */
  newState?: NewState;
  /** Who looks at how it ended; see core/runs/record-ends.ts. */
  watch?: Watch | undefined;
};

/** At most 65,536 bytes; `given` is the version that the attempt started from. */
export type NewState = { body: string; given: number };

export type FinishedRun = { id: number; attempt: number; state: RunState };

/**
 * Records ended attempts, moves their runs to their final state or back to `queued`, and tells consoles and workers.
 * What isn't in the answer was no longer its worker's (or is recorded already): nothing of it was written.
 *
 * A run that a person asked to cancel isn't tried again: it becomes `cancelled`. One whose job was deleted isn't either:
 * it ends as its attempt did. What is tried again waits in the queue that the job has by now.
 *
 * @throws 23505 on `run_tick_once` when one of them is a tick that has ended before: record the others without it
 */
export async function finishAttemptsIfStillOwned(
  sql: Sql,
  ended: readonly EndedAttempt[],
): Promise<FinishedRun[]> {
  const rows = await sql<FinishedRun & { told: number; woken: number }>(FINISH_ATTEMPTS, [
    arrayOf(ended, ({ runId }) => runId),
    arrayOf(ended, ({ workerId }) => workerId),
    arrayOf(ended, ({ attempt }) => attempt),
    arrayOf(ended, ({ outcome }) => outcome),
    arrayOf(ended, ({ dueAt }) => dueAt),
    arrayOf(ended, ({ startedAt }) => startedAt),
    arrayOf(ended, ({ elapsedMs }) => elapsedMs),
    arrayOf(ended, ({ waitedFor }) => waitedFor),
    arrayOf(ended, ({ exitCode }) => exitCode),
    arrayOf(ended, ({ signal }) => signal),
    arrayOf(ended, ({ httpStatus }) => httpStatus),
    arrayOf(ended, ({ cause }) => cause),
    arrayOf(ended, ({ causeLine }) => causeLine),
    arrayOf(ended, ({ result }) => result),
    arrayOf(ended, ({ retryAt }) => retryAt),
    arrayOf(ended, ({ retryRule }) => retryRule),
    arrayOf(ended, ({ losses }) => losses),
    arrayOf(ended, ({ logLines }) => logLines),
    arrayOf(ended, ({ logBytes }) => logBytes),
    arrayOf(ended, ({ newState }) => newState?.body ?? null),
    arrayOf(ended, ({ newState }) => newState?.given ?? 0),
  ]);
  return rows.map(({ id, attempt, state }) => ({ id, attempt, state }));
}

// Of each job the latest success; rows of progress are locked by job id, after every run, so that no two of these
// statements wait for each other. `edited_version` of the row that is offered is the version that was given: without a
// row there is none, so it is only ever compared. What ends after a later tick has succeeded moves nothing back, and a state that a
// person wrote since the attempt was given the one before stays as they wrote it.
const PROGRESS = `progressed AS MATERIALIZED (
  SELECT DISTINCT ON (job_id) job_id, tick, id, new_state, state_given FROM owned
  WHERE state = 'succeeded' AND covers
  ORDER BY job_id, tick DESC, id DESC
), moved AS (
  INSERT INTO job_progress AS p (job_id, covered_until, covered_by, state_version, edited_version)
  SELECT job_id, tick, id, (new_state IS NOT NULL)::int, state_given FROM progressed ORDER BY job_id
  ON CONFLICT (job_id) DO UPDATE
  SET covered_until = excluded.covered_until, covered_by = excluded.covered_by,
    state_version = p.state_version
      + CASE WHEN excluded.edited_version >= p.edited_version THEN excluded.state_version ELSE 0 END
  WHERE p.covered_until IS NULL OR p.covered_until <= excluded.covered_until
  RETURNING p.job_id, p.state_version, p.edited_version
), kept AS (
  INSERT INTO job_state (job_id, version, body, run_id, tick)
  SELECT m.job_id, m.state_version, g.new_state, g.id, g.tick
  FROM progressed g JOIN moved m ON m.job_id = g.job_id
  WHERE g.new_state IS NOT NULL AND g.state_given >= m.edited_version
  RETURNING job_id, version
), forgotten AS (
  DELETE FROM job_state s USING kept WHERE s.job_id = kept.job_id AND s.version = kept.version - ${STATES_KEPT}
)`;

// statement_timestamp() would be the moment before a lock was waited for.
const ENDED_AT = `least(clock_timestamp(), g.started_at + g.elapsed_ms * interval '1 millisecond')::timestamptz(3)`;

const JOB_WAS_DELETED = 'its job was deleted, so it isn’t tried again';

// Worker and attempt are the fence; a live run that has a worker is running (CHECK run_running_has_worker). An attempt
// can't end after now, whatever the worker reckoned. The job is looked at only once its run is locked: whoever deletes or
// edits it locks its live runs too (lockLiveRunsOfJob), so that one of the two sees what the other did. Workers are woken when a run waits in one of these queues, or was
// put back: a place in the queue or the job itself is free now, and another worker may be the one to use it.
const IS_OURS = `r.id = g.id AND r.worker_id = g.worker_id AND r.attempt = g.attempt`;

const FINISH_ATTEMPTS = `
WITH given AS MATERIALIZED (
  SELECT * FROM unnest(
    $1::bigint[], $2::int[], $3::smallint[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::float8[],
    $8::text[], $9::int[], $10::text[], $11::int[], $12::text[], $13::int[], $14::text[], $15::timestamptz[],
    $16::text[], $17::smallint[], $18::int[], $19::bigint[], $20::text[], $21::int[]
  ) AS g (id, worker_id, attempt, outcome, due_at, started_at, elapsed_ms, waited_for, exit_code,
    signal, http_status, cause, cause_line, result, retry_at, retry_rule, losses, log_lines, log_bytes, new_state,
    state_given)
), again AS MATERIALIZED (
  SELECT g.id, live.is_cancel_requested, live.queue,
    CASE WHEN NOT live.is_cancel_requested THEN job_now(live.job_id) END AS job
  FROM given g
  CROSS JOIN LATERAL (
    SELECT r.job_id, r.queue, r.cancel_requested_at IS NOT NULL AS is_cancel_requested
    FROM run_live r WHERE ${IS_OURS}
    FOR UPDATE
  ) AS live
  WHERE g.retry_at IS NOT NULL
), verdict AS MATERIALIZED (
  SELECT given.*, outcome AS state, NULL::text AS retry_queue, false AS is_job_deleted
  FROM given WHERE retry_at IS NULL
  UNION ALL
  SELECT given.*,
    CASE WHEN (job).deleted_at IS NOT NULL THEN outcome WHEN is_cancel_requested THEN 'cancelled' ELSE 'queued' END,
    coalesce((job).queue, queue), (job).deleted_at IS NOT NULL
  FROM again JOIN given ON given.id = again.id
), owned AS (
  UPDATE run r
  SET is_live = g.state = 'queued', state = g.state, queue = coalesce(g.retry_queue, r.queue),
    worker_id = CASE WHEN g.state <> 'queued' THEN r.worker_id END,
    started_at = CASE WHEN g.state <> 'queued' THEN g.started_at END,
    finished_at = CASE WHEN g.state <> 'queued' THEN ${ENDED_AT} END,
    due_at = CASE WHEN g.state <> 'queued' THEN r.due_at ELSE g.retry_at END,
    cause = CASE WHEN g.is_job_deleted THEN concat_ws('; ', g.cause, '${JOB_WAS_DELETED}') ELSE g.cause END,
    losses = g.losses, log_lines = greatest(r.log_lines, g.log_lines), log_bytes = greatest(r.log_bytes, g.log_bytes)
  FROM verdict g
  WHERE r.is_live AND ${IS_OURS}
  RETURNING r.id, r.attempt, r.state, r.job_id, r.queue, r.trigger, r.covers, r.scheduled_for,
    coalesce(r.covers_to, r.for_tick, r.scheduled_for) AS tick, coalesce(r.finished_at, ${ENDED_AT}) AS ended_at, g.outcome, g.worker_id,
    g.due_at, g.started_at, g.waited_for, g.exit_code, g.signal, g.http_status, g.cause, g.cause_line, g.result,
    g.retry_at, g.retry_rule, g.new_state, g.state_given, g.is_job_deleted
), changed AS (
  SELECT id, attempt, state FROM owned
), recorded AS (
  INSERT INTO attempt (run_id, scheduled_for, number, outcome, worker_id, due_at, started_at, finished_at, waited_for,
    exit_code, signal, http_status, cause, cause_line, result, retry_at, retry_rule)
  SELECT id, scheduled_for, attempt, outcome, worker_id, due_at, started_at, ended_at, waited_for,
    exit_code, signal, http_status, cause, cause_line, result,
    CASE WHEN state = 'queued' THEN retry_at END,
    CASE WHEN state = 'queued' THEN retry_rule END
  FROM owned
), ${PROGRESS}, ${FOLLOW_INCIDENTS}, ${TELL_CONSOLE}, woken AS MATERIALIZED (
  SELECT ${wakeWorkers('look')}
  WHERE EXISTS (SELECT 1 FROM changed WHERE state = 'queued') OR EXISTS (
    SELECT 1 FROM (SELECT DISTINCT queue FROM owned) AS freed
    CROSS JOIN ${LEVELS}
    CROSS JOIN LATERAL (
      SELECT r.id FROM run_live r WHERE ${IS_DUE_IN('r', 'freed.queue', 'level.priority')}
      ORDER BY r.due_at, r.id LIMIT 1
    ) AS first)
)
SELECT id, attempt, state, (SELECT count(*) FROM told) AS told, (SELECT count(*) FROM woken) AS woken,
  (SELECT count(*) FROM owed) AS owed
FROM changed`;
