import type { Sql } from '../db.ts';
import { BlackoutTimes } from '../schedules/blackouts/blackout-times.ts';
import { type Blackout, Coverage, NO_BLACKOUTS } from '../schedules/blackouts/coverage.ts';
import type { BlackoutEffect } from '../schedules/blackouts/blackout-times.ts';
import { HITS } from './scope.ts';

/**
 * What is covered for each of the jobs, from `since` on. Where there is no blackout at all this costs one statement over
 * an empty table. It must be asked after the jobs are locked: a change of blackouts holds the jobs that it hits.
 * The answer throws for a job that a blackout hits which this version can't read: planning past it would start what
 * should rest, and the other jobs go on.
 */
export async function coverageOfJobs(
  sql: Sql,
  jobIds: readonly number[],
  since: Date,
): Promise<(jobId: number) => Coverage> {
  if (jobIds.length === 0) return () => NO_BLACKOUTS;
  const rows = await sql<BlackoutRow>(READ_BLACKOUTS, [since.toISOString()]);
  if (rows.length === 0) return () => NO_BLACKOUTS;
  const blackouts = new Map(rows.map((row) => [row.id, readOrProblem(row)]));
  const hits = await sql<{ jobId: number; blackoutIds: number[] }>(READ_HITS, [
    jobIds,
    rows.map(({ id }) => id),
  ]);
  // Jobs that the same blackouts hit share what was reckoned of them.
  const shared = new Map<string, Coverage | Error>();
  const byJob = new Map<number, Coverage | Error>();
  for (const { jobId, blackoutIds } of hits) {
    const set = blackoutIds.join();
    const coverage = shared.get(set) ?? coverageOf(blackoutIds.map((id) => blackouts.get(id)!));
    shared.set(set, coverage);
    byJob.set(jobId, coverage);
  }
  return (jobId) => {
    const coverage = byJob.get(jobId) ?? NO_BLACKOUTS;
    if (coverage instanceof Error) throw coverage;
    return coverage;
  };
}

/** The same for whoever only shows it: what can't be read covers nothing. */
export async function coveragesToShow(
  sql: Sql,
  jobIds: readonly number[],
  since: Date,
): Promise<(jobId: number) => Coverage> {
  const of = await coverageOfJobs(sql, jobIds, since);
  return (jobId) => {
    try {
      return of(jobId);
    } catch {
      return NO_BLACKOUTS;
    }
  };
}

export async function coverageToShow(sql: Sql, jobId: number, since: Date): Promise<Coverage> {
  return (await coveragesToShow(sql, [jobId], since))(jobId);
}

/** What of a job the scopes of blackouts look at; no id: it isn't saved yet. */
export type JobAsTyped = { jobId: number | null; queue: string; labels: Record<string, string> };

/** The blackouts that would hit a job that is being typed; those that can't be read are left out. */
export async function readBlackoutsOver(
  sql: Sql,
  { jobId, queue, labels }: JobAsTyped,
  since: Date,
): Promise<Blackout[]> {
  const rows = await sql<BlackoutRow>(READ_BLACKOUTS_OVER, [
    since.toISOString(),
    jobId,
    queue,
    JSON.stringify(labels),
  ]);
  return rows.flatMap((row) => {
    const blackout = readOrProblem(row);
    return blackout instanceof Error ? [] : [blackout];
  });
}

/** Every blackout that isn't over, with its scope as saved; those that can't be read are left out. */
export async function readBlackoutsWithScope(
  sql: Sql,
  since: Date,
): Promise<{ blackout: Blackout; scope: unknown }[]> {
  const rows = await sql<BlackoutRow & { scope: unknown }>(READ_BLACKOUTS, [since.toISOString()]);
  return rows.flatMap(({ scope, ...row }) => {
    const blackout = readOrProblem(row);
    return blackout instanceof Error ? [] : [{ blackout, scope }];
  });
}

function coverageOf(blackouts: readonly (Blackout | Error)[]): Coverage | Error {
  const read: Blackout[] = [];
  for (const blackout of blackouts) {
    if (blackout instanceof Error) return blackout;
    read.push(blackout);
  }
  return new Coverage(read);
}

function readOrProblem(row: BlackoutRow): Blackout | Error {
  const times = BlackoutTimes.safeParse(row.times);
  return times.success
    ? { ...row, times: times.data }
    : new Error(`The blackout ${row.name} can’t be read by this version.`);
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
SELECT id, name, created_by AS "createdBy", effect, times, idle_until AS "idleUntil", scope
  FROM blackout
 WHERE deleted_at IS NULL AND (ends_at IS NULL OR ends_at > $1::timestamptz)`;

const READ_BLACKOUTS_OVER = `
SELECT b.id, b.name, b.created_by AS "createdBy", b.effect, b.times, b.idle_until AS "idleUntil"
  FROM blackout b
 CROSS JOIN (SELECT $2::int AS id, $3::text AS queue, $4::text::jsonb AS labels) AS j
 WHERE b.deleted_at IS NULL AND (b.ends_at IS NULL OR b.ends_at > $1::timestamptz) AND ${HITS('b.scope')}
 ORDER BY b.id`;

const READ_HITS = `
SELECT j.id AS "jobId", array_agg(b.id ORDER BY b.id) AS "blackoutIds"
  FROM job j JOIN blackout b ON b.id = ANY ($2::int[]) AND ${HITS('b.scope')}
 WHERE j.id = ANY ($1::int[])
 GROUP BY j.id`;
