import type { Sql } from '../db.ts';
import type { Circuit } from './circuit.ts';
import type { CircuitTarget } from './circuit-rule.ts';

/** A circuit that this transaction holds. */
export type CircuitRow = {
  id: number;
  jobId: number | null;
  host: string | null;
  circuit: Circuit;
};

type Row = {
  id: number;
  jobId: number | null;
  host: string | null;
  failedAtMs: number[];
  openedAtMs: number | null;
  untilMs: number | null;
  openMs: number | null;
  openedByRun: number | null;
  cause: string | null;
  probeRunId: number | null;
  probeAttempt: number | null;
};

const ms = (instant: string) => `(extract(epoch FROM ${instant}) * 1000)::bigint`;

const ROW = `
  c.id, c.job_id AS "jobId", c.host,
  coalesce((SELECT jsonb_agg(${ms('f.at')} ORDER BY f.at) FROM unnest(c.failed_at) AS f (at)), '[]') AS "failedAtMs",
  ${ms('c.opened_at')} AS "openedAtMs", ${ms('c.open_until')} AS "untilMs", c.open_ms AS "openMs",
  c.opened_by_run AS "openedByRun", c.cause, c.probe_run_id AS "probeRunId", c.probe_attempt AS "probeAttempt"`;

/** Makes the circuits that aren't there yet. */
export async function makeCircuits(sql: Sql, targets: readonly CircuitTarget[]): Promise<void> {
  await sql(MAKE_CIRCUITS, columns(targets));
}

const columns = (targets: readonly CircuitTarget[]) => [
  targets.flatMap((target) => ('jobId' in target ? [target.jobId] : [])),
  targets.flatMap((target) => ('host' in target ? [target.host] : [])),
];

const MAKE_CIRCUITS = `
INSERT INTO circuit (job_id, host)
SELECT id, NULL FROM (SELECT DISTINCT unnest($1::int[]) AS id) AS j
 WHERE NOT EXISTS (SELECT FROM circuit c WHERE c.job_id = j.id)
UNION ALL
SELECT NULL, name FROM (SELECT DISTINCT unnest($2::text[]) AS name) AS h
 WHERE NOT EXISTS (SELECT FROM circuit c WHERE c.host = h.name)
ON CONFLICT DO NOTHING`;

/** Locks these circuits, and those that these runs try, in the order of their ids. */
export async function lockCircuits(
  sql: Sql,
  targets: readonly CircuitTarget[],
  probeRunIds: readonly number[],
): Promise<CircuitRow[]> {
  const rows = await sql<Row>(LOCK_CIRCUITS, [...columns(targets), probeRunIds]);
  return rows.map(circuitOf);
}

const LOCK_CIRCUITS = `
SELECT ${ROW} FROM circuit c
 WHERE c.job_id = ANY ($1::int[]) OR c.host = ANY ($2::text[])
    OR c.open_until IS NOT NULL AND c.probe_run_id = ANY ($3::bigint[])
 ORDER BY c.id
   FOR UPDATE`;

function circuitOf({ id, jobId, host, failedAtMs, ...row }: Row): CircuitRow {
  const { openedAtMs, untilMs, openMs, openedByRun, cause, probeRunId, probeAttempt } = row;
  const isOpen = openedAtMs !== null && untilMs !== null && openMs !== null && cause !== null;
  return {
    id,
    jobId,
    host,
    circuit: {
      failedAtMs,
      open: isOpen ? { openedAtMs, untilMs, openMs, openedByRun, cause } : null,
      probe:
        probeRunId === null || probeAttempt === null
          ? null
          : { runId: probeRunId, attempt: probeAttempt },
    },
  };
}

/** Writes circuits that this transaction holds. */
export async function writeCircuits(
  sql: Sql,
  rows: readonly { id: number; circuit: Circuit }[],
): Promise<void> {
  const instant = (ofMs: number | null | undefined) =>
    ofMs === null || ofMs === undefined ? null : new Date(ofMs).toISOString();
  await sql(WRITE_CIRCUITS, [
    JSON.stringify(
      rows.map(({ id, circuit: { failedAtMs, open, probe } }) => ({
        id,
        failed_at: failedAtMs.map(instant),
        opened_at: instant(open?.openedAtMs),
        open_until: instant(open?.untilMs),
        open_ms: open?.openMs ?? null,
        opened_by_run: open?.openedByRun ?? null,
        cause: open?.cause ?? null,
        probe_run_id: probe?.runId ?? null,
        probe_attempt: probe?.attempt ?? null,
      })),
    ),
  ]);
}

const WRITE_CIRCUITS = `
UPDATE circuit c
   SET failed_at = w.failed_at, opened_at = w.opened_at, open_until = w.open_until, open_ms = w.open_ms,
       opened_by_run = w.opened_by_run, cause = w.cause, probe_run_id = w.probe_run_id, probe_attempt = w.probe_attempt
  FROM jsonb_to_recordset($1::text::jsonb) AS w (
    id int, failed_at timestamptz[], opened_at timestamptz, open_until timestamptz, open_ms int, opened_by_run bigint,
    cause text, probe_run_id bigint, probe_attempt smallint)
 WHERE c.id = w.id`;

/** The attempt that tries is running; a probe that was lost, or ended without a word, has left its place. */
export const IS_TRIED = (circuit: string) => `EXISTS (
    SELECT FROM run_live p WHERE p.id = ${circuit}.probe_run_id AND p.state = 'running'
       AND p.attempt = ${circuit}.probe_attempt)`;

/**
 * A CTE `barred (circuit_id, job_id, …)`: the jobs whose circuit is open. Nothing where none is, which costs a look into
 * an empty index.
 */
export const BARRED = `barred AS MATERIALIZED (
  SELECT c.id AS circuit_id, j.id AS job_id, c.host, c.cause, c.open_until, c.probe_run_id,
    c.open_until <= statement_timestamp() AS is_over, ${IS_TRIED('c')} AS is_tried
  FROM circuit c
  CROSS JOIN LATERAL (
    SELECT id FROM job WHERE id = c.job_id AND circuit = 'job'
    UNION ALL
    SELECT id FROM job WHERE circuit = 'host:' || c.host
  ) AS j
  WHERE c.open_until IS NOT NULL
)`;

/** In how many ms the next open circuit lets a run try; null: none will. */
export const NEXT_TRY_IN_MS = `(
    SELECT (extract(epoch FROM min(open_until) - clock_timestamp()) * 1000)::float8 FROM circuit
    WHERE open_until > statement_timestamp())`;

/** Whether any circuit is open. */
export const ANY_OPEN = `EXISTS (SELECT FROM circuit WHERE open_until IS NOT NULL)`;

/**
 * Keeps other claims from choosing a probe until this transaction ends; the claim after it, a statement of its own, sees
 * what they chose.
 */
export async function lockOpenCircuits(sql: Sql): Promise<void> {
  await sql(LOCK_OPEN_CIRCUITS);
}

const LOCK_OPEN_CIRCUITS = `
SELECT id FROM circuit WHERE open_until IS NOT NULL ORDER BY id FOR UPDATE`;

/** The circuit that a job goes by, for those who look at it. */
export async function readCircuitOfJob(sql: Sql, jobId: number): Promise<CircuitRow | undefined> {
  const [row] = await sql<Row>(READ_CIRCUIT_OF_JOB, [jobId]);
  return row && circuitOf(row);
}

const READ_CIRCUIT_OF_JOB = `
SELECT ${ROW} FROM job j
  JOIN circuit c ON c.job_id = j.id AND j.circuit = 'job' OR 'host:' || c.host = j.circuit
 WHERE j.id = $1::int`;

export type JobOfCircuit = { id: number; key: string; labels: Record<string, string> };

/** Jobs that go by a circuit and aren't deleted, by id. */
export async function readJobsOfCircuit(sql: Sql, id: number): Promise<JobOfCircuit[]> {
  return sql(READ_JOBS_OF_CIRCUIT, [id]);
}

/** The same, held: their labels stay until the transaction ends. */
export async function lockJobsOfCircuit(sql: Sql, id: number): Promise<JobOfCircuit[]> {
  return sql(`${READ_JOBS_OF_CIRCUIT} FOR SHARE OF j`, [id]);
}

const READ_JOBS_OF_CIRCUIT = `
SELECT j.id, j.key, j.labels FROM circuit c
  JOIN job j ON j.id = c.job_id AND j.circuit = 'job' OR j.circuit = 'host:' || c.host
 WHERE c.id = $1::int AND j.deleted_at IS NULL
 ORDER BY j.id`;
