import type { Sql } from '../db.ts';

/**
 * Ids of the admins who can sign in. Every change of who is one waits here for the others, so that two of them can't
 * take each other's role away.
 */
export async function lockAdmins(sql: Sql): Promise<string[]> {
  const admins = await sql<{ id: string }>(
    `SELECT id FROM "user" WHERE grants @> '[{"role": "admin"}]' AND disabled_at IS NULL ORDER BY id FOR UPDATE`,
  );
  return admins.map(({ id }) => id);
}
