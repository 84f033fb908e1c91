import type pg from 'pg';
import type { Logger } from 'pino';
import { once, sqlOf } from '#core/db.ts';
import { giveBackUnstartedRuns, readOwnRuns } from '#core/runs/strays.sql.ts';
import type { Duty } from './duty.ts';
import type { Identity } from './identity.ts';

export type StraysConfig = {
  pool: pg.Pool;
  identity: Identity;
  logger: Logger;
  leaseMs: number;
  /** Who executes attempts here, or has their ends and isn't rid of them yet. */
  holders: readonly { holds: (runId: number, attempt: number) => boolean }[];
};

/**
 * Whether a claim is answered in time to be started. The answer to a later one may come when the run has been given
 * back already.
 */
export const isFreshClaim = (tookMs: number, leaseMs: number) => tookMs < leaseMs / 2;

export type Strays = Duty & {
  /** There may be one: the answer to a claim didn't come, or too late to start what it says. */
  suspect(): void;
  readonly isSuspected: boolean;
  /**
   * Where one is suspected, gives it back without waiting for its lease. Only while no claim is under way: its runs
   * would be taken for strays.
   */
  giveBackSuspected(): Promise<void>;
};

/**
 * Finds runs that were claimed for this worker without its knowing: the connection broke between the commit and its
 * answer. Nobody else would: the worker lives, so its runs count as executed.
 */
export function createStrays({ pool, identity, logger, leaseMs, holders }: StraysConfig): Strays {
  const sql = sqlOf(pool);
  let isSuspected = false;

  return {
    name: 'strays',
    intervalMs: leaseMs / 2,
    // What a server commits after the claimer has looked is found here.
    runOnce: () => giveBack(leaseMs),
    suspect() {
      isSuspected = true;
    },
    get isSuspected() {
      return isSuspected;
    },
    async giveBackSuspected() {
      if (!isSuspected) return;
      isSuspected = false;
      try {
        await giveBack(0);
      } catch (error) {
        isSuspected = true;
        throw error;
      }
    },
  };

  async function giveBack(olderThanMs: number) {
    const { workerId } = identity;
    const own = await once(() => readOwnRuns(sql, workerId, olderThanMs));
    const strays = own.filter(({ id, attempt }) => !holders.some((one) => one.holds(id, attempt)));
    if (strays.length === 0) return { counts: { strays: 0 } };
    const given = await once(() => giveBackUnstartedRuns(sql, workerId, strays));
    logger.warn({ runIds: given }, 'the answer to a claim was lost; its runs are given back');
    return { counts: { strays: given.length } };
  }
}
