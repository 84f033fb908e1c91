import type pg from 'pg';
import { type Sql, sqlOf } from '../db.ts';

/** Held by whoever archives, drops or brings back a month; the number means nothing. */
const LOCK = 7_310_420_216;

/**
 * Does `work` while nobody else of this installation archives, drops or brings back history.
 * @param pool whose statements may take long
 * @returns null where somebody else does
 */
export async function aloneWithHistory<T>(
  pool: pg.Pool,
  work: (sql: Sql, client: pg.ClientBase) => Promise<T>,
): Promise<T | null> {
  const client = await pool.connect();
  let isBroken = true;
  try {
    const sql = sqlOf(client);
    const [lock] = await sql<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [LOCK]);
    const value = lock!.held ? await work(sql, client) : null;
    if (lock!.held) await sql('SELECT pg_advisory_unlock($1)', [LOCK]);
    await client.query('RESET lock_timeout; RESET statement_timeout');
    isBroken = false;
    return value;
  } finally {
    // A connection in an unknown state takes its lock and its settings with it.
    client.release(isBroken);
  }
}

/** Of one connection. */
export async function inTransactionOf<T>(
  client: pg.ClientBase,
  work: () => Promise<T>,
): Promise<T> {
  await client.query('BEGIN');
  try {
    const value = await work();
    await client.query('COMMIT');
    return value;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
