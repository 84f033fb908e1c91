import { ANY_OPEN, NEXT_TRY_IN_MS } from '../circuits/circuits.sql.ts';
import type { Sql } from '../db.ts';
import { IS_DUE_IN, LEVELS, WAITS_ANYWHERE } from './by-key.sql.ts';

export type DueWork = {
  /** Names of the queues that have runs which are due. */
  queues: string[];
  /** From the statement's answer to the next run that will be due, or may try an open circuit, ms; null when none will. */
  nextDueInMs: number | null;
};

/** What is due in `queues` (all, when empty), and how long until more is. Locks nothing. */
export async function readDueWork(sql: Sql, queues: readonly string[]): Promise<DueWork> {
  const [row] = await sql<DueWork>(READ_DUE_WORK, [queues]);
  return row!;
}

/** Whether the queue `q` is one of these (any, when empty). */
export const isServed = (queues: string) =>
  `(cardinality(${queues}::text[]) = 0 OR q.name = ANY (${queues}::text[]))`;

// statement_timestamp() and not clock_timestamp(): a volatile function can't be the bound of an index scan, and a
// bound that lies a moment back starts nothing early.
const QUEUES_WITH_DUE_RUNS = (asked: string) => `
    SELECT DISTINCT q.name FROM queue q
    CROSS JOIN ${LEVELS}
    CROSS JOIN LATERAL (
      SELECT r.id FROM run_live r WHERE ${IS_DUE_IN('r', 'q.name', 'level.priority')}
      ORDER BY r.due_at, r.id LIMIT 1
    ) AS first
    WHERE ${isServed(asked)}`;

/** From now to the next run that will be due in any queue, or may try an open circuit. */
const NEXT_DUE_IN_MS = `
    SELECT least((
    SELECT (extract(epoch FROM r.due_at - clock_timestamp()) * 1000)::float8 FROM run_live r
    WHERE ${WAITS_ANYWHERE('r')} AND r.due_at > statement_timestamp()
    ORDER BY r.due_at LIMIT 1), ${NEXT_TRY_IN_MS})`;

const READ_DUE_WORK = `
SELECT ARRAY(${QUEUES_WITH_DUE_RUNS('$1')}) AS queues, (${NEXT_DUE_IN_MS}) AS "nextDueInMs"`;

/** In how many ms a run is due in the queues of the parameter (all, when empty), or may try an open circuit. */
export const nextRunIsDueIn = (queues: string) =>
  `CASE WHEN EXISTS (${QUEUES_WITH_DUE_RUNS(queues)}) THEN 0 ELSE (${NEXT_DUE_IN_MS}) END`;

/** What is due so soon is read ahead; the lookout looks in less time than that. */
export const SOON_MS = 15_000;

/** Whether something is in the queues of the parameter (all, when empty). */
export const anyDueSoon = (queues: string) => `EXISTS (
  SELECT FROM run_live r
   WHERE ${WAITS_ANYWHERE('r')} AND r.due_at > statement_timestamp()
     AND r.due_at <= statement_timestamp() + ${SOON_MS} * interval '1 millisecond'
     AND (cardinality(${queues}::text[]) = 0 OR r.queue = ANY (${queues}::text[])))`;

/** The revisions of the runs of these queues (all, when empty) that will be due in a stretch, of the first `most` runs, in their order. */
export async function readRevisionsDue(
  sql: Sql,
  stretch: { after: Date; until: Date; queues: readonly string[]; most: number },
): Promise<{ jobId: number; revision: number }[]> {
  const { after, until, queues, most } = stretch;
  return sql(READ_REVISIONS_DUE, [after, until, queues, most]);
}

const READ_REVISIONS_DUE = `
SELECT job_id AS "jobId", revision FROM (
  SELECT r.job_id, r.revision, r.due_at FROM run_live r
   WHERE ${WAITS_ANYWHERE('r')} AND r.due_at > $1::timestamptz AND r.due_at <= $2::timestamptz
     AND (cardinality($3::text[]) = 0 OR r.queue = ANY ($3::text[]))
   ORDER BY r.due_at LIMIT $4::int
) AS first
GROUP BY job_id, revision ORDER BY min(due_at)`;

export type LockedQueue = {
  name: string;
  hasRoom: boolean;
  /** At most so many starts in any stretch of so many ms; null: no bound. */
  rateStarts: number | null;
  rateMs: number | null;
  /** When runs lately started, where there is a rate (core/queues/rate.ts). */
  rateLog: unknown;
  /** By the database's clock, ms since 1970. */
  nowMs: number;
  /** Some circuit is open, whoever goes by it. */
  isAnyCircuitOpen: boolean;
};

/**
 * Locks the queues, in the order of their names, until the transaction ends: whoever counts their running runs
 * afterwards, in a statement of its own, sees every claim of every other worker.
 *
 * @param passesOver leaves out those that somebody else holds, instead of waiting for them
 */
export async function lockQueuesForClaim(
  sql: Sql,
  names: readonly string[],
  { passesOver = false } = {},
): Promise<LockedQueue[]> {
  return sql<LockedQueue>(passesOver ? LOCK_FREE_QUEUES : LOCK_QUEUES, [names]);
}

// NO KEY UPDATE excludes other claims, yet lets jobs that name the queue be inserted. What it says of the room was true
// before the lock, and serves only to explain to a reader what a run waited for.
const LOCK_QUEUES = `
SELECT q.name, q.max_running > (
    SELECT count(*) FROM run_live r WHERE r.state = 'running' AND r.queue = q.name
  ) AS "hasRoom",
  q.rate_starts AS "rateStarts", q.rate_ms AS "rateMs", CASE WHEN q.rate_ms IS NOT NULL THEN q.rate_log END AS "rateLog",
  (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "nowMs", ${ANY_OPEN} AS "isAnyCircuitOpen"
FROM queue q WHERE q.name = ANY ($1::text[]) ORDER BY q.name FOR NO KEY UPDATE OF q`;
const LOCK_FREE_QUEUES = `${LOCK_QUEUES} SKIP LOCKED`;

/** Writes down what started in queues that have a rate; the transaction holds their rows. */
export async function writeRateLogs(
  sql: Sql,
  logs: readonly { name: string; log: unknown }[],
): Promise<void> {
  await sql(WRITE_RATE_LOGS, [JSON.stringify(logs)]);
}

const WRITE_RATE_LOGS = `
UPDATE queue q SET rate_log = w.log
  FROM jsonb_to_recordset($1::text::jsonb) AS w (name text, log jsonb)
 WHERE q.name = w.name`;

/** Those of these queues that have more due runs of one priority than a claim looks at. */
export async function readCrowdedQueues(
  sql: Sql,
  names: readonly string[],
  mostLookedAt: number,
): Promise<string[]> {
  const rows = await sql<{ name: string }>(READ_CROWDED, [names, mostLookedAt]);
  return rows.map(({ name }) => name);
}

const READ_CROWDED = `
SELECT asked.name FROM unnest($1::text[]) AS asked (name)
 WHERE EXISTS (
   SELECT FROM ${LEVELS}
   CROSS JOIN LATERAL (
     SELECT r.id FROM run_live r WHERE ${IS_DUE_IN('r', 'asked.name', 'level.priority')}
     ORDER BY r.due_at, r.id OFFSET $2::int LIMIT 1) AS behind)`;
