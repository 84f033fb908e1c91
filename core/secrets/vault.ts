import type { Sql } from '../db.ts';
import { refuse, type Refused } from '../outcome.ts';
import { keyIds } from './key-ring.ts';
import { ownKeys } from './own-keys.ts';
import { countSecrets } from './secrets.sql.ts';

/**
 * Whether this process can work with the secrets that there are. `no_key`: it has no key. `other_key`: some were sealed
 * with a key that it doesn't have. Where there are none and no key either, nobody misses anything.
 */
export type VaultState =
  | { state: 'open' }
  | { state: 'no_key'; secrets: number }
  | { state: 'other_key'; secrets: number; unreadable: number };

/** Secrets are there that this process can't work with. */
export type ClosedVault = Exclude<VaultState, { state: 'open' }>;

/** What every page says of it: nothing where nobody misses anything. */
export async function readClosedVault(sql: Sql): Promise<ClosedVault | null> {
  const vault = await readVaultState(sql);
  return vault.state === 'open' || vault.secrets === 0 ? null : vault;
}

export async function readVaultState(sql: Sql): Promise<VaultState> {
  const keys = ownKeys();
  const { all, unreadable } = await countSecrets(sql, keyIds(keys));
  if (keys.newest === null) return { state: 'no_key', secrets: all };
  return unreadable > 0 ? { state: 'other_key', secrets: all, unreadable } : { state: 'open' };
}

/** Refuses a change of secrets while this process can't work with all of them; null where it can. */
export async function refuseLocked(sql: Sql): Promise<Refused | null> {
  const vault = await readVaultState(sql);
  return vault.state === 'open' ? null : refuse('unavailable', closedWords(vault));
}

/** Why secrets can't be changed, and what to do. */
export const closedWords = (vault: ClosedVault): string =>
  vault.state === 'no_key' ? NO_KEY : OTHER_KEY(vault.unreadable);

export const NO_KEY =
  'PUNCTUAL_SECRET_KEY is not set, so secrets can’t be kept. Set it for every process to a key from `openssl rand -base64 32`, and start Punctual again.';

const OTHER_KEY = (count: number) =>
  `${count === 1 ? '1 secret was' : `${count} secrets were`} sealed with another key than PUNCTUAL_SECRET_KEY has, so secrets can’t be changed. Start Punctual with the key of this database; docs/secrets.md says what to do where it is lost.`;
