import type pg from 'pg';
import { once, sqlOf } from '#core/db.ts';
import { addStartLags, dropOldStartLags } from '#core/health/lag.sql.ts';
import type { Duty } from './duty.ts';
import type { StartMeter } from './start-meter.ts';

export type LagKeeperConfig = { pool: pg.Pool; meter: StartMeter; intervalMs?: number };

/** Stores how late this worker's ticks started; what can't be stored now goes with the next pass. */
export function createLagKeeper({ pool, meter, intervalMs = 10_000 }: LagKeeperConfig): Duty {
  const sql = sqlOf(pool);
  return { name: 'lag-keeper', intervalMs, runOnce };

  async function runOnce() {
    const counted = meter.take();
    if (counted.length === 0) return { counts: {} };
    try {
      await once(() => addStartLags(sql, counted));
    } catch (error) {
      meter.giveBack(counted);
      throw error;
    }
    await dropOldStartLags(sql);
    return { counts: { counted: counted.length } };
  }
}
