import type { Sql } from '../db.ts';

/** Keeps the size of today, once a day; later calls of a day change nothing. */
export async function sampleDatabaseSize(sql: Sql): Promise<void> {
  await sql(SAMPLE);
}

const SAMPLE = `
WITH old AS (DELETE FROM database_size WHERE day < current_date - 400)
INSERT INTO database_size (day, bytes) SELECT current_date, pg_database_size(current_database())
 WHERE NOT EXISTS (SELECT FROM database_size WHERE day = current_date)
ON CONFLICT DO NOTHING`;
