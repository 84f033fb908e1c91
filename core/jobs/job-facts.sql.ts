import { inScope } from '../auth/scope.sql.ts';
import type { RunState } from '../runs/states.ts';
import {
  BAD_STATES,
  JOB_STATES,
  type JobState,
  OVERDUE_AFTER_MS,
  UNPLANNED_AFTER_MS,
} from './job-state.ts';

/** What a job's row and its runs say of it at this moment. */
export type JobFacts = {
  id: number;
  key: string;
  state: JobState;
  kind: string;
  queue: string;
  owner: string;
  labels: Record<string, string>;
  isSample: boolean;
  revision: number;
  hasSchedule: boolean;
  createdAt: Date;
  deletedAt: Date | null;
  pausedAt: Date | null;
  pausedBy: string | null;
  pauseReason: string | null;
  pauseUntil: Date | null;
  /** As saved: a `StandingAnswer`. */
  resumeAnswer: unknown;
  /** Null while it, or everything, is paused. */
  nextTickAt: Date | null;
  lastRunId: number | null;
  lastState: RunState | null;
  lastAt: Date | null;
  lastFinishedAt: Date | null;
  lastStartedAt: Date | null;
  lastCause: string | null;
  running: number;
  runningRunId: number | null;
  runningSince: Date | null;
  overdueSince: Date | null;
  overdueRunId: number | null;
};

const TOLD_STATES = ['succeeded', ...BAD_STATES].map((state) => `'${state}'`).join(', ');
const BAD = BAD_STATES.map((state) => `'${state}'`).join(', ');

/**
 * A job's latest run that says how it does, as LATERAL. A run that has ended wasn't scheduled for tomorrow: the months
 * ahead needn't be looked into.
 */
const LAST_TOLD_RUN = `
      SELECT r.id, r.state, r.scheduled_for, r.started_at, r.finished_at, r.cause FROM run r
       WHERE r.is_live = false AND r.job_id = j.id AND r.state IN (${TOLD_STATES})
         AND r.scheduled_for < now() + interval '1 day' AND r.trigger <> 'test'
       ORDER BY r.scheduled_for DESC, r.id DESC LIMIT 1`;

/**
 * How many jobs the scope in the parameter tells of, and how many of them are `failing`, without all else that is known of
 * them.
 */
export const countJobs = (scope: string) => `
SELECT count(*)::int AS jobs, count(*) FILTER (WHERE last.state IN (${BAD}))::int AS "failingJobs"
  FROM job j
  LEFT JOIN LATERAL (${LAST_TOLD_RUN}) AS last ON j.paused_at IS NULL
 WHERE j.deleted_at IS NULL AND ${inScope('j.labels', scope)}`;

// As core/runs/by-key.sql.ts has it, a planner that takes the live partition for empty mustn't find a plan that is good
// only then. Said in the words of a partial index, `state = 'queued' AND hold IS NULL` made it read all overdue runs for
// each job: 10,000 jobs with 3,300 overdue runs took longer than 10 s, and take 115 ms so, most of it for the latest run
// of each. Joined as they stand, running runs would be gone through for each job; a record set is thought to have 100
// rows, and is hashed.
const UNCLAIMED = `r.worker_id IS NULL AND coalesce(r.hold, '') = '' AND r.attempt = 0`;

/**
 * CTEs up to `fact`: every job for which `condition` (over `j`) holds, with its state. Each look into the ledger is an
 * index scan that stops at the first row, so it costs by the job and not by the run.
 */
export const factsOfJobs = (condition: string) => `
running_jobs AS MATERIALIZED (
  SELECT r.job_id, count(*)::int AS running, min(r.started_at) AS since,
         (array_agg(r.id ORDER BY r.started_at))[1] AS run_id
    FROM run_live r WHERE r.state = 'running' GROUP BY r.job_id
), running AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(coalesce((SELECT jsonb_agg(running_jobs) FROM running_jobs), '[]'))
    AS one (job_id int, running int, since timestamptz, run_id bigint)
), fact AS MATERIALIZED (
  SELECT j.id, j.key, j.kind, j.queue, j.owner, j.labels, j.is_sample, j.revision, j.has_schedule, j.created_at, j.deleted_at,
         j.paused_at, j.paused_by, j.pause_reason, j.pause_until, j.resume_answer,
         j.paused_at IS NULL AND i.paused_at IS NULL AND j.deleted_at IS NULL AS is_firing, j.next_tick_at,
         last.id AS last_run_id, last.state AS last_state, last.scheduled_for AS last_at, last.cause AS last_cause,
         last.finished_at AS last_finished_at, last.started_at AS last_started_at,
         coalesce(running.running, 0) AS running, running.run_id AS running_run_id, running.since AS running_since,
         CASE WHEN j.paused_at IS NULL AND i.paused_at IS NULL AND j.deleted_at IS NULL
              THEN coalesce(waiting.due_at, CASE WHEN j.next_tick_at < now() - ${UNPLANNED_AFTER_MS} * interval '1 millisecond'
                                                 THEN j.next_tick_at END) END AS overdue_since,
         waiting.id AS overdue_run_id
    FROM job j
   CROSS JOIN installation i
    LEFT JOIN running ON running.job_id = j.id
    LEFT JOIN LATERAL (${LAST_TOLD_RUN}) AS last ON true
    LEFT JOIN LATERAL (
      SELECT r.id, r.due_at FROM run_live r
       WHERE r.job_id = j.id AND ${UNCLAIMED} AND r.trigger <> 'test'
         AND r.due_at < now() - ${OVERDUE_AFTER_MS} * interval '1 millisecond'
       ORDER BY r.due_at LIMIT 1) AS waiting ON true
   WHERE ${condition}
), told AS (
  SELECT fact.*,
         CASE WHEN paused_at IS NOT NULL THEN 'paused'
              WHEN last_state IN (${BAD}) THEN 'failing'
              WHEN overdue_since IS NOT NULL THEN 'overdue'
              WHEN running > 0 THEN 'running'
              WHEN last_state IS NULL THEN 'never_ran'
              ELSE 'healthy' END AS state
    FROM fact
)`;

/**
 * What needs a person stands first. A job that runs stands with the healthy ones: many run for a second of each minute,
 * and would jump to and fro under the pointer.
 */
export const RANK = `array_position('{${JOB_STATES.filter((state) => state !== 'running').join(',')}}'::text[],
                                    CASE t.state WHEN 'running' THEN 'healthy' ELSE t.state END)`;

/**
 * Of a row `t` of the CTE `told`: ticks of the next minute are rows already, the others stand at the job. It is looked up
 * for the rows that are shown: for all 10,000 jobs it would cost another 15 ms.
 */
export const NEXT_TICK = `
  CASE WHEN t.is_firing THEN coalesce(CASE WHEN t.has_schedule THEN (
    SELECT r.scheduled_for FROM run_live r
     WHERE r.job_id = t.id AND r.worker_id IS NULL AND r.trigger = 'tick' AND r.attempt = 0 AND r.due_at > now()
     ORDER BY r.due_at LIMIT 1) END, t.next_tick_at) END`;

/** From rows `t` of the CTE `told`. */
export const AS_JOB_FACTS = `
  t.id, t.key, t.state, t.kind, t.queue, t.owner, t.labels, t.is_sample AS "isSample", t.revision,
  t.has_schedule AS "hasSchedule", t.created_at AS "createdAt", t.deleted_at AS "deletedAt", t.paused_at AS "pausedAt",
  t.paused_by AS "pausedBy", t.pause_reason AS "pauseReason",
  t.pause_until AS "pauseUntil", t.resume_answer AS "resumeAnswer", ${NEXT_TICK} AS "nextTickAt",
  t.last_run_id AS "lastRunId", t.last_state AS "lastState", t.last_at AS "lastAt", t.last_cause AS "lastCause",
  t.last_finished_at AS "lastFinishedAt", t.last_started_at AS "lastStartedAt", t.running,
  t.running_run_id AS "runningRunId", t.running_since AS "runningSince", t.overdue_since AS "overdueSince",
  t.overdue_run_id AS "overdueRunId"`;
