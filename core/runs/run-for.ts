import { type Actor, type Scope, scopeOf } from '../auth/permissions.ts';
import type { Permission } from '../auth/permission-table.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';

/**
 * Whether there is such a run as far as the actor may know: by the labels that its job carries now. Who may know of every
 * run isn't held against the database.
 *
 * @throws NotAllowed where no grant gives the permission for any job
 */
export async function isRunFor(
  sql: Sql,
  actor: Actor,
  permission: Permission,
  runId: number,
): Promise<boolean> {
  return (await runsFor(sql, scopeOf(actor, permission), [runId])).length > 0;
}

/** Of these runs, those that a scope tells of. */
export async function runsFor(
  sql: Sql,
  scope: Scope,
  runIds: readonly number[],
): Promise<readonly number[]> {
  if (scope === null) return runIds;
  const rows = await sql<{ id: number }>(RUNS_IN_SCOPE, [runIds, scopeParameter(scope)]);
  return rows.map(({ id }) => id);
}

const RUNS_IN_SCOPE = `
SELECT r.id FROM run r JOIN job j ON j.id = r.job_id
 WHERE r.id = ANY ($1::bigint[]) AND r.is_live IN (true, false) AND ${inScope('j.labels', '$2')}`;
