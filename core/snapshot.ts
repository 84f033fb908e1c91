import { type Sql, sqlOf } from './db.ts';
import { webPool } from './prisma.ts';

/**
 * Reads with several statements as of one moment: what moves from one place to another meanwhile is seen in one of
 * them, never in both or none.
 *
 * @param read `now` is the moment, by the database's clock
 */
export async function inSnapshot<T>(read: (sql: Sql, now: Date) => Promise<T>): Promise<T> {
  const client = await webPool().connect();
  let isBroken = true;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const sql = sqlOf(client);
    const [clock] = await sql<{ now: Date }>('SELECT now()');
    const value = await read(sql, clock!.now);
    await client.query('COMMIT');
    isBroken = false;
    return value;
  } finally {
    client.release(isBroken);
  }
}
