import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { resealChannels } from '../channels/reseal.ts';
import { sqlOf } from '../db.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, webPool } from '../prisma.ts';
import { keyIds, open, seal } from './key-ring.ts';
import { ownKeys } from './own-keys.ts';
import { countSecrets, lockToReseal, workersWithoutKey } from './secrets.sql.ts';
import { NO_KEY } from './vault.ts';

const BATCH = 100;

export type Rotated = {
  keyId: string;
  /** Sealed anew, with the newest key. */
  resealed: number;
  /** Names of those whose row isn't as it was written: they stay as they are. */
  changed: string[];
  /** Sealed with a key that isn't there. */
  unreadable: number;
};

/**
 * Seals every secret and channel anew with the newest key, in batches, while everything goes on. Refused while a worker is alive
 * that doesn't have that key: it could open nothing afterwards.
 */
export async function rotateSecrets(actor: Actor): Promise<Outcome<Rotated>> {
  authorize(actor, 'secret:write');
  const keys = ownKeys();
  const { newest } = keys;
  if (newest === null) return refuse('unavailable', NO_KEY);
  const sql = sqlOf(webPool());
  const without = await workersWithoutKey(sql, newest.id);
  if (without.length > 0) {
    return refuse(
      'conflict',
      `The newest key isn’t known to ${without.join(', ')}. Start every process with both keys, the newest first, then rotate.`,
    );
  }
  const changed: string[] = [];
  let resealed = 0;
  for (let found = BATCH; found === BATCH;) {
    [found, resealed] = await inTransaction(async (tx, inTx) => {
      const rows = await lockToReseal(inTx, newest.id, keyIds(keys), BATCH, changed);
      let sealedNow = 0;
      for (const { name, ...row } of rows) {
        const opened = open(keys, name, row);
        if (!opened.ok) {
          if (!changed.includes(name)) changed.push(name);
          continue;
        }
        const { keyId, sealed } = seal(keys, name, opened.value);
        await tx.secret.update({
          where: { name },
          data: { keyId, sealed: Uint8Array.from(sealed) },
        });
        sealedNow++;
      }
      if (sealedNow > 0) {
        await audit(tx, actor, {
          action: 'secret.rotate',
          subject: 'secrets',
          after: { count: sealedNow, keyId: newest.id },
        });
        await announce(inTx, 'installation');
      }
      return [rows.length, resealed + sealedNow];
    });
  }
  const channels = await resealChannels(actor, keys);
  const { unreadable } = await countSecrets(sql, keyIds(keys));
  return done({
    keyId: newest.id,
    resealed: resealed + channels.resealed,
    changed: [...changed, ...channels.changed],
    unreadable,
  });
}
