import { audit } from '../audit/audit.ts';
import type { Actor } from '../auth/permissions.ts';
import { inTransaction } from '../prisma.ts';
import type { KeyRing } from '../secrets/key-ring.ts';
import { openChannel, sealChannel } from './sealing.ts';

/**
 * Seals every channel anew with the newest key that can be opened with one of the others. Authorised by whoever rotates.
 * @returns how many, and the keys of those whose row isn't as it was written
 */
export function resealChannels(
  actor: Actor,
  keys: KeyRing,
): Promise<{ resealed: number; changed: string[] }> {
  return inTransaction(async (tx, sql) => {
    await sql('SELECT key FROM channel ORDER BY key FOR UPDATE');
    const rows = await tx.channel.findMany({
      where: { keyId: { in: [...keys.byId.keys()].filter((id) => id !== keys.newest?.id) } },
      select: { key: true, keyId: true, sealed: true },
      orderBy: { key: 'asc' },
    });
    const changed: string[] = [];
    for (const { key, ...row } of rows) {
      const secrets = openChannel(keys, key, row);
      if (secrets === null) {
        changed.push(key);
        continue;
      }
      const { keyId, sealed } = sealChannel(keys, key, secrets);
      await tx.channel.update({
        where: { key },
        data: { keyId, sealed: Uint8Array.from(sealed!) },
      });
    }
    const resealed = rows.length - changed.length;
    if (resealed > 0) {
      await audit(tx, actor, {
        action: 'secret.rotate',
        subject: 'channels',
        after: { count: resealed, keyId: keys.newest?.id ?? '' },
      });
    }
    return { resealed, changed };
  });
}
