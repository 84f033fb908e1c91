import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import pg from 'pg';
import { createPool, type Sql, sqlOf } from '#core/db.ts';
import { createEmptyDatabase, type TestDatabase } from './database.ts';

/** An empty database with an owner and an application's role, neither of them a superuser. */
export type TwoRoles = {
  /** As a superuser: what an operator does by hand. */
  db: TestDatabase;
  ownerUrl: string;
  applicationUrl: string;
  application: string;
  owner: string;
  /** A statement as the application's role. */
  sql: Sql;
  [Symbol.asyncDispose](): Promise<void>;
};

/** As docs/audit.md says that they are to be made. */
export async function createTwoRoles(): Promise<TwoRoles> {
  const db = await createEmptyDatabase();
  const word = randomUUID().slice(0, 8);
  const [owner, application] = [`owner_${word}`, `app_${word}`];
  const database = new URL(db.url).pathname.slice(1);
  await db.sql(`CREATE ROLE ${owner} LOGIN PASSWORD 'test'`);
  await db.sql(`CREATE ROLE ${application} LOGIN PASSWORD 'test'`);
  await db.sql(`GRANT ${application} TO ${owner}`);
  await db.sql(`ALTER DATABASE ${database} OWNER TO ${owner}`);
  const applicationUrl = as(db.url, application);
  const pool = createPool({ url: applicationUrl, max: 2, applicationName: 'punctual-test' });
  return {
    db,
    owner,
    application,
    ownerUrl: as(db.url, owner),
    applicationUrl,
    sql: sqlOf(pool),
    [Symbol.asyncDispose]: async () => {
      await pool.end();
      await db.drop();
      const admin = new pg.Client({ connectionString: inject('postgresUrl') });
      await admin.connect();
      await admin.query(`DROP ROLE ${application}, ${owner}`);
      await admin.end();
    },
  };
}

function as(url: string, role: string): string {
  const address = new URL(url);
  address.username = role;
  address.password = 'test';
  return address.href;
}
