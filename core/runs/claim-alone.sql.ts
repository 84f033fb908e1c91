import { ANY_OPEN, NEXT_TRY_IN_MS } from '../circuits/circuits.sql.ts';
import type { Sql } from '../db.ts';
import { IS_QUEUED, WAITS_ANYWHERE } from './by-key.sql.ts';
import type { Claim } from './claim.sql.ts';
import {
  claimedRun,
  type ClaimedRun,
  type ClaimRow,
  readTaken,
  TAKE_LOCKED,
} from './claimed.sql.ts';
import { type DueWork, isServed } from './due.sql.ts';
import { mayStart } from './may-start.sql.ts';
import { STRETCH_IN_ORDER } from './stretch.sql.ts';

export type LoneLook = {
  /** How many runs are due, in whatever queue; counted to two. */
  due: number;
  /** As in `DueWork`, where fewer than two are. */
  nextDueInMs: DueWork['nextDueInMs'];
};

/**
 * Counts what is due; and where that is one run, in one of these queues (in any, when empty), its queue is locked until the
 * transaction ends, for `claimAlone` in a statement of its own (see `lockQueuesForClaim`). A queue that somebody holds
 * isn't waited for.
 */
export async function lookForAlone(sql: Sql, queues: readonly string[]): Promise<LoneLook> {
  const [row] = await sql<LoneLook>(LOOK_FOR_ALONE, [queues]);
  return row!;
}

// Both statements are as small as they can be: where little happens, what a statement costs is to set it up. The one that
// claims goes out before this one has answered, so that it is told through the transaction.
const LOOK_FOR_ALONE = `
WITH first AS MATERIALIZED (
  SELECT r.id, r.ctid AS address, r.queue, r.due_at, r.due_at <= statement_timestamp() AS is_due
  FROM run_live r WHERE ${WAITS_ANYWHERE('r')} ORDER BY r.due_at LIMIT 2
), alone AS MATERIALIZED (
  SELECT first.id, first.address, first.queue FROM first
  WHERE first.is_due AND (SELECT count(*) FROM first WHERE is_due) = 1
), locked AS MATERIALIZED (
  SELECT alone.id, alone.address, q.name FROM alone JOIN queue q ON q.name = alone.queue
  WHERE ${isServed('$1')} AND q.rate_ms IS NULL
  FOR NO KEY UPDATE OF q SKIP LOCKED
)
SELECT (SELECT count(*)::int FROM first WHERE is_due) AS due,
  least((
    SELECT (extract(epoch FROM min(due_at) - clock_timestamp()) * 1000)::float8 FROM first WHERE NOT is_due
  ), ${NEXT_TRY_IN_MS}) AS "nextDueInMs",
  set_config('punctual.alone', coalesce((SELECT id FROM locked)::text, ''), true) AS alone,
  set_config('punctual.alone_at', coalesce((SELECT address FROM locked)::text, ''), true) AS alone_at,
  set_config('punctual.alone_in', coalesce((SELECT name FROM locked), ''), true) AS alone_in`;

/** The worker that takes it, and what it can execute. */
export type Taker = Required<Pick<Claim, 'workerId' | 'kinds' | 'labels' | 'jobsBeyond'>>;

/**
 * Takes the run that `lookForAlone` found alone, if it is so still and may start. No order and no turns are to be kept, so that
 * it costs a fraction of a claim among many, to which it leaves what the months of the ledger have a say in: a retry, and a
 * run whose tick lies before what its job has covered.
 *
 * @throws 23505 as `claimRuns` does
 */
export async function claimAlone(sql: Sql, taker: Taker): Promise<ClaimedRun | null> {
  const [row] = await sql<ClaimRow>(CLAIM_ALONE, [
    taker.workerId,
    JSON.stringify(taker.labels),
    taker.kinds,
    taker.jobsBeyond,
  ]);
  return row ? claimedRun(row) : null;
}

const IS_ALONE_STILL = `NOT EXISTS (
      SELECT FROM run_live o WHERE ${WAITS_ANYWHERE('o')} AND o.due_at <= statement_timestamp() AND o.id <> r.id)`;

const CLAIM_ALONE = `
WITH locked AS MATERIALIZED (
  SELECT r.ctid AS address, q.default_timeout_ms, stretch.*
  FROM queue q
  JOIN run_live r ON r.ctid = nullif(current_setting('punctual.alone_at', true), '')::tid
    AND r.id = ANY (ARRAY[nullif(current_setting('punctual.alone', true), '')::bigint]) AND r.queue = q.name
  CROSS JOIN LATERAL (${STRETCH_IN_ORDER}) AS stretch (covers_from, covers_to, state_version)
  WHERE q.name = current_setting('punctual.alone_in', true) AND q.rate_ms IS NULL AND NOT ${ANY_OPEN}
    AND q.max_running > (SELECT count(*) FROM run_live o WHERE o.state = 'running' AND o.queue = q.name)
    AND EXISTS (
      SELECT FROM worker w
      WHERE w.id = $1::int AND w.state = 'active' AND w.lease_until > clock_timestamp())
    AND NOT EXISTS (SELECT FROM installation i WHERE i.paused_at IS NOT NULL)
    AND ${IS_QUEUED('r')} AND r.attempt = 0 AND r.due_at <= statement_timestamp() AND r.job_id <> ALL ($4::int[])
    AND ${mayStart({ labels: '$2', kinds: '$3' })} AND ${IS_ALONE_STILL}
  FOR UPDATE OF r SKIP LOCKED
), ${TAKE_LOCKED}
${readTaken({ isFirst: true })}`;
