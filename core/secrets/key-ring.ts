import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { readKeys } from './secret-keys.ts';

type Key = { id: string; bytes: Buffer };

/** The keys that a process has: it seals with the newest, and opens with each. */
export type KeyRing = { newest: Key | null; byId: ReadonlyMap<string, Buffer> };

/** A value as its row holds it. */
export type Sealed = { keyId: string; sealed: Uint8Array };

export type Opened = { ok: true; value: string } | { ok: false; reason: 'other_key' | 'changed' };

/**
 * @param configured PUNCTUAL_SECRET_KEY: keys of 32 bytes in base64 or hexadecimal, newest first, separated by commas
 * @throws RangeError where one isn't; the environment has been checked before
 */
export function keyRingOf(configured: string | undefined): KeyRing {
  const read = readKeys(configured ?? '');
  if (read === null) throw new RangeError('PUNCTUAL_SECRET_KEY holds something that is no key');
  const keys = read.map((bytes) => ({ id: idOf(bytes), bytes }));
  return { newest: keys[0] ?? null, byId: new Map(keys.map(({ id, bytes }) => [id, bytes])) };
}

export const keyIds = ({ byId }: KeyRing): string[] => [...byId.keys()];

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @throws Error without a key: whoever seals has looked before */
export function seal({ newest }: KeyRing, name: string, value: string): Sealed {
  if (newest === null) throw new Error('there is no key to seal secrets with');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, newest.bytes, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(name));
  const hidden = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return { keyId: newest.id, sealed: Buffer.concat([nonce, cipher.getAuthTag(), hidden]) };
}

/** `other_key`: this process doesn't have the one it was sealed with; `changed`: the row isn't as it was written. */
export function open({ byId }: KeyRing, name: string, { keyId, sealed }: Sealed): Opened {
  const key = byId.get(keyId);
  if (key === undefined) return { ok: false, reason: 'other_key' };
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return { ok: false, reason: 'changed' };
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(name));
  decipher.setAuthTag(tag);
  try {
    const hidden = sealed.subarray(NONCE_BYTES + TAG_BYTES);
    return {
      ok: true,
      value: Buffer.concat([decipher.update(hidden), decipher.final()]).toString('utf8'),
    };
  } catch {
    return { ok: false, reason: 'changed' };
  }
}

// The name is part of what is authenticated: two rows can't change places.
const boundTo = (name: string) => Buffer.from(`punctual secret\0${name}`, 'utf8');

/** What a row says of its key. It is made of the key and tells nothing of it, so that the same key has it everywhere. */
function idOf(key: Buffer): string {
  return createHmac('sha256', key).update('punctual secret key').digest('hex').slice(0, 16);
}
