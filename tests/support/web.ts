import { afterAll, beforeAll } from 'vitest';
import { hashPassword } from 'better-auth/crypto';
import type { Grant } from '#core/auth/grants.ts';
import { usualGrant } from '#core/auth/usual-grant.ts';
import type { Actor } from '#core/auth/permissions.ts';
import type { Role } from '#core/auth/permission-table.ts';
import { insertAccount } from '#core/auth/insert-account.ts';
import { closeConnections, prisma } from '#core/prisma.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startPgBouncer, type TestPgBouncer } from './pgbouncer.ts';

/**
 * A database of the test file's own, to which the use-cases and reads (core/prisma.ts) of this process are connected.
 * Call at the top of the file; the environment is read once, so further variables are given here.
 */
export function webDatabase(variables: Record<string, string> = {}): { db: () => TestDatabase } {
  let db: TestDatabase | undefined;
  let bouncer: TestPgBouncer | undefined;
  beforeAll(async () => {
    db = await createTestDatabase();
    if (process.env['PUNCTUAL_BEHIND_PGBOUNCER']) bouncer = await startPgBouncer(db);
    const behind = {
      PUNCTUAL_DIRECT_DATABASE_URL: db.url,
      PUNCTUAL_NAMED_STATEMENTS: 'off',
    };
    nameDatabase(bouncer ?? db, bouncer ? { ...variables, ...behind } : variables);
  });
  afterAll(async () => {
    await closeConnections();
    await bouncer?.[Symbol.asyncDispose]();
    await db?.drop();
  });
  return { db: () => db! };
}

/** Connects the use-cases and reads of this process; before anything of them is asked. */
export function nameDatabase(db: { url: string }, variables: Record<string, string> = {}): void {
  Object.assign(process.env, {
    DATABASE_URL: db.url,
    PUNCTUAL_AUTH_SECRET: TEST_AUTH_SECRET,
    PUNCTUAL_SECRET_KEY: TEST_SECRET_KEY,
    ...variables,
  });
}

/** Signs the sessions of tests. */
export const TEST_AUTH_SECRET = 'a secret for tests alone, 32 letters long';

/** Seals the secrets of tests. */
export const TEST_SECRET_KEY = Buffer.from('a key of 32 bytes, for tests alone')
  .subarray(0, 32)
  .toString('base64');

export const admin = { kind: 'system', name: 'Test' } as const satisfies Actor;

/** Somebody who may look only, without a row in the database. */
export const viewer: Extract<Actor, { kind: 'user' }> = {
  kind: 'user',
  id: 'viewer',
  name: 'Vera Viewer',
  email: 'viewer@example.org',
  grants: [usualGrant('viewer')],
  address: null,
};

/** Somebody who may look at the jobs of these labels alone, likewise. */
export const viewerOf = (...labels: { name: string; value: string }[]): Actor => ({
  ...viewer,
  grants: labels.map((label) => usualGrant('viewer', label)),
});

export const TEST_PASSWORD = 'correct horse battery staple';

// Slow by design; one serves all accounts of a file.
let testHash: Promise<string> | undefined;

/** An account that can sign in with TEST_PASSWORD. */
export async function makeUser(
  email: string,
  given: Role | Grant[] = 'admin',
): Promise<Extract<Actor, { kind: 'user' }>> {
  testHash ??= hashPassword(TEST_PASSWORD);
  const passwordHash = await testHash;
  const name = email.split('@')[0]!;
  const grants = typeof given === 'string' ? [usualGrant(given)] : given;
  const { id } = await insertAccount(prisma(), { name, email, passwordHash, grants });
  return { kind: 'user', id, name, email, grants, address: null };
}
