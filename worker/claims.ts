import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import type { Logger } from 'pino';
import { lockOpenCircuits } from '#core/circuits/circuits.sql.ts';
import type { Clock } from '#core/clock.ts';
import { LOCK_TIMEOUT, type Sql, transaction } from '#core/db.ts';
import { errorCode } from '#core/error-code.ts';
import { roomIn } from '#core/queues/rate.ts';
import { FIRST_IN_QUEUE } from '#core/runs/candidates.sql.ts';
import { type Claim, claimRuns, mostOf, type Room } from '#core/runs/claim.sql.ts';
import { claimAlone, lookForAlone, type Taker } from '#core/runs/claim-alone.sql.ts';
import type { ClaimedRun } from '#core/runs/claimed.sql.ts';
import { type DueWork, type LockedQueue, readCrowdedQueues } from '#core/runs/due.sql.ts';
import { waitedFor } from '#core/runs/waits.ts';
import { HeldQueues, LONGEST_WAIT_FOR_QUEUE_MS, QueueHeld } from './held-queues.ts';
import type { Identity } from './identity.ts';
import { type Rated, rateOf, writeStarts } from './rated-queues.ts';
import type { StartedRun } from './started-run.ts';
import { isFreshClaim, type Strays } from './strays.ts';

export type ClaimsConfig = {
  pool: pg.Pool;
  clock: Clock;
  identity: Identity;
  /** Queues and kinds that this worker serves; empty: all. */
  queues: readonly string[];
  kinds: readonly string[];
  labels: Readonly<Record<string, string>>;
  /** Jobs whose secrets this worker can't open. */
  jobsBeyond: () => readonly number[];
  leaseMs: number;
  /** Looks after claims that this worker may not know of. */
  strays: Pick<Strays, 'suspect'>;
  logger: Logger;
};

/** What a claim took. */
export type Taken = {
  runs: StartedRun[];
  /** Nothing else can start before a run ends, becomes due or is asked for. */
  isAll: boolean;
  /** When what a rate or a held queue keeps may start, by the clock that doesn't jump; Infinity: nothing is kept so. */
  againAtMs: number;
};

export type TakenAlone = DueWork & { run: StartedRun | null };

export type Claims = {
  /** Takes what is due in these queues for the room that there is. */
  take(dueQueues: readonly string[], room: Room): Promise<Taken>;
  /** No rule stands against taking what is due alone. */
  readonly mayTakeAlone: boolean;
  /**
   * Takes what is due alone with the look that finds it: the usual case of a worker that is woken at rest, and nobody's
   * turn. Null where something else is due, or it couldn't be taken so.
   */
  takeAlone(): Promise<TakenAlone | null>;
  /** What is claimed from now on may have waited for a slot. */
  noteNoSlot(): void;
};

// Two claims of one exclusive job through different queues meet in the unique index; the loser looks again.
const MOST_TRIES = 5;
const UNIQUE_VIOLATION = '23505';
// What is due in a queue that somebody holds is looked at again, though nobody says when it can start.
const HELD_UP_PAUSE_MS = 250;
const CLAIM = { isBrief: true, lockTimeoutMs: LONGEST_WAIT_FOR_QUEUE_MS };
const IN_ONE_FLIGHT = { ...CLAIM, isOneFlight: true };

type Claimed = { runs: readonly ClaimedRun[]; isAll: boolean; againAtMs: number };

/** Claims of this worker, by all rules: of queues, rates, circuits and turns. */
export function createClaims(config: ClaimsConfig): Claims {
  const { pool, clock, identity } = config;
  const held = new HeldQueues(config.logger);
  const lookingSinceMs = clock.databaseNow().getTime();
  const queueFullAtMs = new Map<string, number>();
  const rateReachedAtMs = new Map<string, number>();
  let slotsFullAtMs = -Infinity;
  // As far as the last look at the queues goes.
  let areRulesPlain = true;

  return {
    take,
    get mayTakeAlone() {
      return areRulesPlain && !held.isAny;
    },
    takeAlone,
    noteNoSlot() {
      slotsFullAtMs = clock.databaseNow().getTime();
    },
  };

  async function take(dueQueues: readonly string[], room: Room): Promise<Taken> {
    for (let tries = 1; ; tries++) {
      const sentAtMs = performance.now();
      try {
        const claimed = await claimOnce(dueQueues, room);
        if (isFresh(sentAtMs)) return { ...claimed, runs: ours(claimed.runs) };
        return { runs: [], isAll: false, againAtMs: Infinity };
      } catch (error) {
        if (error instanceof QueueHeld && tries < MOST_TRIES) {
          await held.find(pool, dueQueues);
          continue;
        }
        if (errorCode(error) === UNIQUE_VIOLATION && tries < MOST_TRIES) continue;
        config.strays.suspect();
        throw error;
      }
    }
  }

  async function takeAlone(): Promise<TakenAlone | null> {
    const sentAtMs = performance.now();
    try {
      const [{ due, nextDueInMs, seenAtMs }, run] = await transaction(
        pool,
        (sql) => Promise.all([lookAlone(sql), claimAlone(sql, taker())]),
        IN_ONE_FLIGHT,
      );
      if (due > 0 && !run) return null;
      const mine = run && isFresh(sentAtMs) ? ours([run]) : [];
      const sinceMs = performance.now() - seenAtMs;
      return {
        run: mine[0] ?? null,
        queues: [],
        nextDueInMs: nextDueInMs === null ? null : nextDueInMs - sinceMs,
      };
    } catch (error) {
      if ([UNIQUE_VIOLATION, LOCK_TIMEOUT].includes(errorCode(error) ?? '')) return null;
      config.strays.suspect();
      throw error;
    }
  }

  /** The answer says in how many ms something is due, the claim behind it waits for the disk. */
  async function lookAlone(sql: Sql) {
    const look = await lookForAlone(sql, config.queues);
    return { ...look, seenAtMs: performance.now() };
  }

  /** Whether what a claim took may begin. Else it goes back. */
  function isFresh(sentAtMs: number): boolean {
    const is = isFreshClaim(performance.now() - sentAtMs, config.leaseMs);
    if (!is) config.strays.suspect();
    return is;
  }

  /** Without what was claimed while the lease was being lost: it belongs to the worker that this process no longer is. */
  function ours(runs: readonly ClaimedRun[]): StartedRun[] {
    return runs.filter(({ workerId }) => workerId === identity.workerId).map(withWait);
  }

  async function claimOnce(dueQueues: readonly string[], room: Room): Promise<Claimed> {
    if (areRulesPlain && !held.isAnyOf(dueQueues)) {
      const blindly = (sql: Sql) => claimBlindly(sql, dueQueues, room);
      const claimed = await transaction(pool, blindly, IN_ONE_FLIGHT);
      if (claimed) return claimed;
    }
    return transaction(pool, (sql) => claimByRules(sql, dueQueues, room), CLAIM);
  }

  /**
   * The claim goes out together with what it depends on, and takes nothing where a rate or an open circuit has a say.
   * Null: ask again, by the rules.
   */
  async function claimBlindly(
    sql: Sql,
    dueQueues: readonly string[],
    room: Room,
  ): Promise<Claimed | null> {
    const [locked, runs, crowded] = await Promise.all([
      held.lock(sql, dueQueues),
      claimRuns(sql, { ...claimOf(dueQueues, room), isBlind: true }),
      readCrowdedQueues(sql, dueQueues, mostLookedAt(room)),
    ]);
    noteLocked(locked);
    const isAllSeen = crowded.length === 0 || runs.length >= room.slots;
    // What was taken starts first; the next look does the rest.
    if (runs.length === 0 && !(areRulesPlain && isAllSeen)) return null;
    const isAll = isAllSeen && areRulesPlain && runs.length < room.slots;
    return { runs, isAll, againAtMs: Infinity };
  }

  function noteLocked(locked: readonly LockedQueue[]): number {
    const nowMs = clock.databaseNow().getTime();
    for (const { name, hasRoom } of locked) if (!hasRoom) queueFullAtMs.set(name, nowMs);
    areRulesPlain = locked.every((queue) => !queue.isAnyCircuitOpen && rateOf(queue) === null);
    return nowMs;
  }

  function claimOf(names: readonly string[], room: Room): Claim {
    return { ...taker(), room, queues: names };
  }

  function taker(): Taker {
    const { kinds, labels, jobsBeyond } = config;
    return { workerId: identity.workerId, kinds, labels, jobsBeyond: jobsBeyond() };
  }

  async function claimByRules(
    sql: Sql,
    dueQueues: readonly string[],
    room: Room,
  ): Promise<Claimed> {
    const locked = await held.lock(sql, dueQueues);
    const heldUntilMs =
      locked.length < dueQueues.length ? performance.now() + HELD_UP_PAUSE_MS : Infinity;
    if (locked.length === 0) return { runs: [], isAll: false, againAtMs: heldUntilMs };
    const nowMs = noteLocked(locked);
    const isAnyCircuitOpen = locked[0]?.isAnyCircuitOpen ?? false;
    if (isAnyCircuitOpen) await lockOpenCircuits(sql);
    const rated = locked.map(rateOf);
    const names = locked.map(({ name }) => name);
    const rooms = locked.map((queue, n) => roomOf(queue, rated[n] ?? null, nowMs, room));
    const rateRoom = rooms.map(({ starts }) => starts);
    const asked: Claim = { ...claimOf(names, room), rateRoom, isAnyCircuitOpen };
    const first = await claimRuns(sql, asked);
    const runs = [...first, ...(await claimBehind(sql, asked, first))];
    await writeStarts(sql, locked, rated, runs);
    const againAtMs = Math.min(heldUntilMs, ...rooms.map(({ overAtMs }) => overAtMs));
    const isAll = areRulesPlain && heldUntilMs === Infinity && runs.length < room.slots;
    return { runs, isAll, againAtMs };
  }

  /** Where many in front can't start, what stands behind them has its turn. */
  async function claimBehind(sql: Sql, asked: Claim, claimed: readonly ClaimedRun[]) {
    const slots = asked.room.slots - claimed.length;
    if (slots <= 0) return [];
    const queues = await readCrowdedQueues(sql, asked.queues, mostLookedAt(asked.room));
    if (queues.length === 0) return [];
    const rateRoom = queues.map((name) => {
      const starts = claimed.filter(({ queue }) => queue === name).length;
      return (asked.rateRoom?.[asked.queues.indexOf(name)] ?? slots) - starts;
    });
    return claimRuns(sql, { ...asked, room: { slots }, queues, rateRoom, among: 'jobs' });
  }

  /** How many may start in a queue as far as its rate goes, and when the next may where none does. */
  function roomOf(queue: LockedQueue, rated: Rated | null, nowMs: number, room: Room) {
    if (rated === null) return { starts: mostOf(room), overAtMs: Infinity };
    const { starts, nextInMs } = roomIn(rated.rate, rated.log, queue.nowMs);
    // Only what begins at once: what waited for its slot at the worker would begin when others have been let in.
    if (starts > 0) return { starts: Math.min(room.slots, starts), overAtMs: Infinity };
    rateReachedAtMs.set(queue.name, nowMs);
    return { starts: 0, overAtMs: performance.now() + nextInMs };
  }

  function withWait(run: ClaimedRun): StartedRun {
    // A copy: what is added to an object of this size makes it a table of its own, seven times as large.
    return {
      ...run,
      waitedFor: waitedFor(
        {
          dueAt: run.dueAt,
          startedAt: run.startedAt,
          isExclusive: run.overlap !== 'allow',
          isProbe: run.isProbe,
        },
        {
          lookingSinceMs,
          slotsFullAtMs,
          queueFullAtMs: queueFullAtMs.get(run.queue) ?? -Infinity,
          rateReachedAtMs: rateReachedAtMs.get(run.queue) ?? -Infinity,
        },
      ),
    };
  }
}

const mostLookedAt = (room: Room) => Math.max(FIRST_IN_QUEUE, mostOf(room));
