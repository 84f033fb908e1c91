import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import type { Logger } from 'pino';
import { LOCK_TIMEOUT, type Sql, transaction } from '#core/db.ts';
import { errorCode } from '#core/error-code.ts';
import { type LockedQueue, lockQueuesForClaim } from '#core/runs/due.sql.ts';

/** A claim waits no longer for the row of a queue; claims that follow one another take some hundredths of it. */
export const LONGEST_WAIT_FOR_QUEUE_MS = 1_000;
/** Then it is waited for again: it may have been a long line of claims. */
const PASSED_OVER_FOR_MS = 60_000;

/** A queue of the claim was held for longer than claims hold it. Nothing was claimed. */
export class QueueHeld extends Error {}

/**
 * Queues whose rows somebody holds, as a forgotten transaction does: they hold up no other queue. A claim takes them where
 * they are free, and doesn't wait for them.
 */
export class HeldQueues {
  readonly #logger: Logger;
  readonly #passedOverUntilMs = new Map<string, number>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get isAny(): boolean {
    return this.isAnyOf([...this.#passedOverUntilMs.keys()]);
  }

  isAnyOf(names: readonly string[]): boolean {
    const nowMs = performance.now();
    return names.some((name) => this.#isPassedOver(name, nowMs));
  }

  /**
   * Locks these for a claim, and leaves out those of them that are held.
   * @throws QueueHeld where another is; the transaction has to have a `lockTimeoutMs`
   */
  async lock(sql: Sql, names: readonly string[]): Promise<LockedQueue[]> {
    const nowMs = performance.now();
    const held = names.filter((name) => this.#isPassedOver(name, nowMs));
    const others = held.length === 0 ? names : names.filter((name) => !held.includes(name));
    const locked = others.length > 0 ? await waitFor(sql, others) : [];
    if (held.length > 0) {
      locked.push(...(await lockQueuesForClaim(sql, held, { passesOver: true })));
    }
    for (const { name } of locked) {
      if (this.#passedOverUntilMs.delete(name)) {
        this.#logger.info({ queue: name }, 'nobody holds the row of the queue any more');
      }
    }
    return locked;
  }

  /** After QueueHeld: finds out which of these it is. */
  async find(pool: pg.Pool, names: readonly string[]): Promise<void> {
    const free = await transaction(
      pool,
      (sql) => lockQueuesForClaim(sql, names, { passesOver: true }),
      { isBrief: true },
    );
    const held = names.filter((name) => !free.some((queue) => queue.name === name));
    const queues = held.filter((name) => !this.#passedOverUntilMs.has(name));
    for (const name of held) {
      this.#passedOverUntilMs.set(name, performance.now() + PASSED_OVER_FOR_MS);
    }
    if (queues.length === 0) return;
    this.#logger.warn(
      { queues },
      'somebody holds the rows of queues in a transaction: what is due in them starts when that is over',
    );
  }

  #isPassedOver(name: string, nowMs: number): boolean {
    return (this.#passedOverUntilMs.get(name) ?? -Infinity) > nowMs;
  }
}

async function waitFor(sql: Sql, names: readonly string[]): Promise<LockedQueue[]> {
  try {
    return await lockQueuesForClaim(sql, names);
  } catch (error) {
    if (errorCode(error) !== LOCK_TIMEOUT) throw error;
    throw new QueueHeld('the row of a queue is held', { cause: error });
  }
}
