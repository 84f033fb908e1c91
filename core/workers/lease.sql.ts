import { CONSOLE_CHANNEL, type Sql } from '../db.ts';

/** A worker process as it introduces itself. */
export type NewWorker = {
  name: string;
  host: string;
  pid: number;
  version: string;
  labels: Readonly<Record<string, string>>;
  /** Queues that it serves; empty: all. */
  queues: readonly string[];
  kinds: readonly string[];
  slots: number;
  leaseMs: number;
  clockOffsetMs: number;
  /** Ids of the keys that it opens secrets with. */
  secretKeys: readonly string[];
};

export type Registration = {
  workerId: number;
  /** `installation.uuid`, from which the trace ids of runs are made. */
  installation: string;
  databaseAt: Date;
};

/** A row of its own for each process: the fence never mistakes two. */
export async function registerWorker(sql: Sql, worker: NewWorker): Promise<Registration> {
  const [row] = await sql<Registration>(REGISTER_WORKER, [
    worker.name,
    worker.host,
    worker.pid,
    worker.version,
    JSON.stringify(worker.labels),
    worker.queues,
    worker.kinds,
    worker.slots,
    worker.leaseMs,
    storable(worker.clockOffsetMs),
    worker.secretKeys,
  ]);
  if (!row) throw new Error('the installation has no row: the database is not migrated');
  return row;
}

// The column holds 25 days: a clock that is off by years is no reason to refuse a heartbeat.
const MOST_OFFSET_MS = 2 ** 31 - 1;

const storable = (offsetMs: number) =>
  Math.round(Math.max(-MOST_OFFSET_MS, Math.min(MOST_OFFSET_MS, offsetMs)));

const TELL = `pg_notify('${CONSOLE_CHANNEL}', '{"topic":"worker","ids":[]}')`;

const REGISTER_WORKER = `
WITH made AS (
  INSERT INTO worker (name, host, pid, version, labels, queues, kinds, slots, lease_until, clock_offset_ms,
    secret_keys)
  VALUES ($1::text, $2::text, $3::int, $4::text, $5::jsonb, $6::text[], $7::text[], $8::int,
    clock_timestamp() + $9::float8 * interval '1 millisecond', $10::int, $11::text[])
  RETURNING id
)
SELECT made.id AS "workerId", i.uuid AS installation, clock_timestamp() AS "databaseAt", ${TELL}::text AS told
FROM made CROSS JOIN installation i`;

export type Heartbeat = {
  workerId: number;
  leaseMs: number;
  slotsInUse: number;
  clockOffsetMs: number;
  /** What the worker tells of itself (core/health/worker-report.ts), as JSON; without it: nothing new. */
  report?: string;
};

export type HeartbeatAnswer = { isDraining: boolean; databaseAt: Date };

/** Renews the lease, only while it isn't over. Null: the lease is lost, and nothing brings it back. */
export async function renewLeaseIfStillHeld(
  sql: Sql,
  beat: Heartbeat,
): Promise<HeartbeatAnswer | null> {
  const [row] = await sql<HeartbeatAnswer>(RENEW_LEASE, [
    beat.workerId,
    beat.leaseMs,
    beat.slotsInUse,
    storable(beat.clockOffsetMs),
    beat.report ?? null,
  ]);
  return row ?? null;
}

const RENEW_LEASE = `
WITH renewed AS (
  UPDATE worker w SET
    lease_until = clock_timestamp() + $2::float8 * interval '1 millisecond',
    heartbeat_at = clock_timestamp(),
    slots_in_use = $3::int,
    clock_offset_ms = $4::int,
    report = coalesce($5::text::jsonb, w.report)
  FROM (SELECT id, slots_in_use FROM worker WHERE id = $1::int) AS before
  WHERE w.id = before.id AND w.lease_until > clock_timestamp() AND w.state IN ('active', 'draining')
  RETURNING w.state, before.slots_in_use <> w.slots_in_use AS is_news
)
SELECT state = 'draining' AS "isDraining", clock_timestamp() AS "databaseAt",
  CASE WHEN is_news THEN ${TELL}::text END AS told
FROM renewed`;

/** Takes no more runs from now on, because the process was told to stop. */
export async function startDraining(sql: Sql, workerId: number): Promise<void> {
  await sql(START_DRAINING, [workerId]);
}

const START_DRAINING = `
WITH changed AS (
  UPDATE worker SET state = 'draining' WHERE id = $1::int AND state = 'active' RETURNING id
)
SELECT ${TELL}::text AS told FROM changed`;

/** The worker's last word: it has ended in order (`stopped`), or gave itself up (`lost`). */
export async function endWorker(
  sql: Sql,
  workerId: number,
  state: 'stopped' | 'lost',
): Promise<void> {
  await sql(END_WORKER, [workerId, state]);
}

const END_WORKER = `
WITH changed AS (
  UPDATE worker SET state = $2::text, ended_at = clock_timestamp(), slots_in_use = 0
  WHERE id = $1::int AND ended_at IS NULL RETURNING id
)
SELECT ${TELL}::text AS told FROM changed`;

export type LostWorker = { id: number; name: string };

/** Ends workers whose lease is over by the database's clock. Several rescuers at once share them out. */
export async function endWorkersPastTheirLease(sql: Sql): Promise<LostWorker[]> {
  const rows = await sql<LostWorker & { told: string }>(END_PAST_LEASE);
  return rows.map(({ id, name }) => ({ id, name }));
}

const IS_PAST_LEASE = 'ended_at IS NULL AND lease_until < clock_timestamp()';

/** In how many ms the next lease is over, unless it is renewed. */
export const NEXT_LEASE_ENDS = `
SELECT (extract(epoch FROM min(lease_until) - clock_timestamp()) * 1000)::float8 + 1 FROM worker WHERE ended_at IS NULL`;

const END_PAST_LEASE = `
WITH past AS MATERIALIZED (
  SELECT id FROM worker WHERE ${IS_PAST_LEASE}
  FOR UPDATE SKIP LOCKED
), changed AS (
  UPDATE worker w SET state = 'lost', ended_at = clock_timestamp(), slots_in_use = 0
  FROM past WHERE w.id = past.id RETURNING w.id, w.name
)
SELECT id, name, ${TELL}::text AS told FROM changed`;
