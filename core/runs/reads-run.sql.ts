import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';
import type { AttemptOutcome, Wait } from './states.ts';
import { AS_RUN_ROW, JOIN_NAMES, type RunRow } from './summary.ts';

/** The jobs of a scope that have or had this key, the present one first; at most five. */
export async function readJobIdsOfKey(sql: Sql, key: string, scope: Scope): Promise<number[]> {
  const rows = await sql<{ id: number }>(
    `SELECT id FROM job WHERE key = $1::text AND ${inScope('labels', '$2')}
      ORDER BY deleted_at DESC NULLS FIRST, id DESC LIMIT 5`,
    [key, scopeParameter(scope)],
  );
  return rows.map(({ id }) => id);
}

/** The job that a backfill is of, or none. */
export async function readJobIdsOfBackfill(sql: Sql, backfillId: number): Promise<number[]> {
  const rows = await sql<{ id: number }>('SELECT job_id AS id FROM backfill WHERE id = $1::int', [
    backfillId,
  ]);
  return rows.map(({ id }) => id);
}

export type RunDetailRow = RunRow & {
  parameters: Record<string, unknown> | null;
  cancelledBy: string | null;
  /** Its success is the job's. */
  coversForJob: boolean;
  logLines: number;
  logBytes: number;
  /** The current one of the job; `revision` is the run's. */
  jobRevision: number | null;
  /** Of the revision that the run runs, as saved. */
  definition: unknown;
};

export async function isRunThere(sql: Sql, id: number): Promise<boolean> {
  const rows = await sql('SELECT FROM run WHERE id = $1::bigint AND is_live IN (true, false)', [
    id,
  ]);
  return rows.length > 0;
}

export async function readRunRow(sql: Sql, id: number): Promise<RunDetailRow | undefined> {
  const [row] = await sql<RunDetailRow>(
    `SELECT ${AS_RUN_ROW}, r.parameters, r.cancelled_by AS "cancelledBy", r.covers AS "coversForJob", r.log_lines AS "logLines",
            r.log_bytes AS "logBytes", j.revision AS "jobRevision", v.definition
       FROM run r ${JOIN_NAMES}
       LEFT JOIN revision v ON v.job_id = r.job_id AND v.number = r.revision
      WHERE r.id = $1::bigint AND r.is_live IN (true, false)`,
    [id],
  );
  return row;
}

export type AttemptRow = {
  number: number;
  outcome: AttemptOutcome;
  workerId: number;
  workerName: string | null;
  dueAt: Date;
  startedAt: Date;
  finishedAt: Date;
  waitedFor: Wait | null;
  exitCode: number | null;
  signal: string | null;
  httpStatus: number | null;
  cause: string | null;
  causeLine: number | null;
  result: string | null;
  retryAt: Date | null;
  retryRule: string | null;
};

export async function readAttemptRows(
  sql: Sql,
  runId: number,
  scheduledFor: Date,
): Promise<AttemptRow[]> {
  return sql<AttemptRow>(
    `SELECT a.number, a.outcome, a.worker_id AS "workerId", w.name AS "workerName", a.due_at AS "dueAt",
            a.started_at AS "startedAt", a.finished_at AS "finishedAt", a.waited_for AS "waitedFor",
            a.exit_code AS "exitCode", a.signal, a.http_status AS "httpStatus", a.cause, a.cause_line AS "causeLine",
            a.result, a.retry_at AS "retryAt", a.retry_rule AS "retryRule"
       FROM attempt a LEFT JOIN worker w ON w.id = a.worker_id
      WHERE a.run_id = $1::bigint AND a.scheduled_for = $2::timestamptz
      ORDER BY a.number`,
    [runId, scheduledFor],
  );
}

/** The runs that try this one again, oldest first. */
export async function readRetriesOf(sql: Sql, runId: number): Promise<RunRow[]> {
  return sql<RunRow>(
    `SELECT ${AS_RUN_ROW} FROM run r ${JOIN_NAMES}
      WHERE r.retry_of = $1::bigint AND r.is_live IN (true, false) ORDER BY r.id LIMIT 20`,
    [runId],
  );
}

type Place = { jobId: number; scheduledFor: Date; id: number };

/** Finished runs of the job before this one, newest first; skipped and cancelled ones and tests say nothing of how it does. */
export async function readRunsBefore(sql: Sql, place: Place, limit: number): Promise<RunRow[]> {
  return sql<RunRow>(
    `SELECT ${AS_RUN_ROW} FROM (
       SELECT * FROM run r
        WHERE r.is_live = false AND r.job_id = $1::int
          AND r.scheduled_for <= $2::timestamptz AND (r.scheduled_for, r.id) < ($2::timestamptz, $3::bigint)
          AND r.state IN ('succeeded', 'failed', 'timed_out', 'lost') AND r.trigger <> 'test'
        ORDER BY r.scheduled_for DESC, r.id DESC LIMIT $4::int) AS r ${JOIN_NAMES}
      ORDER BY r.scheduled_for DESC, r.id DESC`,
    [place.jobId, place.scheduledFor, place.id, limit],
  );
}

/** The latest run that succeeded before this one, among the job's last 20,000. */
export async function readLastGoodRun(sql: Sql, place: Place): Promise<RunRow | undefined> {
  const [row] = await sql<RunRow>(
    `SELECT ${AS_RUN_ROW} FROM (
       SELECT * FROM (
         SELECT * FROM run r
          WHERE r.is_live = false AND r.job_id = $1::int
            AND r.scheduled_for <= $2::timestamptz AND (r.scheduled_for, r.id) < ($2::timestamptz, $3::bigint)
          ORDER BY r.scheduled_for DESC, r.id DESC LIMIT 20000) AS r
        WHERE r.state = 'succeeded' AND r.trigger <> 'test'
        ORDER BY r.scheduled_for DESC, r.id DESC LIMIT 1) AS r ${JOIN_NAMES}`,
    [place.jobId, place.scheduledFor, place.id],
  );
  return row;
}

export type Neighbours = { previousId: number | null; nextId: number | null };

/** The job's runs just before and after this one, whatever became of them. */
export async function readNeighbours(sql: Sql, place: Place): Promise<Neighbours> {
  const [row] = await sql<Neighbours>(
    `SELECT (SELECT r.id FROM run r
              WHERE r.job_id = $1::int AND r.is_live IN (true, false)
                AND r.scheduled_for <= $2::timestamptz AND (r.scheduled_for, r.id) < ($2::timestamptz, $3::bigint)
              ORDER BY r.scheduled_for DESC, r.id DESC LIMIT 1) AS "previousId",
            (SELECT r.id FROM run r
              WHERE r.job_id = $1::int AND r.is_live IN (true, false) AND r.scheduled_for <= statement_timestamp()
                AND r.scheduled_for >= $2::timestamptz AND (r.scheduled_for, r.id) > ($2::timestamptz, $3::bigint)
              ORDER BY r.scheduled_for, r.id LIMIT 1) AS "nextId"`,
    [place.jobId, place.scheduledFor, place.id],
  );
  return row!;
}
