import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createPool, type Sql, sqlOf } from '#core/db.ts';
import { TEMPLATE, urlOf } from './database-address.ts';
import './database-setup.ts';

export type TestDatabase = {
  url: string;
  pool: pg.Pool;
  /** A statement on the pool, outside any transaction. */
  sql: Sql;
  /** Ends the pool and drops the database, cutting whoever is still connected. */
  drop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * A migrated database of the caller's own, cloned from the template: for one test file (`beforeAll`, and `drop` in
 * `afterAll`) or one test (`await using db = await createTestDatabase()`).
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = await createDatabase(`TEMPLATE ${TEMPLATE} STRATEGY file_copy`);
  return handleOf(name);
}

/** A database without any table, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return handleOf(await createDatabase(''));
}

async function createDatabase(options: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin((admin) => admin.query(`CREATE DATABASE ${name} ${options}`));
  return name;
}

function handleOf(name: string): TestDatabase {
  const url = urlOf(inject('postgresUrl'), name);
  const pool = createPool({ url, max: 10, applicationName: 'punctual-test' });
  const drop = async () => {
    await pool.end();
    await asAdmin((admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  };
  return { url, pool, sql: sqlOf(pool), drop, [Symbol.asyncDispose]: drop };
}

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
