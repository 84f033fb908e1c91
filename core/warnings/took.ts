import type { Sql } from '../db.ts';
import { readUsual } from '../why/crowd.sql.ts';
import type { Facts } from './facts.ts';

/** How long a job's latest runs took; null where none succeeded, or there is no job yet. */
export async function readTookOf(
  sql: Sql,
  jobId: number | undefined,
): Promise<Facts['took'] | null> {
  if (jobId === undefined) return null;
  const [row] = await readUsual(sql, [jobId]);
  return row ? { usualMs: row.usualMs, longMs: row.longMs, isAssumed: false } : null;
}
