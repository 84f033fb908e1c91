import type { Sql } from '../db.ts';

/** A job by its key; `isDeleted`: only its history is left. */
export type NamedJob = { jobId: number; key: string; isDeleted: boolean };

/** The job that has this key, or the latest that had it. */
export async function readNamedJob(sql: Sql, key: string): Promise<NamedJob | undefined> {
  const [row] = await sql<NamedJob>(
    `SELECT id AS "jobId", key, deleted_at IS NOT NULL AS "isDeleted"
       FROM job WHERE key = $1::text ORDER BY deleted_at DESC NULLS FIRST, id DESC LIMIT 1`,
    [key],
  );
  return row;
}

export async function readKeysInUse(sql: Sql): Promise<string[]> {
  const rows = await sql<{ key: string }>('SELECT key FROM job WHERE deleted_at IS NULL');
  return rows.map(({ key }) => key);
}
