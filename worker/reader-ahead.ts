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

/**
 * Reads the definitions of what is due soon and lets the statements of a claim be planned, so that at its instant no run waits
 * for its own definition, for those of a thousand others, or for a plan.
 */
export function createReaderAhead(config: ReaderAheadConfig): Duty {
  const { pool, clock, definitions, queues, intervalMs } = config;
  const sql = sqlOf(pool);
  let readUntilMs = -Infinity;
  return { name: 'reader-ahead', intervalMs, runOnce };

  async function runOnce() {
    const nowMs = clock.databaseNow().getTime();
    const after = new Date(Math.max(nowMs, Math.min(readUntilMs, nowMs + SOON_MS)));
    const until = new Date(nowMs + SOON_MS);
    const stretch = { after, until, queues, most: MOST_KEPT };
    const revisions = await once(() => readRevisionsDue(sql, stretch));
    for (let from = 0; from < revisions.length; from += BATCH)
      await definitions.load(revisions.slice(from, from + BATCH));
    readUntilMs = until.getTime();
    if (revisions.length > 0) await warmUp(pool);
    return { counts: { revisions: revisions.length } };
  }
}
