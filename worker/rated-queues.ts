import type { Sql } from '#core/db.ts';
import { type QueueRate, type RateLog, rateLogOf, withStarts } from '#core/queues/rate.ts';
import type { ClaimedRun } from '#core/runs/claimed.sql.ts';
import { type LockedQueue, writeRateLogs } from '#core/runs/due.sql.ts';

export type Rated = { rate: QueueRate; log: RateLog };

export function rateOf({ rateStarts, rateMs, rateLog }: LockedQueue): Rated | null {
  return rateStarts === null || rateMs === null
    ? null
    : { rate: { starts: rateStarts, perMs: rateMs }, log: rateLogOf(rateLog) };
}

/** In the transaction of the claim, whose locks on the queues keep other claims from counting without these. */
export async function writeStarts(
  sql: Sql,
  queues: readonly LockedQueue[],
  rated: readonly (Rated | null)[],
  runs: readonly ClaimedRun[],
): Promise<void> {
  const started = Map.groupBy(runs, ({ queue }) => queue);
  const logs = queues.flatMap(({ name }, n) => {
    const own = rated[n];
    const starts = started.get(name);
    if (!own || !starts) return [];
    const atMs = Math.max(...starts.map(({ startedAt }) => startedAt.getTime()));
    return [{ name, log: withStarts(own.rate, own.log, starts.length, atMs) }];
  });
  if (logs.length > 0) await writeRateLogs(sql, logs);
}
