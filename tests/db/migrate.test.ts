import { describe, expect, test } from 'vitest';
import { migrate, MigrationError, migrationState } from '#prisma/migrate.ts';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '#tests/support/database.ts';
import { until } from '#tests/support/wait.ts';

describe('migrating', () => {
  test('an empty database becomes current, and a second time nothing is left to do', async () => {
    await using db = await createEmptyDatabase();
    expect(await migrationState(db.url)).toMatchObject({ state: 'behind' });
    const first = await migrate(db.url);
    expect(first.applied.length).toBeGreaterThan(0);
    expect(await migrate(db.url)).toEqual({ applied: [] });
    expect(await migrationState(db.url)).toEqual({ state: 'current' });
  });

  test('hosts that start together apply each migration once', async () => {
    await using db = await createEmptyDatabase();
    const hosts = await Promise.all(Array.from({ length: 4 }, () => migrate(db.url)));
    const applied = hosts.flatMap((host) => host.applied);
    expect(applied).toEqual([...new Set(applied)]);
    const rows = await db.sql<{ times: number }>(
      'SELECT count(*) AS times FROM _prisma_migrations GROUP BY migration_name',
    );
    expect(rows.every((row) => row.times === 1)).toBe(true);
  });

  test('a database that is newer than the program is refused and left as it is', async () => {
    await using db = await createTestDatabase();
    await db.sql(`
      INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
      VALUES ('x', 'x', '29990101000000_from_the_future', now())`);
    expect(await migrationState(db.url)).toEqual({
      state: 'newer',
      unknown: ['29990101000000_from_the_future'],
    });
    await expect(migrate(db.url)).rejects.toThrow(MigrationError);
    await expect(migrate(db.url)).rejects.toThrow(/newer than this program/);
  });

  test('a database with tables of somebody else is refused and left as it is', async () => {
    await using db = await createEmptyDatabase();
    await db.sql('CREATE TABLE customer (id integer)');
    await expect(migrate(db.url)).rejects.toThrow(/isn't empty/);
    expect(await tablesOf(db)).toEqual(['customer']);
  });

  test('a migration that fails leaves nothing behind, and the next start tries it again', async () => {
    await using db = await createEmptyDatabase();
    // In the way of a sequence that the first migration makes after half of its tables.
    await db.sql('CREATE SEQUENCE run_id_seq');
    await expect(migrate(db.url)).rejects.toThrow(
      /rolled back; the database is as it was[^]*run_id_seq/,
    );
    expect(await tablesOf(db)).toEqual(['_prisma_migrations']);
    await db.sql('DROP SEQUENCE run_id_seq');
    expect((await migrate(db.url)).applied.length).toBeGreaterThan(0);
  });

  test('a migration that deadlocks with a transaction at work gives way and comes again', async () => {
    await using db = await createEmptyDatabase();
    await migrate(db.url, { through: '20261121001600_proposals' });
    // 20261121001700 takes incident, then worker; this transaction the other way round.
    // It notices before the wait for a lock is over, and not before this transaction has come to wait for it.
    await db.sql(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = 1800', current_database()); END $$`,
    );
    const client = await db.pool.connect();
    await client.query("SET deadlock_timeout = '1min'");
    await client.query('BEGIN; LOCK TABLE worker');
    const migrating = migrate(db.url);
    await until(async () => (await waitingFor(db, 'worker')) === 1, {
      timeoutMs: 10_000,
      what: 'the migration at the lock of the worker table',
    });
    await client.query('LOCK TABLE incident');
    await client.query('COMMIT');
    client.release();
    expect((await migrating).applied).toContain('20261121001700_self_watching');
    await until(async () => (await deadlocksIn(db)) > 0, {
      what: 'the deadlock in the statistics',
    });
  });
});

async function waitingFor(db: TestDatabase, table: string): Promise<number> {
  const [row] = await db.sql<{ waiting: number }>(
    `SELECT count(*)::integer AS waiting FROM pg_locks WHERE relation = '${table}'::regclass AND NOT granted`,
  );
  return row?.waiting ?? 0;
}

async function deadlocksIn(db: TestDatabase): Promise<number> {
  const [row] = await db.sql<{ deadlocks: string }>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(row?.deadlocks);
}

async function tablesOf(db: TestDatabase): Promise<string[]> {
  const rows = await db.sql<{ tablename: string }>(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
  );
  return rows.map((row) => row.tablename);
}
