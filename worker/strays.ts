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
  /** Whether this process executes the attempt, or has its end and isn't rid of it yet. */
  holds: (runId: number, attempt: number) => boolean;
};

/**
 * Whether a claim is answered in time to be started. The answer to a later one may come when the run has been given
 * back already.
 */
export const isFreshClaim = (tookMs: number, leaseMs: number) => tookMs < leaseMs / 2;

/**
 * Finds runs that were claimed for this worker without its knowing: the connection broke between the commit and its
 * answer. Nobody else would: the worker lives, so its runs count as executed.
 */
export function createStrays({ pool, identity, logger, leaseMs, holds }: StraysConfig): Duty {
  const sql = sqlOf(pool);
  return {
    name: 'strays',
    intervalMs: leaseMs / 2,
    async runOnce() {
      const { workerId } = identity;
      const own = await readOwnRuns(sql, workerId, leaseMs);
      const strays = own.filter(({ id, attempt }) => !holds(id, attempt));
      if (strays.length === 0) return { counts: { strays: 0 } };
      const given = await once(() => giveBackUnstartedRuns(sql, workerId, strays));
      logger.warn({ runIds: given }, 'the answer to a claim was lost; its runs are given back');
      return { counts: { strays: given.length } };
    },
  };
}
