import type { Sql } from '../db.ts';

export type Try = { count: number; retryAfterMs: number };

/** Counts one try in the window of `key` (milliseconds) and answers how many there were, this one included. */
export async function countTry(sql: Sql, key: string, windowMs: number): Promise<Try> {
  const [row] = await sql<Try>(
    `INSERT INTO rate_limit AS l (id, key, count, last_request)
     VALUES (gen_random_uuid(), $1, 1, floor(extract(epoch FROM clock_timestamp()) * 1000))
     ON CONFLICT (key) DO UPDATE SET
       count = CASE WHEN l.last_request + $2::bigint <= excluded.last_request THEN 1 ELSE l.count + 1 END,
       last_request =
         CASE WHEN l.last_request + $2::bigint <= excluded.last_request THEN excluded.last_request ELSE l.last_request END
     RETURNING count,
       (last_request + $2::bigint - floor(extract(epoch FROM clock_timestamp()) * 1000))::bigint AS "retryAfterMs"`,
    [key, windowMs],
  );
  return row!;
}

export async function forgetTries(sql: Sql, keys: readonly string[]): Promise<void> {
  await sql('DELETE FROM rate_limit WHERE key = ANY ($1::text[])', [keys]);
}

/** Those whose key ends so. */
export async function forgetTriesOf(sql: Sql, ending: string): Promise<void> {
  await sql('DELETE FROM rate_limit WHERE right(key, length($1::text)) = $1::text', [ending]);
}

/** Windows that ended long ago; called now and then, so that the table stays small. */
export async function forgetOldTries(sql: Sql): Promise<void> {
  await sql(
    'DELETE FROM rate_limit WHERE last_request < floor(extract(epoch FROM now()) * 1000) - 86400000',
  );
}
