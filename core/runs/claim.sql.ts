import { ANY_OPEN, BARRED } from '../circuits/circuits.sql.ts';
import type { Sql } from '../db.ts';
import { IS_QUEUED, IS_ROW } from './by-key.sql.ts';
import { AMONG_FIRST, AMONG_JOBS, TURNS_HAD } from './candidates.sql.ts';
import {
  claimedRun,
  type ClaimedRun,
  type ClaimRow,
  readTaken,
  TAKE_LOCKED,
} from './claimed.sql.ts';
import { mayStart } from './may-start.sql.ts';
import { STRETCH } from './stretch.sql.ts';

/** What a worker can take. */
export type Room = {
  /** So many slots are free. */
  slots: number;
  /** Besides, so many that wait for a slot at the worker, of jobs that may run twice. Without it: none. */
  ahead?: number;
  /** So many slots are occupied by what ends in no time. */
  soonFree?: number;
  /** It is little of what the worker has: more is about to be free. */
  isScarce?: boolean;
};

export const mostOf = ({ slots, ahead = 0 }: Room) => slots + ahead;

export type Claim = {
  workerId: number;
  room: Room;
  /** Locked before, in this transaction (`lockQueues`): the limits hold because nobody else counts meanwhile. */
  queues: readonly string[];
  /** How many may start in each of these queues as far as their rates are concerned, in their order; without it: any. */
  rateRoom?: readonly number[];
  /** Some circuit is open, and all that are were locked before (`lockOpenCircuits`). */
  isAnyCircuitOpen?: boolean;
  /** Sent before it is known what rates and circuits say: takes nothing where there are any. */
  isBlind?: boolean;
  /** Kinds that the worker executes; empty: all. */
  kinds: readonly string[];
  labels: Readonly<Record<string, string>>;
  /** Jobs that use secrets which the worker can't open; without it: none. */
  jobsBeyond?: readonly number[];
  /**
   * `first`: the first of each queue and priority; what waits behind `FIRST_IN_QUEUE` that can't start isn't seen.
   * `jobs`: the first of each job, wherever it stands, which costs by the jobs that have live runs. Default: `first`.
   */
  among?: 'first' | 'jobs';
  /** Where in the circle of the jobs behind the first it begins, from 0 to 1. Default: anywhere. */
  circleFrom?: number;
};

/**
 * Takes as many due runs as slots, queues and jobs allow: by priority; of one priority first from the queue that runs
 * least, in it from the job that runs least, then by due time. What is taken ahead of a free slot
 * overtakes nothing: before it in this order stand only runs that are taken as well, and a slot is left to them.
 *
 * @throws 23505 on `run_live_exclusive` when a job's runs were claimed through another queue at the same moment: try
 * again in a new transaction
 */
export async function claimRuns(sql: Sql, claim: Claim): Promise<ClaimedRun[]> {
  const { room, jobsBeyond: beyond = [] } = claim;
  const most = mostOf(room);
  const statement =
    STATEMENTS[claim.among ?? 'first'][claim.isAnyCircuitOpen ? 'circuits' : 'plain'];
  const rows = await sql<ClaimRow>(beyond.length > 0 ? statement.beyond : statement.all, [
    claim.workerId,
    claim.queues,
    most,
    JSON.stringify(claim.labels),
    claim.kinds,
    claim.rateRoom ?? claim.queues.map(() => most),
    room.slots,
    room.slots + (room.soonFree ?? 0),
    (room.ahead ?? 0) > 0,
    claim.isBlind ?? false,
    claim.circleFrom ?? Math.random(),
    ...(beyond.length > 0 ? [beyond] : []),
  ]);
  return rows.map(claimedRun);
}

/**
 * Of a job whose circuit is open a run starts only to try: one at a time, once the circuit's time is over, or at once
 * where somebody asked for it by hand. Tests are let through: they say nothing to the circuit either.
 */
const MAY_TRY = `
      AND (r.trigger = 'test' OR NOT EXISTS (
        SELECT FROM barred WHERE barred.job_id = r.job_id
          AND (barred.is_tried OR NOT (barred.is_over OR r.trigger IN ('manual', 'api', 'retry')))))`;

const PLACE_TO_TRY = `, barred.circuit_id,
      row_number() OVER (PARTITION BY barred.circuit_id ORDER BY priority DESC, due_at, id) AS place_to_try
    FROM candidate LEFT JOIN barred ON barred.job_id = candidate.job_id AND candidate.trigger <> 'test'`;

const TRIES = `, tries AS (
  UPDATE circuit c SET probe_run_id = changed.id, probe_attempt = changed.attempt
  FROM changed JOIN barred ON barred.job_id = changed.job_id
  WHERE c.id = barred.circuit_id AND changed.trigger <> 'test'
)`;

const IS_PROBE = `trigger <> 'test' AND EXISTS (SELECT FROM barred WHERE barred.job_id = changed.job_id)`;

type Variant = {
  among: 'first' | 'jobs';
  isAnyCircuitOpen: boolean;
  isAnyBeyond: boolean;
};

const FITS = ({ isAnyCircuitOpen, isAnyBeyond }: Variant) => `
      (r.max_parallel IS NULL OR ${TURNS_HAD} < r.max_parallel)
      AND ${mayStart({ labels: '$4', kinds: '$5' })}${isAnyCircuitOpen ? MAY_TRY : ''}${isAnyBeyond ? ' AND r.job_id <> ALL ($12::int[])' : ''}`;

// A row is found again by its address, which the statement's snapshot holds still. It is locked only once it is chosen: the
// queues' locks keep other claims out, and SKIP LOCKED steps over a run that is being cancelled, held or limited at this
// moment. Of one priority the queue with the fewest running runs goes first, so that a queue in which a million wait leaves
// the others their turn.
const claimStatement = (variant: Variant) => {
  const { among, isAnyCircuitOpen } = variant;
  const fits = FITS(variant);
  return `
WITH RECURSIVE ${isAnyCircuitOpen ? `${BARRED}, ` : ''}room AS MATERIALIZED (
  SELECT q.name, q.default_timeout_ms, now_running.count AS running, now_running.of_jobs, $11::float8 AS circle_from,
    least(q.max_running - now_running.count, $3::int, asked.rate_room) AS slots
  FROM unnest($2::text[], $6::int[]) AS asked (name, rate_room)
  JOIN queue q ON q.name = asked.name
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(of_job.count), 0)::int AS count, jsonb_object_agg(of_job.job_id, of_job.count) AS of_jobs
    FROM (
      SELECT r.job_id, count(*) AS count FROM run_live r
      WHERE r.state = 'running' AND r.queue = q.name GROUP BY r.job_id) AS of_job) AS now_running
  WHERE EXISTS (
      SELECT 1 FROM worker w
      WHERE w.id = $1::int AND w.state = 'active' AND w.lease_until > clock_timestamp())
    AND NOT EXISTS (SELECT 1 FROM installation i WHERE i.paused_at IS NOT NULL)
    AND NOT ($10::boolean AND (q.rate_ms IS NOT NULL OR ${ANY_OPEN}))
), ${among === 'first' ? AMONG_FIRST(fits) : AMONG_JOBS(fits)}), ranked AS (
    SELECT candidate.*, candidate.may_run_twice AND $9::boolean AS may_wait,
      row_number() OVER (PARTITION BY queue ORDER BY priority DESC, turn, due_at, id) AS place${isAnyCircuitOpen ? PLACE_TO_TRY : ' FROM candidate'}
), chosen AS MATERIALIZED (
  SELECT * FROM (
    SELECT ranked.*, count(*) FILTER (WHERE NOT may_wait) OVER (
      ORDER BY priority DESC, running + place, due_at, id ROWS UNBOUNDED PRECEDING) AS of_slots
    FROM ranked
    WHERE place <= slots${isAnyCircuitOpen ? ' AND (circuit_id IS NULL OR place_to_try = 1)' : ''}
  ) AS in_turn
  WHERE of_slots <= $7::int AND (NOT may_wait OR of_slots < $8::int)
  ORDER BY priority DESC, running + place, due_at, id
  LIMIT $3::int
), locked AS MATERIALIZED (
  SELECT r.ctid AS address, chosen.default_timeout_ms, stretch.*
  FROM chosen JOIN run_live r ON r.ctid = chosen.address AND ${IS_ROW('r', 'chosen')}
  CROSS JOIN LATERAL (${STRETCH}) AS stretch (covers_from, covers_to, state_version)
  WHERE ${IS_QUEUED('r')}
  FOR UPDATE OF r SKIP LOCKED
), ${TAKE_LOCKED}${isAnyCircuitOpen ? TRIES : ''}
${readTaken(isAnyCircuitOpen ? { isProbe: IS_PROBE } : {})}`;
};

// What is rare costs the usual claim nothing.
const statements = (among: Variant['among'], isAnyCircuitOpen: boolean) => ({
  all: claimStatement({ among, isAnyCircuitOpen, isAnyBeyond: false }),
  beyond: claimStatement({ among, isAnyCircuitOpen, isAnyBeyond: true }),
});
const STATEMENTS = {
  first: { plain: statements('first', false), circuits: statements('first', true) },
  jobs: { plain: statements('jobs', false), circuits: statements('jobs', true) },
};
