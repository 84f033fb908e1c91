import type { Sql } from '../db.ts';

/** The jobs that have or had this key, the present one first; at most five. */
export async function readJobIdsOfKey(sql: Sql, key: string): Promise<number[]> {
  const rows = await sql<{ id: number }>(
    `SELECT id FROM job WHERE key = $1::text ORDER BY deleted_at DESC NULLS FIRST, id DESC LIMIT 5`,
    [key],
  );
  return rows.map(({ id }) => id);
}
