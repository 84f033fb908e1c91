import { askForAutoPause } from '../auto-pause/auto-pause.sql.ts';
import { tellCircuits } from '../circuits/after-attempts.ts';
import type { Sql } from '../db.ts';
import { type EndedAttempt, finishAttemptsIfStillOwned, type FinishedRun } from './finish.sql.ts';

/**
 * Records ended attempts (see `finishAttemptsIfStillOwned`) and lets those look who watch them: circuits, and pauses
 * that Punctual makes. In a transaction, unless none of them is watched: then it is the one statement.
 */
export async function recordEnds(sql: Sql, ended: readonly EndedAttempt[]): Promise<FinishedRun[]> {
  const recorded = await finishAttemptsIfStillOwned(sql, ended);
  const watched = ended.filter(isWatched);
  if (watched.length === 0) return recorded;
  const stateOf = new Map(recorded.map(({ id, state }) => [id, state]));
  const seen = watched.filter(({ runId }) => stateOf.has(runId));
  await tellCircuits(
    sql,
    seen.map(({ watch, ...end }) => ({ ...end, ...watch })),
  );
  await askForAutoPause(
    sql,
    seen.flatMap(({ runId, watch }) => {
      const state = stateOf.get(runId);
      const isBad = state === 'failed' || state === 'timed_out' || state === 'lost';
      return watch.pausesJob !== null && isBad ? [watch.pausesJob] : [];
    }),
  );
  return recorded;
}

type Watched = EndedAttempt & { watch: NonNullable<EndedAttempt['watch']> };

export const isWatched = (ended: EndedAttempt): ended is Watched => ended.watch !== undefined;
