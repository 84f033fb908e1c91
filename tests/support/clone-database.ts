import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrate } from '#prisma/migrate.ts';
import { createPool, type Sql, sqlOf } from '#core/db.ts';

const TEMPLATE = 'punctual_template';

export type TestDatabase = {
  url: string;
  pool: pg.Pool;
  /** A statement on the pool, outside any transaction. */
  sql: Sql;
  /** Ends the pool and drops the database, cutting whoever is still connected. */
  drop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Makes the migrated database that every other is cloned from, once a server. */
export async function makeTemplate(server: string): Promise<void> {
  await asAdmin(server, (admin) => admin.query(`CREATE DATABASE ${TEMPLATE}`));
  await migrate(urlOf(server, TEMPLATE));
  await asAdmin(server, (admin) =>
    admin.query(`ALTER DATABASE ${TEMPLATE} ALLOW_CONNECTIONS false`),
  );
}

/** A database of one's own on `server`, migrated (20 ms) or without any table. */
export async function cloneDatabase(
  server: string,
  kind: 'migrated' | 'empty' = 'migrated',
): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const options = kind === 'migrated' ? `TEMPLATE ${TEMPLATE} STRATEGY file_copy` : '';
  await asAdmin(server, (admin) => admin.query(`CREATE DATABASE ${name} ${options}`));

  const url = urlOf(server, name);
  const pool = createPool({ url, max: 10, applicationName: 'punctual-test' });
  const drop = async () => {
    await pool.end();
    await asAdmin(server, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  };
  return { url, pool, sql: sqlOf(pool), drop, [Symbol.asyncDispose]: drop };
}

async function asAdmin<T>(server: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(server: string, database: string): string {
  const address = new URL(server);
  address.pathname = `/${database}`;
  return address.href;
}
