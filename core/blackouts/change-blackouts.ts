import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { takeTicksBack } from '../jobs/change-over.ts';
import { lockInstallation, lockJobs } from '../jobs/change-over.sql.ts';
import { lockHeldRuns, moveHeldRuns, readJobsHit } from './blackouts.sql.ts';
import { coverageOfJobs } from './planning-blackouts.sql.ts';
import type { BlackoutScope } from './scope.ts';

/**
 * Carries a change of blackouts out (`write`), in the open transaction: what the jobs in their scopes, old and new, owe
 * up to now is settled by the blackouts as they were, their ticks ahead are taken back, and what waits for the end of a
 * window gets the time that it ends at from now on.
 */
export async function changeBlackouts<Value>(
  sql: Sql,
  scopes: readonly BlackoutScope[],
  write: () => PromiseLike<Value>,
): Promise<{ value: Value; jobs: number }> {
  // Nobody makes or edits a job meanwhile, so that none comes into a scope or leaves it.
  const { pausedAt } = await lockInstallation(sql, 'UPDATE');
  const hit = await readJobsHit(sql, scopes);
  const jobs = await lockJobs(
    sql,
    hit.map(({ id }) => id),
  );
  const ids = jobs.map(({ id }) => id);
  const from = await takeTicksBack(sql, jobs, { isEverythingPaused: pausedAt !== null });
  const value = await write();
  await reckonHeldRuns(sql, ids, from);
  await announce(sql, 'blackout');
  await announce(sql, 'job', ids);
  await announce(sql, 'run');
  await signalWorkers(sql, 'plan');
  await signalWorkers(sql, 'look');
  return { value, jobs: jobs.length };
}

/** Several that wait for one end keep their distances from each other. */
async function reckonHeldRuns(sql: Sql, jobIds: readonly number[], from: Date): Promise<void> {
  const held = await lockHeldRuns(sql, jobIds, from);
  if (held.length === 0) return;
  const byJob = Map.groupBy(held, ({ jobId }) => jobId);
  const coverageOf = await coverageOfJobs(sql, [...byJob.keys()], from);
  const moves = [...byJob].flatMap(([jobId, runs]) => {
    const coverage = coverageOf(jobId);
    const firstMs = Math.min(...runs.map(({ dueAt }) => dueAt.getTime()));
    const endMs = coverage.freeFrom(from.getTime());
    // One that never ends lets nothing go: what was to go keeps its time.
    if (!Number.isFinite(endMs) || endMs === firstMs) return [];
    const heldBy = coverage.partAt(from.getTime())?.blackout.id ?? null;
    return runs.map(({ id, dueAt }) => ({
      id,
      dueAt: new Date(endMs + dueAt.getTime() - firstMs),
      heldBy,
    }));
  });
  await moveHeldRuns(sql, moves);
}
