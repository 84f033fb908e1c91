import type pg from 'pg';
import { type Sql, sqlOf } from '#core/db.ts';

/** Executes the statement for its plan and takes it back; blocks of 8 kB that it looked at. */
export async function blocksRead(
  pool: pg.Pool,
  statement: (sql: Sql) => Promise<unknown>,
): Promise<number> {
  const client = await pool.connect();
  let blocks = 0;
  try {
    await client.query('BEGIN');
    await statement(async (text, values = []) => {
      const rows = await sqlOf(client)<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
        values,
      );
      const plan = rows[0]!['QUERY PLAN'][0]!.Plan;
      blocks += plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!;
      return [];
    });
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
  return blocks;
}
