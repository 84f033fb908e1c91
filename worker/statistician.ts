import type pg from 'pg';
import { sqlOf } from '#core/db.ts';
import { renewOutgrownStatistics } from '#core/runs/statistics.sql.ts';
import type { Duty } from './duty.ts';

export type StatisticianConfig = { pool: pg.Pool; intervalMs: number };

/** Has statements planned anew when many more runs live than those plans were made for. */
export function createStatistician({ pool, intervalMs }: StatisticianConfig): Duty {
  const sql = sqlOf(pool);
  return { name: 'statistician', intervalMs, runOnce };

  async function runOnce() {
    const isRenewed = await renewOutgrownStatistics(sql);
    return { counts: { renewed: Number(isRenewed) } };
  }
}
