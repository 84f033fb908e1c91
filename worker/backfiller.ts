import type pg from 'pg';
import type { Logger } from 'pino';
import { feedBackfill } from '#core/backfill/feed.ts';
import { readBackfillsToFeed } from '#core/backfill/feed.sql.ts';
import { sqlOf, transaction } from '#core/db.ts';
import type { Duty } from './duty.ts';

export type BackfillerConfig = { pool: pg.Pool; logger: Logger; intervalMs: number };

export type Backfiller = Duty & {
  /** At the last look there were backfills: the end of a run may make room for one of theirs. */
  readonly isFeeding: boolean;
};

// A backfill that has much to look through leaves the others their turn.
const MOST_PASSES = 20;

/**
 * Makes the runs of backfills, a few at a time. Any number of workers may do so at once: each pass holds its backfill
 * and advances it in the statement that makes the runs, so that one that is killed leaves nothing half done.
 */
export function createBackfiller({ pool, logger, intervalMs }: BackfillerConfig): Backfiller {
  let isFeeding = false;
  const told = new Set<number>();

  return {
    name: 'backfiller',
    intervalMs,
    runOnce,
    get isFeeding() {
      return isFeeding;
    },
  };

  async function runOnce() {
    const ids = await readBackfillsToFeed(sqlOf(pool));
    isFeeding = ids.length > 0;
    const counts = { runs: 0, ended: 0 };
    let nextInMs = intervalMs;
    for (const id of ids) nextInMs = Math.min(nextInMs, await feed(id, counts));
    return { counts, nextInMs };
  }

  async function feed(id: number, counts: { runs: number; ended: number }): Promise<number> {
    for (let passes = 0; passes < MOST_PASSES; passes++) {
      const fed = await feedOrTell(id);
      if (fed === null) return intervalMs;
      counts.runs += fed.runs;
      counts.ended += fed.isOver ? 1 : 0;
      if (fed.nextInMs !== 0) return fed.nextInMs ?? intervalMs;
    }
    return 0;
  }

  /** Null for one that can't be fed: the others go on. */
  async function feedOrTell(id: number) {
    try {
      const fed = await transaction(pool, (sql) => feedBackfill(sql, id));
      told.delete(id);
      return fed;
    } catch (error) {
      // Whatever befalls the whole database is the duty's to tell, and to try again.
      await sqlOf(pool)('SELECT 1 AS alive');
      if (!told.has(id)) logger.error({ err: error, backfillId: id }, 'backfill can’t go on');
      told.add(id);
      return null;
    }
  }
}
