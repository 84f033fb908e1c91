import type { Sql } from '../db.ts';
import { MOST_COUNTED } from '../queues/queues.sql.ts';
import { IS_ROW } from '../runs/by-key.sql.ts';
import type { OpenTrouble, QueueFigures, TableFigures, WorkerFigures } from './figures.ts';
import type { LagCount } from './lag.ts';

export type WorkerRow = Omit<WorkerFigures, 'report'> & { report: unknown };

export type QueueRow = Omit<QueueFigures, 'isPacedByRate'> & {
  rateStarts: number | null;
  rateMs: number | null;
  rateLog: unknown;
  nowMs: number;
};

/** Limits below 0 are none. Of other roles' transactions a role that may not look sees nothing. */
export type ConnectionRow = {
  used: number;
  most: number;
  usedByRole: number;
  mostOfRole: number;
  usedOfDatabase: number;
  mostOfDatabase: number;
  openMs: number | null;
  openName: string | null;
};

/** The size now, the oldest sample of the last two weeks, and whether there is one of today. */
export type SizeRow = {
  bytes: number;
  firstBytes: number | null;
  firstMsAgo: number | null;
  isSampledToday: boolean;
};

type FigureRows = {
  /** One row: how far the planner is behind, see `PLANNER_LAG`; for how long the archive couldn't be used, null: there is none. */
  installation: {
    isEverythingPaused: boolean;
    plannerLagMs: number;
    archiveFailingMs: number | null;
  }[];
  /** Those that haven't ended, by name. */
  workers: WorkerRow[];
  /** Lost within the hour, the latest first. */
  lostWorkers: { name: string; heardMsAgo: number }[];
  /** Of the last five minutes, and of the last day. */
  lags: (LagCount & { isNow: boolean })[];
  queues: QueueRow[];
  /** One row. */
  connections: ConnectionRow[];
  /** Tables of Punctual, the largest first; partitions by themselves. */
  tables: TableFigures[];
  /** Months from the last one to three ahead that lack a table of the ledger's, or have one that isn't attached. */
  missingMonths: { month: string; aheadBy: number }[];
  /** One row. */
  size: SizeRow[];
  openTroubles: OpenTrouble[];
};

/** All of them in one statement, since every process that watches asks for them two to six times a minute. */
export async function readFigureRows(sql: Sql): Promise<FigureRows> {
  const [rows] = await sql<FigureRows>(READ_ALL);
  return rows!;
}

const msSince = (instant: string) =>
  `(extract(epoch FROM clock_timestamp() - ${instant}) * 1000)::float8`;

const READ_WORKERS = `
SELECT w.id, w.name, w.host, w.version, w.state = 'active' AS "isActive", w.slots, w.slots_in_use AS "slotsInUse", w.queues,
       w.clock_offset_ms AS "clockOffsetMs", ${msSince('w.heartbeat_at')} AS "heardMsAgo",
       ${msSince('w.started_at')} AS "upMs", -${msSince('w.lease_until')} AS "leaseLeftMs",
       greatest(1, extract(epoch FROM w.lease_until - w.heartbeat_at) * 1000)::float8 AS "leaseMs", w.report
  FROM worker w
 WHERE w.ended_at IS NULL
 ORDER BY w.name, w.id
 LIMIT 1000`;

const READ_LOST = `
SELECT name, ${msSince('heartbeat_at')} AS "heardMsAgo"
  FROM worker
 WHERE state = 'lost' AND ended_at > now() - interval '1 hour'
 ORDER BY ended_at DESC LIMIT 100`;

/**
 * The age, in ms, of the oldest tick that is due and has no row yet. 0 when none is, and while everything is paused, when
 * nothing is planned.
 */
const PLANNER_LAG = `
CASE WHEN i.paused_at IS NULL THEN coalesce((
  SELECT greatest(0, extract(epoch FROM now() - min(next_tick_at)) * 1000)
    FROM job WHERE deleted_at IS NULL AND paused_at IS NULL), 0) ELSE 0 END::float8`;

const ARCHIVE_FAILING = `
(SELECT CASE WHEN place IS NOT NULL
             THEN coalesce(extract(epoch FROM now() - failing_since) * 1000, 0) END::float8 FROM archive)`;

const READ_INSTALLATION = `
SELECT i.paused_at IS NOT NULL AS "isEverythingPaused", ${PLANNER_LAG} AS "plannerLagMs",
       ${ARCHIVE_FAILING} AS "archiveFailingMs"
  FROM installation i`;

const READ_LAGS = `
SELECT minute > now() - interval '5 minutes' AS "isNow", waited, bucket, sum(starts)::int AS starts
  FROM start_lag
 WHERE minute > now() - interval '24 hours'
 GROUP BY 1, 2, 3`;

const LEVELS = `unnest('{2,1,0,-1,-2}'::smallint[]) AS level (priority)`;
const IS_DUE = `
              r.queue = q.name AND r.priority = level.priority AND r.state = 'queued' AND r.hold IS NULL
              AND r.due_at <= statement_timestamp()`;

// What occupies its job, waits for others of it or for a circuit has a reason to wait; of the rest the first few a
// queue and priority say whether anything could start.
const IS_FREE = `
              NOT EXISTS (SELECT FROM run_live o WHERE o.job_id = ANY (ARRAY[r.job_id]) AND o.id <> r.id AND o.hold IS NULL
                             AND (r.overlap <> 'allow' OR r.max_parallel IS NOT NULL)
                             AND (o.worker_id IS NULL, o.trigger = 'backfill', o.attempt = 0) < (true, false, true))
              AND NOT EXISTS (SELECT FROM job j WHERE j.id = r.job_id AND j.circuit IS NOT NULL)`;

const READ_QUEUES = `
SELECT q.name, q.max_running AS "maxRunning", q.max_waiting AS "maxWaiting",
       q.rate_starts AS "rateStarts", q.rate_ms AS "rateMs", q.rate_log AS "rateLog",
       (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs",
       (SELECT count(*) FROM run_live r WHERE r.state = 'running' AND r.queue = q.name)::int AS running,
       (SELECT count(*) FROM (
          SELECT FROM ${LEVELS}
           CROSS JOIN LATERAL (
             SELECT FROM run_live r WHERE ${IS_DUE} ORDER BY r.due_at, r.id LIMIT ${MOST_COUNTED}) AS due
           LIMIT ${MOST_COUNTED}) AS waiting)::int AS waiting,
       (SELECT ${msSince('min(oldest.due_at)')}
          FROM ${LEVELS}
         CROSS JOIN LATERAL (
           SELECT r.due_at FROM run_live r WHERE ${IS_DUE} ORDER BY r.due_at, r.id LIMIT 1) AS oldest) AS "oldestDueMs",
       (SELECT ${msSince('min(r.due_at)')}
          FROM ${LEVELS}
         CROSS JOIN LATERAL (
           SELECT r.id FROM run_live r WHERE ${IS_DUE} ORDER BY r.due_at, r.id LIMIT 10) AS due
          JOIN run_live r ON ${IS_ROW('r', 'due')}
         WHERE ${IS_FREE}) AS "oldestFreeMs"
  FROM queue q
 ORDER BY q.name`;

const READ_CONNECTIONS = `
WITH backend AS MATERIALIZED (
  SELECT datname, usename, pid, xact_start, application_name, backend_type FROM pg_stat_activity WHERE datname IS NOT NULL
), open AS (
  SELECT xact_start, application_name FROM backend
   WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend'
   ORDER BY xact_start LIMIT 1
)
SELECT (SELECT count(*) FROM backend)::int AS used,
       (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true)::int, 0)) AS most,
       (SELECT count(*) FROM backend WHERE usename = current_user)::int AS "usedByRole",
       (SELECT CASE WHEN rolsuper THEN -1 ELSE rolconnlimit END FROM pg_roles WHERE rolname = current_user) AS "mostOfRole",
       (SELECT count(*) FROM backend WHERE datname = current_database())::int AS "usedOfDatabase",
       (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS "mostOfDatabase",
       (SELECT ${msSince('xact_start')} FROM open) AS "openMs",
       (SELECT application_name FROM open) AS "openName"`;

const READ_TABLES = `
SELECT s.relname AS name, pg_total_relation_size(s.relid)::bigint AS bytes, s.n_live_tup AS "liveRows",
       s.n_dead_tup AS "deadRows",
       ${msSince('greatest(s.last_vacuum, s.last_autovacuum)')} AS "vacuumedMsAgo"
  FROM pg_stat_user_tables s
 WHERE s.schemaname = current_schema()
 ORDER BY 2 DESC, 1`;

const READ_MISSING_MONTHS = `
SELECT to_char(month, 'YYYY-MM') AS month, ahead AS "aheadBy"
  FROM generate_series(-1, 3) AS ahead
 CROSS JOIN LATERAL (SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead) AS month) AS m
 WHERE EXISTS (
   SELECT FROM unnest('{run_done,attempt,log_chunk}'::text[]) AS parent
    WHERE NOT EXISTS (
      SELECT FROM pg_inherits i
       WHERE i.inhparent = to_regclass(parent) AND NOT i.inhdetachpending
         AND i.inhrelid = to_regclass(parent || '_' || to_char(month, 'YYYY_MM'))))
 ORDER BY ahead`;

const READ_SIZE = `
SELECT pg_database_size(current_database())::bigint AS bytes, first.bytes AS "firstBytes",
       (extract(epoch FROM now() - first.at) * 1000)::float8 AS "firstMsAgo",
       EXISTS (SELECT FROM database_size WHERE day = current_date) AS "isSampledToday"
  FROM (SELECT) AS one
  LEFT JOIN (SELECT bytes, at FROM database_size WHERE day >= current_date - 14 ORDER BY day LIMIT 1) AS first ON true`;

const READ_OPEN_TROUBLES = `
SELECT trouble AS name, (extract(epoch FROM clock_timestamp() - opened_at) * 1000)::float8 AS "sinceMsAgo"
  FROM incident WHERE trouble IS NOT NULL AND ended_at IS NULL`;

const PARTS: Record<keyof FigureRows, string> = {
  installation: READ_INSTALLATION,
  workers: READ_WORKERS,
  lostWorkers: READ_LOST,
  lags: READ_LAGS,
  queues: READ_QUEUES,
  connections: READ_CONNECTIONS,
  tables: READ_TABLES,
  missingMonths: READ_MISSING_MONTHS,
  size: READ_SIZE,
  openTroubles: READ_OPEN_TROUBLES,
};

const READ_ALL = `
SELECT ${Object.entries(PARTS)
  .map(
    ([name, part]) => `(SELECT coalesce(json_agg(part), '[]') FROM (${part}) AS part) AS "${name}"`,
  )
  .join(',\n  ')}`;
