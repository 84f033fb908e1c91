import type { Scope } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import type { Sql } from '../db.ts';

/** A job by its key; `isDeleted`: only its history is left. */
export type NamedJob = { jobId: number; key: string; isDeleted: boolean };

/** The job that has this key, or the latest that had it, of those that the scope tells of. */
export async function readNamedJob(
  sql: Sql,
  key: string,
  scope: Scope,
): Promise<NamedJob | undefined> {
  const [row] = await sql<NamedJob>(
    `SELECT id AS "jobId", key, deleted_at IS NOT NULL AS "isDeleted"
       FROM job WHERE key = $1::text AND ${inScope('labels', '$2')}
      ORDER BY deleted_at DESC NULLS FIRST, id DESC LIMIT 1`,
    [key, scopeParameter(scope)],
  );
  return row;
}

export async function readKeysInUse(sql: Sql, scope: Scope): Promise<string[]> {
  const rows = await sql<{ key: string }>(
    `SELECT key FROM job WHERE deleted_at IS NULL AND ${inScope('labels', '$1')}`,
    [scopeParameter(scope)],
  );
  return rows.map(({ key }) => key);
}
