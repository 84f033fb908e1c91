import type pg from 'pg';
import type { Logger } from 'pino';
import { readArchiveState } from '#core/archive/months.sql.ts';
import { dropStagingTables } from '#core/archive/staging.sql.ts';
import { sqlOf } from '#core/db.ts';
import { aloneWithHistory } from '#core/history/alone.ts';
import { type DropResult, dropMonth } from '#core/history/drop-month.ts';
import { makeMonths, readOldMonths } from '#core/history/months.sql.ts';
import type { Duty } from './duty.ts';

export type PartitionerConfig = {
  /** Whose statements may take long. */
  pool: pg.Pool;
  logger: Logger;
  /** Notes where this worker archives, before anything goes. */
  announceArchive?: () => Promise<void>;
  intervalMs?: number;
  /** How long a drop waits for those who read the month, before it leaves it for the next pass. */
  lockTimeoutMs?: number;
};

const MONTHS_AHEAD = 3;
const BUSY_RETRY_MS = 60_000;
const OTHERS_MS = 5_000;

/**
 * Keeps the months of the ledger: three ahead are made, those past the longest retention dropped (rule 13), where there is
 * an archive only once they are in it.
 */
export function createPartitioner({
  pool,
  logger,
  announceArchive = async () => {},
  intervalMs = 3_600_000,
  lockTimeoutMs = 3_000,
}: PartitionerConfig): Duty {
  return { name: 'partitioner', intervalMs, runOnce };

  async function runOnce() {
    const made = await makeMonths(sqlOf(pool), MONTHS_AHEAD);
    const dropped = await dropPast();
    if (!dropped)
      return { counts: { made, dropped: 0 }, nextInMs: Math.min(OTHERS_MS, intervalMs) };
    const isBusy = dropped.at(-1) === 'busy';
    const counts = { made, dropped: dropped.filter((result) => result === 'dropped').length };
    return isBusy ? { counts, nextInMs: Math.min(BUSY_RETRY_MS, intervalMs) } : { counts };
  }

  /** Null: somebody else archives or drops at this moment. */
  async function dropPast(): Promise<DropResult[] | null> {
    await announceArchive();
    return aloneWithHistory(pool, async (sql, client) => {
      await dropStagingTables(sql);
      const { place } = await readArchiveState(sql);
      const found: DropResult[] = [];
      for (const old of await readOldMonths(sql)) {
        if (!old.mayGo || (place !== null && !old.isArchived)) continue;
        const result = await dropMonth(sql, client, old, { lockTimeoutMs });
        found.push(result);
        tell(result, old.month);
        if (result === 'busy') return found;
      }
      return found;
    });
  }

  function tell(result: DropResult, month: string): void {
    if (result === 'dropped') logger.info({ month }, 'month dropped');
    else if (result === 'late')
      logger.warn({ month }, 'rows came late; the month is archived anew');
    else logger.info({ month }, 'month is being read; dropping it at the next pass');
  }
}
