import { randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { usualGrant } from '#core/auth/usual-grant.ts';
import type { Role } from '#core/auth/permission-table.ts';
import type { TestDatabase } from '../support/clone-database.ts';
import { PASSWORD } from './fixtures.ts';

/** Puts an account straight into the database, with the password of all journeys. */
export async function addAccount(
  db: TestDatabase,
  { email, role }: { email: string; role: Role },
): Promise<void> {
  const id = randomUUID();
  await db.sql(`INSERT INTO "user" (id, name, email, grants) VALUES ($1, $2, $3, $4::jsonb)`, [
    id,
    email.split('@')[0],
    email,
    JSON.stringify([usualGrant(role)]),
  ]);
  await db.sql(
    `INSERT INTO account (id, user_id, account_id, provider_id, password)
     VALUES ($1, $2, $2, 'credential', $3)`,
    [randomUUID(), id, await hashPassword(PASSWORD)],
  );
}
