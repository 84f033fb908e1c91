import type { Sql } from './db.ts';

/** Now by the database's clock, which decides what is due: what is told of ticks to come goes by the same. */
export async function databaseNow(sql: Sql): Promise<Date> {
  const [row] = await sql<{ now: Date }>('SELECT clock_timestamp() AS now');
  return row!.now;
}
