import type { Sql } from '../db.ts';
import { Coverage } from '../schedules/blackouts/coverage.ts';
import { readBlackoutsWithScope } from './planning-blackouts.sql.ts';

/** A stretch in which a blackout is on for the jobs in its scope: [from_ms, to_ms) since 1970. */
export type Rest = { scope: unknown; from_ms: number; to_ms: number };

const AHEAD_MS = 8 * 86_400_000;
const MOST = 1_000;

/** The windows that are on in the days ahead, for whoever orders jobs by when they start. */
export async function readRestsAhead(sql: Sql, now: Date): Promise<Rest[]> {
  const blackouts = await readBlackoutsWithScope(sql, now);
  const nowMs = now.getTime();
  return blackouts
    .flatMap(({ blackout, scope }) =>
      new Coverage([blackout])
        .parts(nowMs, nowMs + AHEAD_MS)
        .map(({ fromMs, toMs }) => ({ scope, from_ms: fromMs, to_ms: toMs })),
    )
    .slice(0, MOST);
}
