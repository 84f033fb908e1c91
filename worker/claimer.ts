import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import { once, sqlOf } from '#core/db.ts';
import { mostOf, type Room } from '#core/runs/claim.sql.ts';
import { readDueWork } from '#core/runs/due.sql.ts';
import { type ClaimsConfig, createClaims } from './claims.ts';
import type { Duty, Pass } from './duty.ts';
import type { StartedRun } from './started-run.ts';
import type { Strays } from './strays.ts';

export type ClaimerConfig = ClaimsConfig & {
  pool: pg.Pool;
  /** How often to look when nothing wakes the claimer. */
  pollMs: number;
  /** What comes before claims (worker/limiter.ts). */
  limit: () => Promise<unknown>;
  strays: Pick<Strays, 'suspect' | 'isSuspected' | 'giveBackSuspected'>;
  room: () => Room;
  start: (runs: readonly StartedRun[]) => void;
};

// Where nearly all slots are busy, one is free every few milliseconds. A claim for each of them would keep the database busier than
// what it finds: it rests as long as it took then, and the next finds several.
const LONGEST_REST_MS = 25;
// Where claims take all that there is room for, most likely more is due: so long the next go out without a look.
const LOOK_HOLDS_MS = 100;

// Where what was due wasn't due alone or couldn't be taken so, the next won't be either: so long none is tried alone. Where that
// goes on, each time twice as long.
const LONE_PAUSE_MS = { first: 100, longest: 30_000 };

export type Claimer = Duty & {
  /** Something was due at the last look: where a run ends here, it may begin. */
  readonly isSomethingDue: boolean;
};

/** `isFull`: it took ahead of free slots, and as much as there was room for. The rest as `Taken` has it. */
type Started = { claimed: number; isAll: boolean; againAtMs: number; isFull: boolean };

/**
 * Takes due runs for this worker, and sleeps until the next is due: the time until then comes from the database and is
 * counted by a clock that doesn't jump, so neither an offset nor a step of the host's clock matters.
 */
export function createClaimer(config: ClaimerConfig): Claimer {
  const { pool, identity, queues, pollMs } = config;
  const sql = sqlOf(pool);
  const claims = createClaims(config);
  let pollAtMs = -Infinity;
  let restsUntilMs = -Infinity;
  let isSomethingDue = false;
  let loneFromMs = -Infinity;
  let lonePauseMs = LONE_PAUSE_MS.first;
  return {
    name: 'claimer',
    intervalMs: pollMs,
    runOnce,
    get isSomethingDue() {
      return isSomethingDue;
    },
  };

  async function runOnce(): Promise<Pass> {
    // Here no claim is under way, so that all that isn't executed was never started.
    await config.strays.giveBackSuspected();
    const beganAtMs = performance.now();
    if (beganAtMs < restsUntilMs && config.room().isScarce)
      return { counts: { claimed: 0 }, nextInMs: restsUntilMs - beganAtMs };
    // Woken, there is most likely something to claim.
    const isWoken = performance.now() < pollAtMs && !identity.isDraining;
    const isLone =
      isWoken && beganAtMs >= loneFromMs && claims.mayTakeAlone && config.room().slots > 0;
    const lone = isLone ? await startAlone() : null;
    const isLimited = isWoken && lone === null;
    const [due] = await Promise.all([
      lone ?? once(() => readDueWork(sql, queues)),
      isLimited ? config.limit() : null,
    ]);
    pollAtMs =
      due.nextDueInMs === null || due.nextDueInMs > pollMs ? performance.now() + pollMs : Infinity;
    const nextAtMs = performance.now() + Math.min(due.nextDueInMs ?? pollMs, pollMs);
    isSomethingDue = due.queues.length > 0;
    if (isLone) noteLone(lone !== null);
    if (!isLimited && isSomethingDue) await config.limit();
    const lookHoldsUntilMs = performance.now() + LOOK_HOLDS_MS;
    let claimed = 0;
    let againAtMs = nextAtMs;
    let started = NOTHING;
    do {
      if (isSomethingDue) started = await claimAndStart(due.queues);
      claimed += started.claimed;
      againAtMs = Math.min(againAtMs, started.againAtMs);
    } while (started.isFull && performance.now() < Math.min(lookHoldsUntilMs, nextAtMs));
    const endedAtMs = performance.now();
    restsUntilMs = endedAtMs + Math.min(LONGEST_REST_MS, endedAtMs - beganAtMs);
    const isMoreLikely = claimed > 0 && !started.isAll;
    const nextInMs =
      isMoreLikely || config.strays.isSuspected ? 0 : Math.max(0, againAtMs - performance.now());
    return { counts: { claimed: claimed + (lone?.run ? 1 : 0) }, nextInMs };
  }

  async function startAlone() {
    const taken = await claims.takeAlone();
    if (taken?.run) config.start([taken.run]);
    return taken;
  }

  function noteLone(isAllTaken: boolean): void {
    if (isAllTaken) {
      lonePauseMs = LONE_PAUSE_MS.first;
      return;
    }
    const nowMs = performance.now();
    const isLongAgo = nowMs - loneFromMs > LONE_PAUSE_MS.longest;
    const pauseMs = isLongAgo ? LONE_PAUSE_MS.first : lonePauseMs;
    loneFromMs = nowMs + pauseMs;
    lonePauseMs = Math.min(LONE_PAUSE_MS.longest, 2 * pauseMs);
  }

  async function claimAndStart(dueQueues: readonly string[]): Promise<Started> {
    if (identity.isDraining) return NOTHING;
    const room = config.room();
    if (room.slots === 0) claims.noteNoSlot();
    if (mostOf(room) === 0) return NOTHING;
    const { runs, isAll, againAtMs } = await claims.take(dueQueues, room);
    config.start(runs);
    const isFull = (room.ahead ?? 0) > 0 && runs.length === mostOf(room);
    return { claimed: runs.length, isAll, againAtMs, isFull };
  }
}

const NOTHING: Started = { claimed: 0, isAll: false, againAtMs: Infinity, isFull: false };
