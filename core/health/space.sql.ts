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

export type SizeRow = { bytes: number; firstBytes: number | null; firstMsAgo: number | null };

/** The size now, and the oldest sample of the last two weeks. */
export async function readDatabaseSize(sql: Sql): Promise<SizeRow> {
  const [row] = await sql<SizeRow>(READ);
  return row!;
}

const READ = `
SELECT pg_database_size(current_database())::bigint AS bytes, first.bytes AS "firstBytes",
       (extract(epoch FROM now() - first.at) * 1000)::float8 AS "firstMsAgo"
  FROM (SELECT) AS one
  LEFT JOIN (SELECT bytes, at FROM database_size WHERE day >= current_date - 14 ORDER BY day LIMIT 1) AS first ON true`;
