import { ANY_OPEN } from '../circuits/circuits.sql.ts';
import type { Sql } from '../db.ts';
import { IS_DUE_IN, IS_QUEUED, IS_ROW, LEVELS, WAITS_ANYWHERE } from './by-key.sql.ts';
import type { Claim } from './claim.sql.ts';
import {
  claimedRun,
  type ClaimedRun,
  type ClaimRow,
  readTaken,
  TAKE_LOCKED,
} from './claimed.sql.ts';
import { type DueWork, isServed, NEXT_DUE_IN_MS } from './due.sql.ts';
import { mayStart } from './may-start.sql.ts';
import { STRETCH } from './stretch.sql.ts';

export type LoneLook = DueWork & {
  /** In queues besides these something is due. */
  isDueElsewhere: boolean;
};

/**
 * What is due, as `readDueWork` says it; and where that is one run alone, its queue is locked until the transaction ends,
 * for `claimAlone` in a statement of its own (see `lockQueuesForClaim`). A queue that somebody holds isn't waited for.
 */
export async function lookForAlone(sql: Sql, queues: readonly string[]): Promise<LoneLook> {
  const [row] = await sql<LoneLook>(LOOK_FOR_ALONE, [queues]);
  return row!;
}

// The statement that claims goes out before this one has answered, so that it is told through the transaction.
const LOOK_FOR_ALONE = `
WITH due AS MATERIALIZED (
  SELECT q.name FROM queue q
  CROSS JOIN ${LEVELS}
  CROSS JOIN LATERAL (
    SELECT r.id FROM run_live r WHERE ${IS_DUE_IN('r', 'q.name', 'level.priority')}
    ORDER BY r.due_at, r.id LIMIT 2
  ) AS first
  WHERE ${isServed('$1')}
), anywhere AS MATERIALIZED (
  SELECT r.id FROM run_live r WHERE ${WAITS_ANYWHERE('r')} AND r.due_at <= statement_timestamp()
  ORDER BY r.due_at LIMIT 2
), locked AS MATERIALIZED (
  SELECT q.name FROM queue q
  WHERE q.name = ANY (ARRAY(SELECT name FROM due WHERE (SELECT count(*) FROM due) = 1)) AND q.rate_ms IS NULL
  FOR NO KEY UPDATE OF q SKIP LOCKED
)
SELECT ARRAY(SELECT DISTINCT name FROM due) AS queues, (${NEXT_DUE_IN_MS}) AS "nextDueInMs",
  cardinality($1::text[]) > 0 AND (SELECT count(*) FROM anywhere) > (SELECT count(*) FROM due) AS "isDueElsewhere",
  set_config('punctual.alone_in', coalesce((SELECT name FROM locked), ''), true) AS alone_in`;

/** The worker that takes it, and what it can execute. */
export type Taker = Required<Pick<Claim, 'workerId' | 'kinds' | 'labels' | 'jobsBeyond'>>;

/**
 * Takes the one run that is due in the queue that `lookForAlone` has locked, where it may start. No order and no turns are
 * to be kept, so that it costs a fraction of a claim among many.
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

/** What comes later in another queue; in this one it is alone. */
const NOTHING_CANCELS_IT = `(r.overlap <> 'cancel_previous' OR NOT EXISTS (
      SELECT FROM run_live o
      WHERE o.job_id = r.job_id AND o.id <> r.id AND o.hold IS NULL AND o.due_at <= statement_timestamp()))`;

const CLAIM_ALONE = `
WITH room AS MATERIALIZED (
  SELECT q.name, q.default_timeout_ms FROM queue q
  WHERE q.name = current_setting('punctual.alone_in', true) AND q.rate_ms IS NULL AND NOT ${ANY_OPEN}
    AND q.max_running > (SELECT count(*) FROM run_live r WHERE r.state = 'running' AND r.queue = q.name)
    AND EXISTS (
      SELECT FROM worker w
      WHERE w.id = $1::int AND w.state = 'active' AND w.lease_until > clock_timestamp())
    AND NOT EXISTS (SELECT FROM installation i WHERE i.paused_at IS NOT NULL)
), due AS MATERIALIZED (
  SELECT first.*, room.default_timeout_ms FROM room
  CROSS JOIN ${LEVELS}
  CROSS JOIN LATERAL (
    SELECT r.ctid AS address, r.id FROM run_live r WHERE ${IS_DUE_IN('r', 'room.name', 'level.priority')}
    ORDER BY r.due_at, r.id LIMIT 2
  ) AS first
), locked AS MATERIALIZED (
  SELECT r.ctid AS address, due.default_timeout_ms, stretch.*
  FROM due JOIN run_live r ON r.ctid = due.address AND ${IS_ROW('r', 'due')}
  CROSS JOIN LATERAL (${STRETCH}) AS stretch (covers_from, covers_to, state_version)
  WHERE (SELECT count(*) FROM due) = 1 AND ${IS_QUEUED('r')} AND r.job_id <> ALL ($4::int[])
    AND ${mayStart({ labels: '$2', kinds: '$3' })} AND ${NOTHING_CANCELS_IT}
  FOR UPDATE OF r SKIP LOCKED
), ${TAKE_LOCKED}
${readTaken()}`;
