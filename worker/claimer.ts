import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '#core/clock.ts';
import { once, type Sql, sqlOf, transaction } from '#core/db.ts';
import { errorCode } from '#core/error-code.ts';
import { type Claim, type ClaimedRun, claimRuns, mostOf, type Room } from '#core/runs/claim.sql.ts';
import { FIRST_IN_QUEUE } from '#core/runs/candidates.sql.ts';
import { lockOpenCircuits } from '#core/circuits/circuits.sql.ts';
import { roomIn } from '#core/queues/rate.ts';
import { type LockedQueue, readCrowdedQueues, readDueWork } from '#core/runs/due.sql.ts';
import { waitedFor } from '#core/runs/waits.ts';
import type { StartedRun } from './started-run.ts';
import type { Duty, Pass } from './duty.ts';
import { HeldQueues, LONGEST_WAIT_FOR_QUEUE_MS, QueueHeld } from './held-queues.ts';
import type { Identity } from './identity.ts';
import { type Rated, rateOf, writeStarts } from './rated-queues.ts';
import { isFreshClaim, type Strays } from './strays.ts';

export type ClaimerConfig = {
  pool: pg.Pool;
  clock: Clock;
  identity: Identity;
  /** Queues and kinds that this worker serves; empty: all. */
  queues: readonly string[];
  kinds: readonly string[];
  labels: Readonly<Record<string, string>>;
  /** Jobs whose secrets this worker can't open. */
  jobsBeyond: () => readonly number[];
  /** How often to look when nothing wakes the claimer. */
  pollMs: number;
  leaseMs: number;
  /** What comes before claims (worker/limiter.ts). */
  limit: () => Promise<unknown>;
  /** Looks after claims that this worker may not know of. */
  strays: Pick<Strays, 'suspect' | 'isSuspected' | 'giveBackSuspected'>;
  room: () => Room;
  logger: Logger;
  start: (runs: readonly StartedRun[]) => void;
};

// Two claims of one exclusive job through different queues meet in the unique index; the loser looks again.
const MOST_TRIES = 5;
// Where nearly all slots are busy, one is free every few milliseconds. A claim for each of them would keep the database busier than
// what it finds: it rests as long as it took then, and the next finds several.
const LONGEST_REST_MS = 25;
// What is due in a queue that somebody holds is looked at again, though nobody says when it can start.
const HELD_UP_PAUSE_MS = 250;
// Where claims take all that there is room for, most likely more is due: so long the next go out without a look.
const LOOK_HOLDS_MS = 100;

export type Claimer = Duty & {
  /** Something was due at the last look: where a run ends here, it may begin. */
  readonly isSomethingDue: boolean;
};

/** `isAll`: nothing else can start before a run ends, becomes due or is asked for. */
type Claimed = { runs: readonly ClaimedRun[]; isAll: boolean };

/** `isFull`: it took ahead of free slots, and as much as there was room for. */
type Started = { claimed: number; isAll: boolean; isFull: boolean };

/**
 * Takes due runs for this worker, and sleeps until the next is due: the time until then comes from the database and is
 * counted by a clock that doesn't jump, so neither an offset nor a step of the host's clock matters.
 */
export function createClaimer(config: ClaimerConfig): Claimer {
  const { pool, clock, identity, queues, pollMs } = config;
  const sql = sqlOf(pool);
  const held = new HeldQueues(config.logger);
  const lookingSinceMs = clock.databaseNow().getTime();
  const queueFullAtMs = new Map<string, number>();
  const rateReachedAtMs = new Map<string, number>();
  // When a queue that has reached its rate may start the next run, by the clock that doesn't jump.
  let rateOverAtMs = Infinity;
  let slotsFullAtMs = -Infinity;
  // As far as the last look at the queues goes.
  let areRulesPlain = true;
  let pollAtMs = -Infinity;
  let restsUntilMs = -Infinity;
  let isSomethingDue = false;
  let isAnyLeftOut = false;
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
    const isLimited = performance.now() < pollAtMs && !identity.isDraining;
    const [due] = await Promise.all([
      once(() => readDueWork(sql, queues)),
      isLimited ? config.limit() : null,
    ]);
    pollAtMs =
      due.nextDueInMs === null || due.nextDueInMs > pollMs ? performance.now() + pollMs : Infinity;
    const nextAtMs = performance.now() + Math.min(due.nextDueInMs ?? pollMs, pollMs);
    rateOverAtMs = Infinity;
    if (due.queues.length > 0 && !isLimited) await config.limit();
    isSomethingDue = due.queues.length > 0;
    isAnyLeftOut = false;
    const lookHoldsUntilMs = performance.now() + LOOK_HOLDS_MS;
    let claimed = 0;
    let started = NOTHING;
    do {
      if (isSomethingDue) started = await claimAndStart(due.queues);
      claimed += started.claimed;
    } while (started.isFull && performance.now() < Math.min(lookHoldsUntilMs, nextAtMs));
    const endedAtMs = performance.now();
    restsUntilMs = endedAtMs + Math.min(LONGEST_REST_MS, endedAtMs - beganAtMs);
    const lookAgainAtMs = isAnyLeftOut ? endedAtMs + HELD_UP_PAUSE_MS : Infinity;
    const nextInMs =
      (claimed > 0 && !started.isAll) || config.strays.isSuspected
        ? 0
        : Math.max(0, Math.min(nextAtMs, rateOverAtMs, lookAgainAtMs) - performance.now());
    return { counts: { claimed }, nextInMs };
  }

  async function claimAndStart(dueQueues: readonly string[]): Promise<Started> {
    if (identity.isDraining) return NOTHING;
    const room = config.room();
    if (room.slots === 0) slotsFullAtMs = clock.databaseNow().getTime();
    if (mostOf(room) === 0) return NOTHING;
    const { runs, isAll } = await claim(dueQueues, room);
    // Claimed while the lease was being lost: they belong to the worker that this process no longer is.
    const ours = runs.filter(({ workerId }) => workerId === identity.workerId);
    config.start(ours.map(withWait));
    const isFull = (room.ahead ?? 0) > 0 && runs.length === mostOf(room);
    return { claimed: ours.length, isAll, isFull };
  }

  async function claim(dueQueues: readonly string[], room: Room): Promise<Claimed> {
    for (let tries = 1; ; tries++) {
      const sentAtMs = performance.now();
      try {
        const claimed = await claimOnce(dueQueues, room);
        if (isFreshClaim(performance.now() - sentAtMs, config.leaseMs)) return claimed;
        config.strays.suspect();
        return { runs: [], isAll: false };
      } catch (error) {
        if (error instanceof QueueHeld && tries < MOST_TRIES) {
          await held.find(pool, dueQueues);
          continue;
        }
        if (errorCode(error) === '23505' && tries < MOST_TRIES) continue;
        config.strays.suspect();
        throw error;
      }
    }
  }

  async function claimOnce(dueQueues: readonly string[], room: Room): Promise<Claimed> {
    if (areRulesPlain && !held.isAnyOf(dueQueues)) {
      const claimed = await transaction(pool, (sql) => claimBlindly(sql, dueQueues, room), {
        isBrief: true,
        isOneFlight: true,
        lockTimeoutMs: LONGEST_WAIT_FOR_QUEUE_MS,
      });
      if (claimed) return claimed;
    }
    const runs = await transaction(pool, (sql) => claimByRules(sql, dueQueues, room), {
      isBrief: true,
      lockTimeoutMs: LONGEST_WAIT_FOR_QUEUE_MS,
    });
    return { runs, isAll: isNothingLeft(room, runs) };
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
    return { runs, isAll: isAllSeen && isNothingLeft(room, runs) };
  }

  function isNothingLeft({ slots }: Room, { length }: readonly ClaimedRun[]): boolean {
    return areRulesPlain && !isAnyLeftOut && length < slots;
  }

  function noteLocked(locked: readonly LockedQueue[]): number {
    const nowMs = clock.databaseNow().getTime();
    for (const { name, hasRoom } of locked) if (!hasRoom) queueFullAtMs.set(name, nowMs);
    areRulesPlain = locked.every((queue) => !queue.isAnyCircuitOpen && rateOf(queue) === null);
    return nowMs;
  }

  function claimOf(names: readonly string[], room: Room): Claim {
    return {
      workerId: identity.workerId,
      room,
      queues: names,
      kinds: config.kinds,
      labels: config.labels,
      jobsBeyond: config.jobsBeyond(),
    };
  }

  async function claimByRules(sql: Sql, dueQueues: readonly string[], room: Room) {
    const locked = await held.lock(sql, dueQueues);
    isAnyLeftOut = locked.length < dueQueues.length;
    if (locked.length === 0) return [];
    const nowMs = noteLocked(locked);
    const isAnyCircuitOpen = locked[0]?.isAnyCircuitOpen ?? false;
    if (isAnyCircuitOpen) await lockOpenCircuits(sql);
    const rated = locked.map(rateOf);
    const names = locked.map(({ name }) => name);
    const rateRoom = locked.map((queue, n) => roomOf(queue, rated[n] ?? null, nowMs, room));
    const asked: Claim = { ...claimOf(names, room), rateRoom, isAnyCircuitOpen };
    const first = await claimRuns(sql, asked);
    const runs = [...first, ...(await claimBehind(sql, asked, first))];
    await writeStarts(sql, locked, rated, runs);
    return runs;
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

  function roomOf(queue: LockedQueue, rated: Rated | null, nowMs: number, room: Room): number {
    if (rated === null) return mostOf(room);
    const { starts, nextInMs } = roomIn(rated.rate, rated.log, queue.nowMs);
    // Only what begins at once: what waited for its slot at the worker would begin when others have been let in.
    if (starts > 0) return Math.min(room.slots, starts);
    rateReachedAtMs.set(queue.name, nowMs);
    rateOverAtMs = Math.min(rateOverAtMs, performance.now() + nextInMs);
    return 0;
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

const NOTHING: Started = { claimed: 0, isAll: false, isFull: false };

const mostLookedAt = (room: Room) => Math.max(FIRST_IN_QUEUE, mostOf(room));
