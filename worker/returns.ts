import type pg from 'pg';
import type { Logger } from 'pino';
import { once, sqlOf } from '#core/db.ts';
import { giveBackUnstartedRuns } from '#core/runs/strays.sql.ts';
import type { StartedRun } from './started-run.ts';

export type ReturnsConfig = {
  pool: pg.Pool;
  logger: Logger;
  /** A run could not be given back. */
  onFailed: () => void;
};

/**
 * Gives runs back that were claimed and can't be started here. Where the database is away nothing is lost: the run is
 * found as a stray later (worker/strays.ts).
 */
export function createReturns({ pool, logger, onFailed }: ReturnsConfig) {
  const sql = sqlOf(pool);
  return async (runs: readonly StartedRun[]): Promise<void> => {
    try {
      for (const [workerId, own] of Map.groupBy(runs, (run) => run.workerId)) {
        await once(() => giveBackUnstartedRuns(sql, workerId, own));
      }
    } catch (error) {
      const runIds = runs.map(({ id }) => id);
      logger.warn({ err: error, runIds }, 'runs could not be given back; they will be later');
      onFailed();
    }
  };
}
