import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Sql } from '../db.ts';
import type { PauseEvidence } from '../auto-pause/auto-pause-rule.ts';
import { IS_TRIED } from '../circuits/circuits.sql.ts';
import type { OverlapRule } from '../jobs/definition.ts';
import type { SecretLimits } from '../secrets/limits.ts';
import { GOES_BEFORE, PLACE_IN_JOB } from '../runs/order-in-job.sql.ts';
import type {
  CircuitOfSnapshot,
  EndedRun,
  LiveTick,
  MissedGap,
  RunBefore,
  RunOfSnapshot,
  WhySnapshot,
  WorkerOfSnapshot,
} from './snapshot.ts';

/** A running run before the durations of its job are known. */
export type RunningRow = {
  /** Of a job that whoever asks may not know of. */
  isOfOther: boolean;
  runId: number;
  jobId: number;
  jobKey: string;
  sinceMs: number;
  limitMs: number | null;
};

/** The runs of a host's circuit may be of jobs that whoever asks may not know of. */
export type CircuitRow = Omit<CircuitOfSnapshot, 'isTriedByOther'> & {
  isOpenedByOther: boolean;
  isTriedByOther: boolean;
};

/** What one statement tells of a job, or of a run and its job. Instants are ms since 1970. */
export type SituationRow = {
  nowMs: number;
  isReadOnly: boolean;
  allPausedMs: number | null;
  allPausedBy: string | null;
  allPauseReason: string | null;
  allPauseUntilMs: number | null;
  jobId: number;
  jobKey: string;
  labels: Record<string, string>;
  revision: number;
  deletedAtMs: number | null;
  createdAtMs: number;
  pausedAtMs: number | null;
  pausedBy: string | null;
  pauseReason: string | null;
  pauseUntilMs: number | null;
  pauseEvidence: PauseEvidence | null;
  circuit: CircuitRow | null;
  hasSchedule: boolean;
  nextTickAtMs: number | null;
  isReplanned: boolean;
  /** Where ticks count from the end of runs: when the last one ended, as far as that was noted, and the one that hasn't. */
  lastEndAtMs: number | null;
  liveTick: LiveTick | null;
  queue: string;
  kind: string;
  /** Of the current revision, as it was saved. */
  schedule: unknown;
  overlap: OverlapRule | null;
  maxParallel: number | null;
  priority: number | null;
  runsOn: Record<string, string> | null;
  startDeadlineMs: number | null;
  run: (RunOfSnapshot & { needs: RunNeeds }) | null;
  before: RunBefore | null;
  runningCount: number;
  running: RunningRow[];
  ended: EndedRun[];
  missed: MissedGap | null;
  proposal: WhySnapshot['proposal'];
  ownerOff: WhySnapshot['ownerOff'];
  /** Those that the current revision uses; the others are null for one that isn't there. */
  secrets: ({ name: string } & ({ keyId: null } | ({ keyId: string } & SecretLimits)))[];
  workers: WorkerOfSnapshot[];
  lastWorker: WhySnapshot['lastWorker'];
  queueName: string;
  maxRunning: number;
  maxWaiting: number;
  queueRunning: number;
  rateStarts: number | null;
  rateMs: number | null;
  rateLog: unknown;
};

type RunNeeds = {
  queue: string;
  kind: string;
  overlap: OverlapRule;
  maxParallel: number | null;
  priority: number;
  runsOn: Record<string, string> | null;
};

/** By key or by run; undefined when there is no such job or run that the scope tells of. */
export async function readSituation(
  sql: Sql,
  asked: { key: string } | { runId: number },
  scope: Scope,
): Promise<SituationRow | undefined> {
  const byKey = 'key' in asked;
  const [row] = await sql<SituationRow>(byKey ? OF_JOB : OF_RUN, [
    byKey ? asked.key : asked.runId,
    scopeParameter(scope),
  ]);
  if (row) await knowCalendars(sql, [row.schedule]);
  return row;
}

const ms = (instant: string) => `(extract(epoch FROM ${instant}) * 1000)::bigint`;

const RUN_COLUMNS = `r.id, r.state, r.trigger, r.job_id, r.queue, r.kind, r.overlap, r.max_parallel, r.priority, r.runs_on,
  r.scheduled_for, r.due_at, r.start_by, r.hold, r.attempt, r.skip_reason, r.cause, r.finished_at, r.held_by`;

/** A job's timeout as its revision has it, else its queue's. */
export const LIMIT = (run: string) => `coalesce(
  (SELECT (v.definition ->> 'timeoutMs')::bigint FROM revision v WHERE v.job_id = ${run}.job_id AND v.number = ${run}.revision),
  (SELECT q.default_timeout_ms FROM queue q WHERE q.name = ${run}.queue))`;

const isOfOther = (
  runId: string,
) => `($2::jsonb[] IS NOT NULL AND ${runId} IS NOT NULL AND NOT EXISTS (
    SELECT FROM run o JOIN job k ON k.id = o.job_id
     WHERE o.id = ${runId} AND o.is_live IN (true, false) AND ${inScope('k.labels', '$2')}))`;

// The first CTE names the job, and the run that was asked for or would start first. Each look into the ledger is an index
// scan with an end: what it costs doesn't grow with history.
const situation = (asked: string) => `
WITH ${asked}, subject AS MATERIALIZED (
  SELECT j.*, v.definition AS saved FROM job j
    JOIN asked_job ON j.id = asked_job.id
    LEFT JOIN revision v ON v.job_id = j.id AND v.number = j.revision
), own AS MATERIALIZED (
  SELECT r.id, r.job_id, r.revision, r.queue, r.started_at FROM run_live r JOIN subject ON r.job_id = subject.id
   WHERE r.state = 'running'
), busy AS MATERIALIZED (
  SELECT worker_id, count(*)::int AS runs FROM run_live WHERE state = 'running' GROUP BY worker_id
), needed AS (
  SELECT coalesce((SELECT queue FROM asked_run), subject.queue) AS queue FROM subject
)
SELECT ${ms('clock_timestamp()')} AS "nowMs",
  current_setting('transaction_read_only') = 'on' OR pg_is_in_recovery() AS "isReadOnly",
  ${ms('i.paused_at')} AS "allPausedMs", i.paused_by AS "allPausedBy", i.pause_reason AS "allPauseReason",
  ${ms('i.pause_until')} AS "allPauseUntilMs",
  s.id AS "jobId", s.key AS "jobKey", s.labels, s.revision, ${ms('s.deleted_at')} AS "deletedAtMs",
  ${ms('s.created_at')} AS "createdAtMs", ${ms('s.paused_at')} AS "pausedAtMs", s.paused_by AS "pausedBy",
  s.pause_reason AS "pauseReason", ${ms('s.pause_until')} AS "pauseUntilMs", s.pause_evidence AS "pauseEvidence",
  (SELECT jsonb_build_object('host', c.host, 'openedAtMs', ${ms('c.opened_at')}, 'untilMs', ${ms('c.open_until')},
      'cause', c.cause, 'openedByRun', c.opened_by_run, 'isOpenedByOther', ${isOfOther('c.opened_by_run')},
      'triedBy', CASE WHEN ${IS_TRIED('c')} THEN c.probe_run_id END,
      'isTriedByOther', ${IS_TRIED('c')} AND ${isOfOther('c.probe_run_id')})
     FROM circuit c
    WHERE c.open_until IS NOT NULL AND (s.circuit = 'job' AND c.job_id = s.id OR s.circuit = 'host:' || c.host)
    LIMIT 1) AS circuit,
  s.has_schedule AS "hasSchedule", ${ms('s.next_tick_at')} AS "nextTickAtMs",
  s.replan_from IS NOT NULL AS "isReplanned", ${ms('s.last_end_at')} AS "lastEndAtMs",
  CASE WHEN s.counts_from_end THEN (
    SELECT jsonb_build_object('runId', r.id, 'isRunning', r.state = 'running', 'scheduledForMs', ${ms('r.scheduled_for')},
        'startedMs', ${ms('r.started_at')})
      FROM run_live r WHERE r.job_id = s.id AND r.trigger = 'tick' ORDER BY r.scheduled_for LIMIT 1) END AS "liveTick",
  s.queue, s.kind,
  s.saved -> 'schedule' AS schedule, s.saved ->> 'overlap' AS overlap, (s.saved ->> 'maxParallel')::int AS "maxParallel",
  (s.saved ->> 'priority')::int AS priority, s.saved -> 'runsOn' AS "runsOn",
  (s.saved ->> 'startDeadlineMs')::bigint AS "startDeadlineMs",
  (SELECT jsonb_build_object('id', r.id, 'state', r.state, 'trigger', r.trigger, 'scheduledForMs', ${ms('r.scheduled_for')},
      'dueAtMs', ${ms('r.due_at')}, 'startByMs', ${ms('r.start_by')}, 'isHeld', r.hold IS NOT NULL, 'attempt', r.attempt,
      'skipReason', r.skip_reason, 'cause', r.cause, 'finishedAtMs', ${ms('r.finished_at')},
      'heldBy', (SELECT jsonb_build_object('name', b.name, 'by', b.created_by) FROM blackout b WHERE b.id = r.held_by),
      'needs', jsonb_build_object('queue', r.queue, 'kind', r.kind, 'overlap', r.overlap, 'maxParallel', r.max_parallel,
        'priority', r.priority, 'runsOn', r.runs_on)) FROM asked_run r) AS run,
  (SELECT jsonb_build_object('runId', o.id, 'isRunning', o.state = 'running', 'attempt', o.attempt,
      'sinceMs', ${ms("CASE WHEN o.state = 'running' THEN o.started_at ELSE o.due_at END")})
     FROM asked_run r JOIN run_live o ON o.job_id = r.job_id AND o.hold IS NULL AND ${GOES_BEFORE}
    WHERE r.state = 'queued'
    ORDER BY ${PLACE_IN_JOB('o')} LIMIT 1) AS before,
  (SELECT count(*)::int FROM own) AS "runningCount",
  coalesce((SELECT jsonb_agg(jsonb_build_object('runId', o.id, 'isOfOther', false, 'jobId', s.id, 'jobKey', s.key,
      'sinceMs', ${ms('o.started_at')}, 'limitMs', ${LIMIT('o')}) ORDER BY o.started_at)
    FROM (SELECT * FROM own ORDER BY started_at, id LIMIT 5) AS o), '[]') AS running,
  coalesce((SELECT jsonb_agg(jsonb_build_object('runId', e.id, 'state', e.state, 'isTick', e.trigger = 'tick',
      'skipReason', e.skip_reason, 'scheduledForMs', ${ms('e.scheduled_for')}, 'finishedAtMs', ${ms('e.finished_at')})
      ORDER BY e.scheduled_for DESC, e.id DESC)
    FROM (SELECT r.id, r.state, r.trigger, r.skip_reason, r.scheduled_for, r.finished_at FROM run r
           WHERE r.is_live = false AND r.job_id = s.id AND r.trigger <> 'test'
           ORDER BY r.scheduled_for DESC, r.id DESC LIMIT 50) AS e), '[]') AS ended,
  (SELECT jsonb_build_object('fromMs', ${ms('lower(g.span)')}, 'toMs', ${ms('upper(g.span)')}, 'ticks', g.ticks, 'note', g.note)
     FROM (SELECT * FROM gap WHERE job_id = s.id ORDER BY created_at DESC LIMIT 1) AS g
    WHERE g.reason = 'missed') AS missed,
  (SELECT jsonb_build_object('by', p.proposed_by, 'atMs', ${ms('p.proposed_at')})
     FROM proposal p WHERE p.job_id = s.id AND p.state = 'open') AS proposal,
  (SELECT jsonb_build_object('name', u.name, 'atMs', ${ms('u.disabled_at')}) FROM "user" u
    WHERE s.owner IN (u.email, u.name) AND s.owner <> '' AND u.disabled_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM "user" n WHERE s.owner IN (n.email, n.name) AND n.disabled_at IS NULL)
    LIMIT 1) AS "ownerOff",
  coalesce((SELECT jsonb_agg(jsonb_build_object('name', used.name, 'keyId', x.key_id, 'jobs', x.jobs, 'labels', x.labels)
      ORDER BY used.name)
    FROM unnest(s.secrets) AS used (name) LEFT JOIN secret x ON x.name = used.name), '[]') AS secrets,
  coalesce((SELECT jsonb_agg(jsonb_build_object('id', w.id, 'name', w.name, 'isAlive', w.lease_until > clock_timestamp(),
      'isDraining', w.state = 'draining', 'drainRequestedBy', w.drain_requested_by, 'queues', w.queues, 'kinds', w.kinds,
      'labels', w.labels, 'slots', w.slots, 'running', coalesce(busy.runs, 0), 'heardAtMs', ${ms('w.heartbeat_at')},
      'clockOffsetMs', w.clock_offset_ms, 'secretKeys', w.secret_keys) ORDER BY w.name, w.id)
    FROM (SELECT * FROM worker WHERE ended_at IS NULL ORDER BY name, id LIMIT 1000) AS w
    LEFT JOIN busy ON busy.worker_id = w.id), '[]') AS workers,
  (SELECT jsonb_build_object('name', w.name, 'heardAtMs', ${ms('w.heartbeat_at')}, 'state', w.state)
     FROM (SELECT * FROM worker ORDER BY id DESC LIMIT 20) AS w
    ORDER BY w.heartbeat_at DESC LIMIT 1) AS "lastWorker",
  q.name AS "queueName", q.max_running AS "maxRunning", q.max_waiting AS "maxWaiting",
  q.rate_starts AS "rateStarts", q.rate_ms AS "rateMs", q.rate_log AS "rateLog",
  (SELECT count(*)::int FROM run_live r WHERE r.state = 'running' AND r.queue = q.name) AS "queueRunning"
FROM subject s
CROSS JOIN installation i
CROSS JOIN needed
JOIN queue q ON q.name = needed.queue`;

// A key in use has an index; only for one that isn't are all jobs gone through. Of a job's waiting runs the first that
// is due or waits for its retry counts, then the next that is planned, and what is held last.
const OF_JOB = situation(`
asked_job AS MATERIALIZED (
  SELECT coalesce(
    (SELECT id FROM job WHERE key = $1::text AND deleted_at IS NULL AND ${inScope('labels', '$2')}),
    (SELECT id FROM job WHERE key = $1::text AND ${inScope('labels', '$2')} ORDER BY id DESC LIMIT 1)) AS id
), asked_run AS MATERIALIZED (
  SELECT ${RUN_COLUMNS} FROM asked_job CROSS JOIN LATERAL (
    SELECT r.* FROM run_live r WHERE r.job_id = asked_job.id AND r.state = 'queued' ORDER BY r.due_at LIMIT 1000) AS r
   ORDER BY r.hold IS NOT NULL, r.due_at > statement_timestamp() AND r.attempt = 0, r.due_at, r.id
   LIMIT 1
)`);

const OF_RUN = situation(`
asked_run AS MATERIALIZED (
  SELECT ${RUN_COLUMNS} FROM run r
   WHERE r.id = $1::bigint AND r.is_live IN (true, false)
     AND ($2::jsonb[] IS NULL OR EXISTS (SELECT FROM job j WHERE j.id = r.job_id AND ${inScope('j.labels', '$2')}))
), asked_job AS MATERIALIZED (
  SELECT job_id AS id FROM asked_run
)`);
