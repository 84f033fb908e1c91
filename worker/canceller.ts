import type pg from 'pg';
import { sqlOf } from '#core/db.ts';
import { readCancelRequests } from '#core/runs/cancellation.sql.ts';
import type { Duty } from './duty.ts';
import type { Executor } from './executor.ts';
import type { Identity } from './identity.ts';

export type CancellerConfig = {
  pool: pg.Pool;
  identity: Identity;
  executor: Pick<Executor, 'running' | 'stop'>;
};

// A cancel takes effect within a second also when its announcement isn't heard.
const POLL_MS = 500;

/** Stops those of this worker's runs that somebody asked to cancel. */
export function createCanceller({ pool, identity, executor }: CancellerConfig): Duty {
  const sql = sqlOf(pool);
  return {
    name: 'canceller',
    intervalMs: POLL_MS,
    async runOnce() {
      if (executor.running === 0) return { counts: { requests: 0 } };
      const requests = await readCancelRequests(sql, identity.workerId);
      for (const { id, attempt, cancelledBy } of requests) {
        executor.stop(id, attempt, { reason: 'cancelled', by: cancelledBy });
      }
      return { counts: { requests: requests.length } };
    },
  };
}
