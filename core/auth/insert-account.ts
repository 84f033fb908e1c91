import { randomUUID } from 'node:crypto';
import type { Tx } from '../prisma.ts';
import type { Grant } from './grants.ts';

/** A user with a password, in the two rows that better-auth reads. `passwordHash` is made outside the transaction. */
export async function insertAccount(
  tx: Tx,
  account: { name: string; email: string; passwordHash: string; grants: Grant[] },
): Promise<{ id: string }> {
  const id = randomUUID();
  await tx.user.create({
    data: {
      id,
      name: account.name,
      email: account.email,
      grants: account.grants,
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
