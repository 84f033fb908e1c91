import { expect, test } from 'vitest';
import { createTestDatabase } from '#tests/support/database.ts';

test('log chunks of every month are compressed by the best that the server has', async () => {
  await using db = await createTestDatabase();
  await db.sql(`SELECT make_month('2031-05-01')`);
  const rows = await db.sql<{ method: string; hasLz4: boolean }>(
    `SELECT a.attcompression AS method,
            (SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression') AS "hasLz4"
       FROM pg_partition_tree('log_chunk') AS p JOIN pg_attribute a ON a.attrelid = p.relid AND a.attname = 'body'`,
  );
  expect(rows.length).toBeGreaterThan(2);
  // Nothing said: the server's own default.
  for (const { method, hasLz4 } of rows) expect(method).toBe(hasLz4 ? 'l' : '');
});
