import type { Sql } from '../db.ts';
import type { AttemptOutcome, RunState, Wait } from './states.ts';
import { TELL_CONSOLE, wakeWorkers } from './told.sql.ts';

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
};

export type FinishedRun = { id: number; attempt: number; state: RunState };

/**
 * Records ended attempts, moves their runs to their final state or back to `queued`, and tells consoles and workers.
 * What isn't in the answer was no longer its worker's (or is recorded already): nothing of it was written.
 *
 * A run that a person asked to cancel isn't tried again: it becomes `cancelled`.
 *
 * @throws 23505 on `run_tick_once` when one of them is a tick that has ended before: record the others without it
 */
export async function finishAttemptsIfStillOwned(
  sql: Sql,
  ended: readonly EndedAttempt[],
): Promise<FinishedRun[]> {
  const column = <K extends keyof EndedAttempt>(key: K) => ended.map((attempt) => attempt[key]);
  const rows = await sql<FinishedRun & { told: number; woken: number }>(FINISH_ATTEMPTS, [
    column('runId'),
    column('scheduledFor'),
    column('workerId'),
    column('attempt'),
    column('outcome'),
    column('dueAt'),
    column('startedAt'),
    column('elapsedMs'),
    column('waitedFor'),
    column('exitCode'),
    column('signal'),
    column('httpStatus'),
    column('cause'),
    column('causeLine'),
    column('result'),
    column('retryAt'),
    column('retryRule'),
    column('losses'),
    column('logLines'),
    column('logBytes'),
  ]);
  return rows.map(({ id, attempt, state }) => ({ id, attempt, state }));
}

const IS_QUEUED = '(g.retry_at IS NOT NULL AND r.cancel_requested_at IS NULL)';

// An attempt can't end after now, whatever the worker reckoned. Workers are woken when a run waits in one of these
// queues, or was put back: a slot of the queue or the job itself is free now, and another worker may be the one to use it.
const FINISH_ATTEMPTS = `
WITH given AS (
  SELECT * FROM unnest(
    $1::bigint[], $2::timestamptz[], $3::int[], $4::smallint[], $5::text[], $6::timestamptz[], $7::timestamptz[],
    $8::float8[], $9::text[], $10::int[], $11::text[], $12::int[], $13::text[], $14::int[], $15::text[],
    $16::timestamptz[], $17::text[], $18::smallint[], $19::int[], $20::bigint[]
  ) AS g (run_id, scheduled_for, worker_id, attempt, outcome, due_at, started_at, elapsed_ms, waited_for, exit_code,
    signal, http_status, cause, cause_line, result, retry_at, retry_rule, losses, log_lines, log_bytes)
), timed AS MATERIALIZED (
  SELECT given.*,
    least(clock_timestamp(), started_at + elapsed_ms * interval '1 millisecond') AS ended_at
  FROM given
), changed AS (
  UPDATE run r SET
    is_live = ${IS_QUEUED},
    state = CASE WHEN ${IS_QUEUED} THEN 'queued' WHEN g.retry_at IS NULL THEN g.outcome ELSE 'cancelled' END,
    worker_id = CASE WHEN ${IS_QUEUED} THEN NULL ELSE r.worker_id END,
    started_at = CASE WHEN ${IS_QUEUED} THEN NULL ELSE r.started_at END,
    finished_at = CASE WHEN ${IS_QUEUED} THEN NULL ELSE g.ended_at END,
    due_at = CASE WHEN ${IS_QUEUED} THEN g.retry_at ELSE r.due_at END,
    cause = g.cause,
    losses = g.losses,
    log_lines = greatest(r.log_lines, g.log_lines),
    log_bytes = greatest(r.log_bytes, g.log_bytes)
  FROM timed g
  WHERE r.is_live AND r.id = g.run_id AND r.scheduled_for = g.scheduled_for
    AND r.state = 'running' AND r.worker_id = g.worker_id AND r.attempt = g.attempt
  RETURNING r.id, r.attempt, r.state, r.queue
), recorded AS (
  INSERT INTO attempt (run_id, scheduled_for, number, outcome, worker_id, due_at, started_at, finished_at, waited_for,
    exit_code, signal, http_status, cause, cause_line, result, retry_at, retry_rule)
  SELECT g.run_id, g.scheduled_for, g.attempt, g.outcome, g.worker_id, g.due_at, g.started_at, g.ended_at,
    g.waited_for, g.exit_code, g.signal, g.http_status, g.cause, g.cause_line, g.result,
    CASE WHEN changed.state = 'queued' THEN g.retry_at END,
    CASE WHEN changed.state = 'queued' THEN g.retry_rule END
  FROM timed g JOIN changed ON changed.id = g.run_id
), ${TELL_CONSOLE}, woken AS MATERIALIZED (
  SELECT ${wakeWorkers('look')}
  WHERE EXISTS (SELECT 1 FROM changed WHERE state = 'queued') OR EXISTS (
    SELECT 1 FROM run r
    WHERE r.is_live AND r.state = 'queued' AND r.hold IS NULL AND r.queue IN (SELECT queue FROM changed)
      AND r.due_at <= statement_timestamp())
)
SELECT id, attempt, state, (SELECT count(*) FROM told) AS told, (SELECT count(*) FROM woken) AS woken
FROM changed`;
