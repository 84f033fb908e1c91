import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';
import { AS_JOB_FACTS, factsOfJobs, type JobFacts } from './job-facts.sql.ts';

/** The job that has the key, or the latest that had it, of those that the scope tells of. */
export async function readJobFactsByKey(
  sql: Sql,
  key: string,
  scope: Scope,
): Promise<JobFacts | undefined> {
  const [row] = await sql<JobFacts>(READ_JOB_FACTS, [key, scopeParameter(scope)]);
  return row;
}

const READ_JOB_FACTS = `
WITH ${factsOfJobs(`j.id = (
  SELECT id FROM job WHERE key = $1::text AND ${inScope('labels', '$2')}
   ORDER BY deleted_at DESC NULLS FIRST, id DESC LIMIT 1)`)}
SELECT ${AS_JOB_FACTS} FROM told t`;

// Keys in use have an index; for those of deleted jobs alone all are gone through.
export async function isKeyKnown(sql: Sql, key: string, scope: Scope): Promise<boolean> {
  const [row] = await sql<{ isKnown: boolean }>(
    `SELECT EXISTS (SELECT FROM job WHERE key = $1::text AND deleted_at IS NULL AND ${inScope('labels', '$2')})
         OR EXISTS (SELECT FROM job WHERE key = $1::text AND ${inScope('labels', '$2')}) AS "isKnown"`,
    [key, scopeParameter(scope)],
  );
  return row!.isKnown;
}

export type RevisionRow = {
  number: number;
  note: string;
  createdBy: string;
  createdAt: Date;
};

export async function readRevisionRows(
  sql: Sql,
  jobId: number,
  most: number,
): Promise<RevisionRow[]> {
  return sql<RevisionRow>(
    `SELECT number, note, created_by AS "createdBy", created_at AS "createdAt"
       FROM revision WHERE job_id = $1::int ORDER BY number DESC LIMIT $2::int`,
    [jobId, most],
  );
}

export async function readRevisionRow(
  sql: Sql,
  jobId: number,
  number: number,
): Promise<(RevisionRow & { definition: unknown }) | undefined> {
  const [row] = await sql<RevisionRow & { definition: unknown }>(
    `SELECT number, note, created_by AS "createdBy", created_at AS "createdAt", definition
       FROM revision WHERE job_id = $1::int AND number = $2::int`,
    [jobId, Math.min(number, 2_147_483_647)],
  );
  return row;
}

/** How many of a job's finished runs of the last 90 days succeeded; skipped and cancelled ones and tests aside. */
export type Reliability = { succeeded: number; finished: number; days: number };

const DAYS = 90;

/** All runs are counted in one index, the bad ones and the tests in others, without reading a row. */
export async function readReliability(sql: Sql, jobId: number): Promise<Reliability> {
  const [row] = await sql<{ all: number; bad: number; aside: number }>(
    `SELECT ((SELECT count(*) FROM run_done r WHERE r.job_id = $1::int
                AND r.scheduled_for > now() - interval '${DAYS} days')
             - (SELECT count(*) FROM run_done r WHERE r.job_id = $1::int AND r.trigger = 'test'
                AND r.scheduled_for > now() - interval '${DAYS} days'))::int AS all,
            ${countOf(['failed', 'timed_out', 'lost'])} AS bad,
            ${countOf(['skipped', 'cancelled'])} AS aside`,
    [jobId],
  );
  const finished = row!.all - row!.aside;
  return { succeeded: finished - row!.bad, finished, days: DAYS };
}

function countOf(states: readonly string[]): string {
  const counts = states.map(
    (state) => `(SELECT count(*) FROM run_done r WHERE r.job_id = $1::int AND r.state = '${state}'
       AND r.trigger <> 'test' AND r.scheduled_for > now() - interval '${DAYS} days')`,
  );
  return `(${counts.join(' + ')})::int`;
}
