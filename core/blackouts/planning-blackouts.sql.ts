import type { Sql } from '../db.ts';
import { BlackoutTimes } from '../schedules/blackouts/blackout-times.ts';
import { type Blackout, Coverage, NO_BLACKOUTS } from '../schedules/blackouts/coverage.ts';
import type { BlackoutEffect } from '../schedules/blackouts/blackout-times.ts';
import { HITS } from './scope.ts';

/**
 * What is covered for each of the jobs, from `since` on. Where there is no blackout at all this costs one statement over
 * an empty table. It must be asked after the jobs are locked: a change of blackouts holds the jobs that it hits.
 * @throws Error where this version can't read a blackout: planning past it would start what should rest
 */
export async function coverageOfJobs(
  sql: Sql,
  jobIds: readonly number[],
  since: Date,
): Promise<(jobId: number) => Coverage> {
  if (jobIds.length === 0) return () => NO_BLACKOUTS;
  const rows = await sql<BlackoutRow>(READ_BLACKOUTS, [since.toISOString()]);
  if (rows.length === 0) return () => NO_BLACKOUTS;
  const blackouts = new Map(rows.map((row) => [row.id, blackoutOf(row)]));
  const hits = await sql<{ jobId: number; blackoutIds: number[] }>(READ_HITS, [
    jobIds,
    rows.map(({ id }) => id),
  ]);
  // Jobs that the same blackouts hit share what was reckoned of them.
  const shared = new Map<string, Coverage>();
  const byJob = new Map<number, Coverage>();
  for (const { jobId, blackoutIds } of hits) {
    const set = blackoutIds.join();
    const coverage = shared.get(set) ?? new Coverage(blackoutIds.map((id) => blackouts.get(id)!));
    shared.set(set, coverage);
    byJob.set(jobId, coverage);
  }
  return (jobId) => byJob.get(jobId) ?? NO_BLACKOUTS;
}

/** As it was saved, to be reckoned with. */
export type BlackoutRow = {
  id: number;
  name: string;
  createdBy: string;
  effect: BlackoutEffect;
  times: unknown;
  idleUntil: Date | null;
};

export function blackoutOf({ times, ...blackout }: BlackoutRow): Blackout {
  return { ...blackout, times: BlackoutTimes.parse(times) };
}

const READ_BLACKOUTS = `
SELECT id, name, created_by AS "createdBy", effect, times, idle_until AS "idleUntil"
  FROM blackout
 WHERE deleted_at IS NULL AND (ends_at IS NULL OR ends_at > $1::timestamptz)`;

const READ_HITS = `
SELECT j.id AS "jobId", array_agg(b.id ORDER BY b.id) AS "blackoutIds"
  FROM job j JOIN blackout b ON b.id = ANY ($2::int[]) AND ${HITS('b.scope')}
 WHERE j.id = ANY ($1::int[])
 GROUP BY j.id`;
