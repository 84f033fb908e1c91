import { type Actor, authorize, scopeOf } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { webPool } from '../prisma.ts';
import { ownKeys } from './own-keys.ts';
import type { SecretLimits } from './limits.ts';
import { readSecretFacts } from './secrets.sql.ts';
import { readVaultState, type VaultState } from './vault.ts';

/** A secret as people see it: everything but its value. */
export type SecretView = {
  name: string;
  limits: SecretLimits;
  usedBy: string[];
  createdBy: string;
  createdAt: string;
  changedBy: string;
  changedAt: string;
  /** The key of this process opens it. */
  isReadable: boolean;
};

export type Secrets = { secrets: SecretView[]; vault: VaultState };

/** All secrets by name. */
export async function readSecrets(actor: Actor): Promise<Secrets> {
  authorize(actor, 'secret:read');
  const sql = sqlOf(webPool());
  const [facts, vault] = await Promise.all([
    readSecretFacts(sql, scopeOf(actor, 'job:read')),
    readVaultState(sql),
  ]);
  const { byId } = ownKeys();
  const secrets = facts.map(({ jobs, labels, keyId, createdAt, changedAt, ...rest }) => ({
    ...rest,
    limits: { jobs, labels },
    createdAt: createdAt.toISOString(),
    changedAt: changedAt.toISOString(),
    isReadable: byId.has(keyId),
  }));
  return { secrets, vault };
}
