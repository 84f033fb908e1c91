import { isFinal, type RunState, type SkipReason, type Trigger } from './states.ts';

/** A run as lists show it. Instants are ISO 8601 in UTC. */
export type RunSummary = {
  id: number;
  jobId: number;
  jobKey: string;
  isJobDeleted: boolean;
  jobLabels: Record<string, string>;
  revision: number;
  /** Its revision was on trial when it was made. */
  isOnTrial: boolean;
  trigger: Trigger;
  state: RunState;
  skipReason: SkipReason | null;
  scheduledFor: string;
  /** The tick that a request stands for. */
  forTick: string | null;
  /** What its last attempt was told to cover: after `from` (null: from the beginning) up to `to`. Null: none has begun. */
  covers: { from: string | null; to: string } | null;
  dueAt: string;
  /** Of the present or last attempt. */
  startedAt: string | null;
  finishedAt: string | null;
  /** Of the last attempt, once it has ended. */
  durationMs: number | null;
  attempts: number;
  failedAttempts: number;
  worker: { id: number; name: string } | null;
  queue: string;
  kind: string;
  cause: string | null;
  requestedBy: string | null;
  note: string | null;
  retryOf: number | null;
  /** The backfill that made it. */
  backfillId: number | null;
  isCancelRequested: boolean;
  /** Due, but held while its job is paused. */
  isHeld: boolean;
};

export type RunRow = {
  id: number;
  jobId: number;
  jobKey: string | null;
  isJobDeleted: boolean | null;
  jobLabels: Record<string, string> | null;
  revision: number;
  isOnTrial: boolean;
  trigger: Trigger;
  state: RunState;
  skipReason: SkipReason | null;
  scheduledFor: Date;
  forTick: Date | null;
  coversFrom: Date | null;
  coversTo: Date | null;
  dueAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  attempt: number;
  workerId: number | null;
  workerName: string | null;
  queue: string;
  kind: string;
  cause: string | null;
  requestedBy: string | null;
  note: string | null;
  retryOf: number | null;
  backfillId: number | null;
  cancelRequestedAt: Date | null;
  hold: string | null;
};

/** The run's own columns that a `RunRow` needs, of the row `r`. */
export const RUN_COLUMNS = `
  r.id, r.job_id, r.revision, r.trigger, r.state, r.skip_reason, r.scheduled_for, r.for_tick, r.covers_from, r.covers_to, r.due_at, r.started_at,
  r.finished_at, r.attempt, r.worker_id, r.queue, r.kind, r.cause, r.requested_by, r.note, r.retry_of,
  r.backfill_id,
  r.cancel_requested_at, r.hold, r.created_at`;

/** From rows `r` with RUN_COLUMNS, `j` (job) and `w` (worker). */
export const AS_RUN_ROW = `
  r.id, r.job_id AS "jobId", j.key AS "jobKey", j.deleted_at IS NOT NULL AS "isJobDeleted", j.labels AS "jobLabels", r.revision, r.trigger,
  r.state, r.skip_reason AS "skipReason", r.scheduled_for AS "scheduledFor", r.for_tick AS "forTick",
  r.covers_from AS "coversFrom", CASE WHEN r.attempt > 0 THEN r.covers_to END AS "coversTo",
  r.due_at AS "dueAt", r.started_at AS "startedAt", r.finished_at AS "finishedAt", r.attempt,
  r.worker_id AS "workerId", w.name AS "workerName", r.queue, r.kind, r.cause, r.requested_by AS "requestedBy",
  r.note, r.retry_of AS "retryOf", r.backfill_id AS "backfillId", r.cancel_requested_at AS "cancelRequestedAt", r.hold,
  EXISTS (SELECT FROM trial t
           WHERE t.job_id = r.job_id AND r.revision >= t.revision AND r.created_at >= t.started_at
             AND (t.ended_at IS NULL OR r.created_at < t.ended_at)) AS "isOnTrial"`;

export const JOIN_NAMES = `
  LEFT JOIN job j ON j.id = r.job_id
  LEFT JOIN worker w ON w.id = r.worker_id`;

export function summaryOf(row: RunRow): RunSummary {
  const { startedAt, finishedAt } = row;
  return {
    id: row.id,
    jobId: row.jobId,
    jobKey: row.jobKey ?? '',
    isJobDeleted: row.isJobDeleted ?? true,
    jobLabels: row.jobLabels ?? {},
    revision: row.revision,
    isOnTrial: row.isOnTrial,
    trigger: row.trigger,
    state: row.state,
    skipReason: row.skipReason,
    scheduledFor: row.scheduledFor.toISOString(),
    forTick: iso(row.forTick),
    covers: row.coversTo && { from: iso(row.coversFrom), to: row.coversTo.toISOString() },
    dueAt: row.dueAt.toISOString(),
    startedAt: iso(startedAt),
    finishedAt: iso(finishedAt),
    durationMs: durationOf(row),
    attempts: row.attempt,
    failedAttempts: failedAttempts(row),
    worker: row.workerId === null ? null : { id: row.workerId, name: row.workerName ?? '' },
    queue: row.queue,
    kind: row.kind,
    cause: row.cause,
    requestedBy: row.requestedBy,
    note: row.note,
    retryOf: row.retryOf,
    backfillId: row.backfillId,
    isCancelRequested: row.cancelRequestedAt !== null && !isFinal(row.state),
    isHeld: row.hold !== null,
  };
}

/** Of the last attempt; null for a run that never started or hasn't ended. */
export function durationOf(run: Pick<RunRow, 'startedAt' | 'finishedAt'>): number | null {
  if (!run.startedAt || !run.finishedAt) return null;
  return Math.max(0, run.finishedAt.getTime() - run.startedAt.getTime());
}

/** How many attempts ended badly, for the stubs under a bar. */
export function failedAttempts({ state, attempt }: Pick<RunRow, 'state' | 'attempt'>): number {
  switch (state) {
    case 'queued':
    case 'failed':
    case 'timed_out':
    case 'lost':
      return attempt;
    case 'running':
    case 'succeeded':
    case 'cancelled':
    case 'skipped':
      return Math.max(0, attempt - 1);
  }
}

const iso = (instant: Date | null) => instant?.toISOString() ?? null;
