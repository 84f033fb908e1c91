import { randomUUID } from 'node:crypto';
import type { Tx } from '../prisma.ts';
import type { Grant } from './grants.ts';

/** A user with a password, in the two rows that better-auth reads. `passwordHash` is made outside the transaction. */
export async function insertAccount(
  tx: Tx,
  account: {
    name: string;
    email: string;
    passwordHash: string;
    grants: Grant[];
    /** The link went to that address by mail. */
    emailVerified?: boolean;
    /** May sign in with the password where those are switched off. */
    isPasswordKept?: boolean;
  },
): Promise<{ id: string }> {
  const id = randomUUID();
  await tx.user.create({
    data: {
      id,
      name: account.name,
      email: account.email,
      grants: account.grants,
      emailVerified: account.emailVerified ?? false,
      isPasswordKept: account.isPasswordKept ?? false,
      accounts: {
        create: {
          id: randomUUID(),
          accountId: id,
          providerId: 'credential',
          password: account.passwordHash,
        },
      },
    },
  });
  return { id };
}
