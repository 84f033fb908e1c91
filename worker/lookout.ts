import type pg from 'pg';
import { once, sqlOf } from '#core/db.ts';
import { lookOut, type LookedOutFor, type LookoutOptions } from '#core/lookout.sql.ts';
import type { Duty } from './duty.ts';

export type LookoutConfig = LookoutOptions & {
  pool: pg.Pool;
  intervalMs: number;
  wakeIn: (duty: LookedOutFor, ms: number) => void;
};

/**
 * Looks for all duties that have something to do by the clock, or by what nobody announced, and wakes each in time: one
 * statement instead of one or more of each, so that a worker with nothing to do asks for little.
 */
export function createLookout({ pool, intervalMs, wakeIn, ...options }: LookoutConfig): Duty {
  const sql = sqlOf(pool);
  return { name: 'lookout', intervalMs, runOnce };

  async function runOnce() {
    const dueInMs = await once(() => lookOut(sql, options));
    for (const [duty, ms] of Object.entries(dueInMs) as [LookedOutFor, number | null][]) {
      // What comes later the next look finds.
      if (ms !== null && ms < intervalMs) wakeIn(duty, Math.max(0, ms));
    }
    return { counts: {} };
  }
}
