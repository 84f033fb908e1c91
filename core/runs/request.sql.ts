import type { Sql } from '../db.ts';
import type { JobDefinition } from '../jobs/definition.ts';
import type { ParameterValues } from '../jobs/parameters.ts';
import { assignRequests } from '../trials/assign.ts';
import type { Trigger } from './states.ts';
import { TELL_CONSOLE, wakeWorkers } from './told.sql.ts';

/** A run that a person or a key asks for: it carries its own time, and is due at once. */
export type RequestedRun = {
  jobId: number;
  revision: number;
  definition: JobDefinition;
  trigger: Exclude<Trigger, 'tick'>;
  /** The tick that it stands for, if any. */
  forTick: Date | null;
  retryOf: number | null;
  requestedBy: string;
  note: string | null;
  /** Null: the job has none. */
  parameters: ParameterValues | null;
  /** When it becomes due, ms from now; at once without it. */
  dueAfterMs?: number;
  /** When it becomes due instead: a blackout, which it names, holds it until then. */
  held?: { until: Date; by: number };
  /** Another rule for overlaps than the job's. */
  overlap?: JobDefinition['overlap'];
  /** False: its success isn't the job's, and moves nothing on. */
  covers?: boolean;
  /** Of a test: the stretch of another run, instead of its own. */
  stretch?: { from: Date | null; to: Date } | undefined;
};

/**
 * Makes the runs, tells the consoles of them and wakes the workers.
 *
 * @returns the new runs' ids, in the order asked for
 */
export async function insertRequestedRuns(
  sql: Sql,
  requests: readonly RequestedRun[],
): Promise<number[]> {
  const rows = await sql<{ id: number; hasTrial: boolean }>(INSERT_REQUESTED, [
    JSON.stringify(requests.map(rowOf)),
  ]);
  const unwatched = requests.flatMap(({ jobId, trigger }, index) =>
    rows[index]!.hasTrial && UNWATCHED.includes(trigger) ? [{ jobId, runId: rows[index]!.id }] : [],
  );
  await assignRequests(sql, unwatched);
  return rows.map(({ id }) => id);
}

/** While a revision is on trial, these share its runs as ticks do; who asks by hand has the newest revision. */
const UNWATCHED: readonly Trigger[] = ['api', 'resume', 'chain'];

function rowOf(request: RequestedRun) {
  const { queue, work, priority, overlap, maxParallel, mayRunTwice, runsOn } = request.definition;
  return {
    job_id: request.jobId,
    revision: request.revision,
    trigger: request.trigger,
    for_tick: request.forTick,
    retry_of: request.retryOf,
    requested_by: request.requestedBy,
    note: request.note,
    parameters: request.parameters,
    due_after_ms: request.dueAfterMs ?? 0,
    held_until: request.held?.until ?? null,
    held_by: request.held?.by ?? null,
    queue,
    kind: work.kind,
    priority,
    overlap: request.overlap ?? overlap,
    max_parallel: maxParallel,
    may_run_twice: mayRunTwice,
    runs_on: Object.keys(runsOn).length > 0 ? runsOn : null,
    covers: request.covers ?? true,
    covers_from: request.stretch?.from ?? null,
    covers_to: request.stretch?.to ?? null,
  };
}

// Ids are drawn in the order asked for, so that sorting by id gives it back. A request has no start deadline: who asked
// waits for it.
const INSERT_REQUESTED = `
WITH asked AS (
  SELECT * FROM ROWS FROM (jsonb_to_recordset($1::text::jsonb) AS (
    job_id int, revision int, trigger text, for_tick timestamptz, retry_of bigint, requested_by text, note text,
    parameters jsonb, due_after_ms bigint, held_until timestamptz, held_by int, queue text, kind text, priority smallint, overlap text, max_parallel int, may_run_twice boolean, runs_on jsonb,
    covers boolean, covers_from timestamptz, covers_to timestamptz
  )) WITH ORDINALITY
), numbered AS MATERIALIZED (
  SELECT asked.*, nextval('run_id_seq') AS id FROM asked ORDER BY ordinality
), changed AS (
  INSERT INTO run (id, is_live, state, scheduled_for, due_at, held_by, job_id, revision, trigger, for_tick, retry_of, requested_by,
                   note, parameters, queue, kind, priority, overlap, max_parallel, may_run_twice, runs_on, covers, covers_from, covers_to)
  SELECT id, true, 'queued', date_trunc('milliseconds', clock_timestamp()),
         coalesce(held_until, date_trunc('milliseconds', clock_timestamp()) + due_after_ms * interval '1 millisecond'),
         held_by,
         job_id, revision, trigger, for_tick, retry_of, requested_by,
         note, parameters, queue, kind, priority, overlap, max_parallel, may_run_twice, runs_on, covers, covers_from, covers_to
    FROM numbered
  RETURNING id, job_id
), ${TELL_CONSOLE}, woken AS MATERIALIZED (
  SELECT ${wakeWorkers('look')}
)
SELECT id, EXISTS (SELECT FROM trial t WHERE t.job_id = changed.job_id AND t.ended_at IS NULL) AS "hasTrial",
  (SELECT count(*) FROM told) AS told, (SELECT count(*) FROM woken) AS woken
FROM changed ORDER BY id`;

/** While it is, nothing is claimed, whoever asked for it. */
export async function isEverythingPaused(sql: Sql): Promise<boolean> {
  const rows = await sql('SELECT FROM installation WHERE paused_at IS NOT NULL');
  return rows.length > 0;
}

/** A job with its current revision, kept from being edited or deleted until the transaction ends. */
export type CurrentJob = {
  jobId: number;
  key: string;
  revision: number;
  isDeleted: boolean;
  labels: Record<string, string>;
  /** As saved. */
  definition: unknown;
};

export async function lockCurrentJobs(sql: Sql, jobIds: readonly number[]): Promise<CurrentJob[]> {
  return sql<CurrentJob>(
    `SELECT j.id AS "jobId", j.key, j.revision, j.deleted_at IS NOT NULL AS "isDeleted", j.labels, r.definition
       FROM job j JOIN revision r ON r.job_id = j.id AND r.number = j.revision
      WHERE j.id = ANY ($1::int[])
      ORDER BY j.id FOR SHARE OF j`,
    [[...new Set(jobIds)]],
  );
}

/** What a retry takes from the run that it tries again. */
export type RunToRetry = {
  id: number;
  jobId: number;
  isLive: boolean;
  trigger: Trigger;
  scheduledFor: Date;
  forTick: Date | null;
  parameters: Record<string, unknown> | null;
  /** Of the revision that it ran, as saved. */
  definition: unknown;
  /** What it was told to cover; `coversTo` is null when no attempt began. */
  coversFrom: Date | null;
  coversTo: Date | null;
};

export async function readRunsToRetry(sql: Sql, ids: readonly number[]): Promise<RunToRetry[]> {
  return sql<RunToRetry>(
    `SELECT r.id, r.job_id AS "jobId", r.is_live AS "isLive", r.trigger, r.scheduled_for AS "scheduledFor",
            r.for_tick AS "forTick", r.parameters, v.definition, r.covers_from AS "coversFrom", r.covers_to AS "coversTo"
       FROM run r LEFT JOIN revision v ON v.job_id = r.job_id AND v.number = r.revision
      WHERE r.id = ANY ($1::bigint[]) AND r.is_live IN (true, false) ORDER BY r.id`,
    [ids],
  );
}
