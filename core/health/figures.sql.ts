import type { Sql } from '../db.ts';
import { MOST_COUNTED } from '../queues/queues.sql.ts';
import { IS_ROW } from '../runs/by-key.sql.ts';
import type { QueueFigures, TableFigures, WorkerFigures } from './figures.ts';

export type WorkerRow = Omit<WorkerFigures, 'report'> & { report: unknown };

/** Those that haven't ended, by name. */
export async function readWorkerFigures(sql: Sql): Promise<WorkerRow[]> {
  return sql<WorkerRow>(READ_WORKERS);
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

/** Lost within the hour, the latest first. */
export async function readLostWorkers(sql: Sql): Promise<{ name: string; heardMsAgo: number }[]> {
  return sql(READ_LOST);
}

const READ_LOST = `
SELECT name, ${msSince('heartbeat_at')} AS "heardMsAgo"
  FROM worker
 WHERE state = 'lost' AND ended_at > now() - interval '1 hour'
 ORDER BY ended_at DESC LIMIT 100`;

export async function readIsEverythingPaused(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ isPaused: boolean }>(
    'SELECT paused_at IS NOT NULL AS "isPaused" FROM installation',
  );
  return row?.isPaused ?? false;
}

export type QueueRow = Omit<QueueFigures, 'isPacedByRate'> & {
  rateStarts: number | null;
  rateMs: number | null;
  rateLog: unknown;
  nowMs: number;
};

export async function readQueueFigures(sql: Sql): Promise<QueueRow[]> {
  return sql<QueueRow>(READ_QUEUES, [MOST_COUNTED]);
}

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
             SELECT FROM run_live r WHERE ${IS_DUE} ORDER BY r.due_at, r.id LIMIT $1::int) AS due
           LIMIT $1::int) AS waiting)::int AS waiting,
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

/** Limits below 0 are none. Of other roles' transactions a role that may not look sees nothing. */
export async function readConnections(sql: Sql): Promise<ConnectionRow> {
  const [row] = await sql<ConnectionRow>(READ_CONNECTIONS);
  return row!;
}

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

/** Tables of Punctual, the largest first; partitions by themselves. */
export async function readTableFigures(sql: Sql): Promise<TableFigures[]> {
  return sql<TableFigures>(READ_TABLES);
}

const READ_TABLES = `
SELECT s.relname AS name, pg_total_relation_size(s.relid)::bigint AS bytes, s.n_live_tup AS "liveRows",
       s.n_dead_tup AS "deadRows",
       ${msSince('greatest(s.last_vacuum, s.last_autovacuum)')} AS "vacuumedMsAgo"
  FROM pg_stat_user_tables s
 WHERE s.schemaname = current_schema()
 ORDER BY 2 DESC, 1`;

/** Months from the last one to three ahead that lack a table of the ledger's, or have one that isn't attached. */
export async function readMissingMonths(sql: Sql): Promise<{ month: string; aheadBy: number }[]> {
  return sql(READ_MISSING_MONTHS);
}

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
