import type pg from 'pg';
import { type Sql, transaction } from '#core/db.ts';
import { pruneGaps, pruneRuns } from '#core/history/prune.sql.ts';
import type { Duty } from './duty.ts';

export type PrunerConfig = { pool: pg.Pool; intervalMs?: number };

const BATCH = 1_000;
// Between two batches, so that a long clean-up takes its turns with the work.
const PAUSE_MS = 100;
/** One worker at a time prunes; the number means nothing. */
const LOCK = 7_310_420_217;

/**
 * Deletes history that is kept for less time than its month, in batches of at most 1,000 runs (rule 13); whole months
 * are the partitioner's.
 */
export function createPruner({ pool, intervalMs = 600_000 }: PrunerConfig): Duty {
  return { name: 'pruner', intervalMs, runOnce };

  async function runOnce() {
    const counts = await transaction(pool, pruneBatchAlone);
    const isMore = counts.runs === BATCH || counts.gaps === BATCH;
    return isMore ? { counts, nextInMs: PAUSE_MS } : { counts };
  }
}

async function pruneBatchAlone(sql: Sql): Promise<{ runs: number; gaps: number }> {
  const [lock] = await sql<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS held', [
    LOCK,
  ]);
  if (!lock?.held) return { runs: 0, gaps: 0 };
  return { runs: await pruneRuns(sql, BATCH), gaps: await pruneGaps(sql, BATCH) };
}
