import type pg from 'pg';
import { type Sql, transaction } from '#core/db.ts';
import {
  type PruneJob,
  type PruneLimits,
  pruneGaps,
  pruneLogs,
  pruneRuns,
  readJobsToPrune,
  readRunsToPrune,
} from '#core/history/prune.sql.ts';
import type { Duty } from './duty.ts';

export type PrunerConfig = {
  pool: pg.Pool;
  /** Notes where this worker archives, before anything goes. */
  announceArchive?: () => Promise<void>;
  intervalMs?: number;
  limits?: PruneLimits;
};

// A log may have 100 MB: counted by runs alone a batch would have no bound.
const LIMITS: PruneLimits = { runs: 1_000, chunks: 5_000, logBytes: 64_000_000 };
const MOST_GAPS = 1_000;
const MOST_JOBS = 500;
// Between two batches, so that a long clean-up takes its turns with the work.
const PAUSE_MS = 100;
/** One worker at a time prunes; the number means nothing. */
const LOCK = 7_310_420_217;

/**
 * Deletes history that a job keeps for less time than whole months are kept, or beyond its number of runs, in small batches
 * (rule 13); whole months are the partitioner's. A log goes before its run, so that a long one takes several batches.
 */
export function createPruner({
  pool,
  announceArchive = async () => {},
  intervalMs = 600_000,
  limits = LIMITS,
}: PrunerConfig): Duty {
  // Those that had something to go when they were looked at: finding them costs more than a batch.
  let jobs: readonly PruneJob[] = [];
  return { name: 'pruner', intervalMs, runOnce };

  async function runOnce() {
    await announceArchive();
    const known = jobs;
    // What was noted about them is gone with a transaction that fails.
    jobs = [];
    const { isMore, left, ...counts } = await transaction(pool, (sql) => pruneAlone(sql, known));
    jobs = left;
    return isMore ? { counts, nextInMs: PAUSE_MS } : { counts };
  }

  async function pruneAlone(sql: Sql, known: readonly PruneJob[]) {
    const [lock] = await sql<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS held', [
      LOCK,
    ]);
    if (!lock?.held) return { runs: 0, chunks: 0, gaps: 0, isMore: false, left: [] };
    const due = known.length > 0 ? known : await readJobsToPrune(sql, MOST_JOBS);
    const { isMore, ...went } = await pruneBatch(sql, due);
    const gaps = await pruneGaps(sql, MOST_GAPS);
    const areMoreJobs = due.length === MOST_JOBS;
    return {
      ...went,
      gaps,
      isMore: isMore || areMoreJobs || gaps === MOST_GAPS,
      left: isMore ? due : [],
    };
  }

  async function pruneBatch(sql: Sql, due: readonly PruneJob[]) {
    if (due.length === 0) return { runs: 0, chunks: 0, isMore: false };
    const doomed = await readRunsToPrune(sql, due, limits);
    const chunks = await pruneLogs(sql, doomed.runs, limits.chunks);
    if (chunks === limits.chunks) return { runs: 0, chunks, isMore: true };
    return { runs: await pruneRuns(sql, doomed.runs), chunks, isMore: doomed.isMore };
  }
}
