import { ANY_PENDING } from './audit/seal.sql.ts';
import { ANY_CHECK_ASKED } from './auto-pause/auto-pause.sql.ts';
import { ANY_TO_FEED } from './backfill/feed.sql.ts';
import type { Sql } from './db.ts';
import { ANY_UNCOUNTED_GAP } from './gaps/gaps.sql.ts';
import { ANY_LEASE_GRANTED_AHEAD } from './heal/clock-back.sql.ts';
import { ANY_COUNTS_FROM_END } from './jobs/after-end.sql.ts';
import { NEXT_PAUSE_ENDS } from './jobs/pauses.sql.ts';
import { planningIsDueIn } from './jobs/planning.sql.ts';
import { MESSENGER_IS_DUE } from './messages/send.sql.ts';
import { anyDueSoon, nextRunIsDueIn } from './runs/due.sql.ts';
import { ANY_LOST } from './runs/lost.sql.ts';
import { STATISTICS_OUTGROWN } from './runs/statistics.sql.ts';
import { anyBeyond } from './secrets/secrets.sql.ts';
import { ANY_OPEN_TRIAL } from './trials/trials.sql.ts';
import { NEXT_LEASE_ENDS } from './workers/lease.sql.ts';

export type LookoutOptions = {
  /** Those that the worker serves; empty: all. */
  queues: readonly string[];
  /** How far ahead of a tick it is planned, ms. */
  reachMs: number;
  /** Of the keys that the worker has. */
  keyIds: readonly string[];
};

const nowIf = (...conditions: string[]) => `CASE WHEN ${conditions.join(' OR ')} THEN 0 END`;

const PAUSE_OF_ALL_ENDS = `
SELECT (extract(epoch FROM pause_until - clock_timestamp()) * 1000)::double precision FROM installation`;

// By the name of the duty.
const DUE_IN_MS = {
  'audit-sealer': nowIf(ANY_PENDING),
  'auto-pauser': nowIf(ANY_CHECK_ASKED),
  backfiller: nowIf(ANY_TO_FEED),
  claimer: nextRunIsDueIn('$1'),
  follower: nowIf(ANY_COUNTS_FROM_END),
  'gap-counter': nowIf(ANY_UNCOUNTED_GAP),
  messenger: `(${MESSENGER_IS_DUE})`,
  planner: `(${planningIsDueIn('$2')})`,
  'reader-ahead': nowIf(anyDueSoon('$1')),
  rescuer: `least((${nowIf(ANY_LEASE_GRANTED_AHEAD, ANY_LOST)}), (${NEXT_LEASE_ENDS}))`,
  resumer: `least((${NEXT_PAUSE_ENDS}), (${PAUSE_OF_ALL_ENDS}))`,
  'secret-keeper': nowIf(anyBeyond('$3')),
  statistician: nowIf(STATISTICS_OUTGROWN),
  'trial-judge': nowIf(ANY_OPEN_TRIAL),
};

export type LookedOutFor = keyof typeof DUE_IN_MS;

const LOOK_OUT = `
SELECT ${Object.entries(DUE_IN_MS)
  .map(([duty, dueInMs]) => `(${dueInMs})::float8 AS "${duty}"`)
  .join(',\n  ')}`;

/** In how many ms each of the duties that look by the clock has something to do; null where nothing is known of. */
export async function lookOut(
  sql: Sql,
  { queues, reachMs, keyIds }: LookoutOptions,
): Promise<Record<LookedOutFor, number | null>> {
  const [row] = await sql<Record<LookedOutFor, number | null>>(LOOK_OUT, [queues, reachMs, keyIds]);
  return row!;
}
