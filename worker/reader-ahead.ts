import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import type { Clock } from '#core/clock.ts';
import { once, sqlOf } from '#core/db.ts';
import { readRevisionsDue, SOON_MS } from '#core/runs/due.sql.ts';
import { type Definitions, MOST_KEPT } from './definitions.ts';
import type { Duty } from './duty.ts';
import { warmUp } from './warm-up.ts';

export type ReaderAheadConfig = {
  pool: pg.Pool;
  clock: Clock;
  definitions: Definitions;
  /** Of the queues that the worker serves; empty: all. */
  queues: readonly string[];
  intervalMs: number;
};

/** A few milliseconds of work: what is due meanwhile doesn't wait for the rest. */
const BATCH = 100;
/** What is due more often keeps the plans itself. */
const WARM_FOR_MS = 60_000;

/**
 * Reads the definitions of what is due soon and lets the statements of a claim be planned, so that at its instant no run waits
 * for its own definition, for those of a thousand others, or for a plan.
 */
export function createReaderAhead(config: ReaderAheadConfig): Duty {
  const { pool, clock, definitions, queues, intervalMs } = config;
  const sql = sqlOf(pool);
  let readUntilMs = -Infinity;
  let warmedUpAtMs = -Infinity;
  return { name: 'reader-ahead', intervalMs, runOnce };

  async function runOnce() {
    const nowMs = clock.databaseNow().getTime();
    const after = new Date(Math.max(nowMs, Math.min(readUntilMs, nowMs + SOON_MS)));
    const until = new Date(nowMs + SOON_MS);
    const stretch = { after, until, queues, most: MOST_KEPT };
    const revisions = await once(() => readRevisionsDue(sql, stretch));
    const [first] = revisions;
    for (let from = 0; from < revisions.length; from += BATCH) {
      await definitions.load(revisions.slice(from, from + BATCH));
      // More than are kept.
      if (!definitions.knows(first!)) break;
    }
    if (revisions.length > 0 && performance.now() > warmedUpAtMs + WARM_FOR_MS) {
      await warmUp(pool);
      warmedUpAtMs = performance.now();
    }
    readUntilMs = until.getTime();
    return { counts: { revisions: revisions.length } };
  }
}
