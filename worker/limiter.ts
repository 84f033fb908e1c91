import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Clock } from '#core/clock.ts';
import { once, sqlOf } from '#core/db.ts';
import { errorCode } from '#core/error-code.ts';
import {
  cancelWaitingRetries,
  LIMIT_BATCH,
  readInfringements,
  requestCancelOfPreviousRuns,
  skipBarredTicks,
  skipBeyondCapacity,
  skipLateRuns,
  skipOverlappingRuns,
  skipSupersededRuns,
} from '#core/runs/limit.sql.ts';
import type { Duty } from './duty.ts';

export type LimiterConfig = { pool: pg.Pool; clock: Clock };

// A run's rows may be committed a moment after the instant at which they are due.
const OVERLAP_MS = 2_000;
// Looking through everything that is due takes at most so small a share of the worker's time, however much waits.
const SHARE = 40;
const EVER = new Date(0);
/** A claim waits no longer for a look at all that is due. */
const LONGEST_WAIT_MS = 100;
/** The statement took longer than it may. */
const QUERY_CANCELED = '57014';

/**
 * Ends due runs that may not start any more. It comes before claims, so that the rules of overlap are applied at
 * the moment at which a run becomes due. With a large backlog most passes look only at what became due since the last.
 */
export function createLimiter({ pool, clock }: LimiterConfig): Pick<Duty, 'runOnce'> {
  const sql = sqlOf(pool);
  let lookedUntil = EVER;
  let fullAgainAtMs = 0;
  let fullLook: Promise<Counts | null> | null = null;

  return { runOnce };

  async function runOnce() {
    const now = clock.databaseNow();
    if (performance.now() >= fullAgainAtMs) fullLook ??= lookAtAll();
    const ofAll = await (lookedUntil === EVER ? fullLook : soon(fullLook));
    const since = lookedUntil === EVER ? latelyDue(now) : lookedUntil;
    const counts = ofAll ?? (await look(since));
    lookedUntil = latelyDue(now);
    return { counts };
  }

  /** Null where so much waits that a statement can't look through it. */
  async function lookAtAll(): Promise<Counts | null> {
    const startedAtMs = performance.now();
    try {
      return await look(EVER);
    } catch (error) {
      if (errorCode(error) !== QUERY_CANCELED) throw error;
      return null;
    } finally {
      const endedAtMs = performance.now();
      fullAgainAtMs = endedAtMs + SHARE * (endedAtMs - startedAtMs);
      fullLook = null;
    }
  }

  async function look(since: Date): Promise<Counts> {
    const found = await once(() => readInfringements(sql, since));
    return {
      circuitOpen: found.isAnyCircuitOpen ? await all(() => skipBarredTicks(sql)) : 0,
      late: found.late ? await all(() => skipLateRuns(sql, since)) : 0,
      overlap: found.overlapping ? await all(() => skipOverlappingRuns(sql, since)) : 0,
      superseded: found.superseded ? await all(() => skipSupersededRuns(sql, since)) : 0,
      cancelled: found.hasPrevious ? await cancelPrevious(since) : 0,
      queueFull: found.beyondCapacity ? await all(() => skipBeyondCapacity(sql)) : 0,
    };
  }

  async function cancelPrevious(since: Date): Promise<number> {
    const requested = await all(() => requestCancelOfPreviousRuns(sql, since));
    return requested + (await all(() => cancelWaitingRetries(sql, since)));
  }
}

type Counts = Record<
  'circuitOpen' | 'late' | 'overlap' | 'superseded' | 'cancelled' | 'queueFull',
  number
>;

/** What there is within a moment; what takes longer goes on by itself, and keeps no claim waiting. */
async function soon(look: Promise<Counts | null> | null): Promise<Counts | null> {
  if (look === null) return null;
  const late = new AbortController();
  const tooLate = pause(LONGEST_WAIT_MS, null, { signal: late.signal }).catch(() => null);
  // Where it fails later, the next look says so: nobody waits for this one any more.
  look.catch(() => {});
  try {
    return await Promise.race([look, tooLate]);
  } finally {
    late.abort();
  }
}

const latelyDue = (now: Date) => new Date(now.getTime() - OVERLAP_MS);

/** Asks again as long as a statement did as much as it may. */
async function all(statement: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const count = await once(statement);
    sum += count;
    if (count < LIMIT_BATCH) return sum;
  }
}
