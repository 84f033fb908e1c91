import { type Actor, type Scope, scopeOf } from '../auth/permissions.ts';
import type { Permission } from '../auth/permission-table.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';

/**
 * Whether there is such a job as far as the actor may know: to somebody whose grants are for labels that it doesn't
 * carry it is a job that never was. Deleted jobs keep their labels. Who may know of every job isn't held against the
 * database: the read itself says then whether there is one.
 *
 * @throws NotAllowed where no grant gives the permission for any job
 */
export async function isJobFor(
  sql: Sql,
  actor: Actor,
  permission: Permission,
  jobId: number,
): Promise<boolean> {
  return (await jobsFor(sql, scopeOf(actor, permission), [jobId])).length > 0;
}

/** Of these jobs, those that a scope tells of. */
export async function jobsFor(
  sql: Sql,
  scope: Scope,
  jobIds: readonly number[],
): Promise<readonly number[]> {
  if (scope === null) return jobIds;
  const rows = await sql<{ id: number }>(JOBS_IN_SCOPE, [jobIds, scopeParameter(scope)]);
  return rows.map(({ id }) => id);
}

/** All jobs that a scope tells of, deleted ones too; null: all that there are. */
export async function jobIdsIn(sql: Sql, scope: Scope): Promise<readonly number[] | null> {
  if (scope === null) return null;
  const rows = await sql<{ id: number }>(ALL_IN_SCOPE, [scopeParameter(scope)]);
  return rows.map(({ id }) => id);
}

const ALL_IN_SCOPE = `SELECT j.id FROM job j WHERE ${inScope('j.labels', '$1')} ORDER BY j.id`;

const JOBS_IN_SCOPE = `
SELECT j.id FROM job j WHERE j.id = ANY ($1::int[]) AND ${inScope('j.labels', '$2')}`;
