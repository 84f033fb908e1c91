import type pg from 'pg';
import { addErrorLines } from '#core/auto-pause/auto-pause.sql.ts';
import { once, sqlOf } from '#core/db.ts';
import type { Duty } from './duty.ts';

/** Counts lines of logs that read as errors, for jobs that are paused by them. */
export type ErrorLineCounter = Duty & {
  seen(line: { jobId: number; runId: number; atMs: number }): void;
};

const STRETCH_MS = 10_000;
/** Whoever writes a thousand lines a second needs a row in the database each second at most. */
const INTERVAL_MS = 1_000;
const IDLE_MS = 60_000;

export type ErrorLineConfig = {
  pool: pg.Pool;
  /** There is something to write; told once until it is written. */
  onSeen: () => void;
  /** Something was written: the job may have to be paused. */
  onCounted: () => void;
};

export function createErrorLineCounter({
  pool,
  onSeen,
  onCounted,
}: ErrorLineConfig): ErrorLineCounter {
  const sql = sqlOf(pool);
  let counted = new Map<string, { jobId: number; runId: number; atMs: number; lines: number }>();
  let lastAtMs = -Infinity;

  return {
    name: 'error-lines',
    intervalMs: IDLE_MS,
    runOnce,
    seen({ jobId, runId, atMs }) {
      const startMs = Math.floor(atMs / STRETCH_MS) * STRETCH_MS;
      const key = `${runId}.${startMs}`;
      const row = counted.get(key);
      if (row) row.lines += 1;
      else counted.set(key, { jobId, runId, atMs: startMs, lines: 1 });
      if (counted.size === 1 && row === undefined) onSeen();
    },
  };

  async function runOnce() {
    const waitMs = lastAtMs + INTERVAL_MS - performance.now();
    if (counted.size > 0 && waitMs > 0) return { counts: {}, nextInMs: waitMs };
    const rows = [...counted.values()];
    if (rows.length === 0) return { counts: {} };
    counted = new Map();
    lastAtMs = performance.now();
    try {
      await once(() => addErrorLines(sql, rows));
    } catch (error) {
      for (const row of rows) {
        const key = `${row.runId}.${row.atMs}`;
        counted.set(key, { ...row, lines: row.lines + (counted.get(key)?.lines ?? 0) });
      }
      throw error;
    }
    onCounted();
    const lines = rows.reduce((sum, row) => sum + row.lines, 0);
    return counted.size > 0 ? { counts: { lines }, nextInMs: INTERVAL_MS } : { counts: { lines } };
  }
}
