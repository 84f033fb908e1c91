import type { OverlapRule } from '../jobs/definition.ts';
import type { EarlierAttempt } from './retry.ts';
import type { AttemptOutcome, Trigger } from './states.ts';
import { TELL_CONSOLE } from './told.sql.ts';

/** A run that this worker now executes; worker and attempt are the fence of every later write. */
export type ClaimedRun = {
  id: number;
  scheduledFor: Date;
  jobId: number;
  revision: number;
  trigger: Trigger;
  queue: string;
  overlap: OverlapRule;
  workerId: number;
  attempt: number;
  dueAt: Date;
  startedAt: Date;
  losses: number;
  /** What the trigger gave; null when nothing. */
  parameters: Record<string, unknown> | null;
  /** Its success is the job's: neither a test nor a run with other parameters than the job's own. */
  covers: boolean;
  /** The stretch that this attempt is told: after `coversFrom` (null: from the beginning) up to its own tick. */
  coversFrom: Date | null;
  coversTo: Date;
  /** Of the state that the job keeps between runs, as it is now; 0: it has none. */
  stateVersion: number;
  logLines: number;
  logBytes: number;
  /** It tries whether the open circuit of its job can close. */
  isProbe: boolean;
  /** The queue's, for jobs without a timeout of their own. */
  defaultTimeoutMs: number;
  earlier: EarlierAttempt[];
};

/** As the database gives it. */
export type ClaimRow = Omit<ClaimedRun, 'earlier'> & {
  earlier: { outcome: AttemptOutcome; startedAt: string; retryRule: string | null }[] | null;
};

export const claimedRun = (row: ClaimRow): ClaimedRun => ({
  ...row,
  earlier: row.earlier?.map(earlierOf) ?? NOTHING_EARLIER,
});

const NOTHING_EARLIER: EarlierAttempt[] = [];

const earlierOf = (attempt: NonNullable<ClaimRow['earlier']>[number]): EarlierAttempt => ({
  ...attempt,
  startedAt: new Date(attempt.startedAt),
});

/**
 * CTEs: takes the runs of the CTE `locked` (address, default_timeout_ms, covers_from, covers_to, state_version), whose rows
 * it has locked, for the worker `$1`, and tells the consoles.
 */
export const TAKE_LOCKED = `changed AS (
  UPDATE run_live r
  SET state = 'running', attempt = r.attempt + 1, worker_id = $1::int, started_at = clock_timestamp(),
    covers_from = locked.covers_from, covers_to = locked.covers_to
  FROM locked
  WHERE r.ctid = locked.address AND r.worker_id IS NULL
  RETURNING r.id, r.scheduled_for, r.job_id, r.revision, r.trigger, r.queue, r.overlap, r.worker_id, r.attempt,
    r.due_at, r.started_at, r.losses, r.parameters, r.covers, r.covers_from, r.covers_to, r.log_lines, r.log_bytes,
    locked.default_timeout_ms, locked.state_version
), ${TELL_CONSOLE}`;

/** What follows them: a row of `ClaimRow` for each. `isFirst`: only first attempts are taken. */
export const readTaken = ({ isProbe = 'false', isFirst = false } = {}) => `
SELECT id, scheduled_for AS "scheduledFor", job_id AS "jobId", revision, trigger, queue, overlap,
  worker_id AS "workerId", attempt, due_at AS "dueAt", started_at AS "startedAt", losses, parameters,
  covers, covers_from AS "coversFrom", covers_to AS "coversTo",
  state_version AS "stateVersion",
  ${isProbe} AS "isProbe",
  log_lines AS "logLines", log_bytes AS "logBytes", default_timeout_ms AS "defaultTimeoutMs",
  ${isFirst ? 'NULL' : EARLIER} AS earlier
FROM changed
WHERE (SELECT count(*) FROM told) >= 0
ORDER BY due_at, id`;

const EARLIER = `CASE WHEN attempt > 1 THEN (
    SELECT json_agg(json_build_object(
        'outcome', a.outcome, 'startedAt', a.started_at, 'retryRule', a.retry_rule) ORDER BY a.number)
    FROM attempt a WHERE a.run_id = changed.id AND a.scheduled_for = changed.scheduled_for
  ) END`;
