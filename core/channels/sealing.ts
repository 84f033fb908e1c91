import { type KeyRing, open, seal } from '../secrets/key-ring.ts';
import type { ChannelSecrets } from './channel.ts';

/** What a row holds of a channel's secrets. */
export type SealedChannel = { keyId: string | null; sealed: Uint8Array | null };

/** @throws Error without a key: whoever seals has looked before */
export function sealChannel(keys: KeyRing, key: string, secrets: ChannelSecrets): SealedChannel {
  return seal(keys, boundTo(key), JSON.stringify(secrets));
}

/** Null where this process can't read them: it has another key, or the row was changed by hand. */
export function openChannel(
  keys: KeyRing,
  key: string,
  { keyId, sealed }: SealedChannel,
): ChannelSecrets | null {
  if (keyId === null || sealed === null) return { url: '', secret: '', headers: {} };
  const opened = open(keys, boundTo(key), { keyId, sealed });
  return opened.ok ? (JSON.parse(opened.value) as ChannelSecrets) : null;
}

// No name of a secret has a colon: what is sealed for the one can't pass for the other.
const boundTo = (key: string) => `channel:${key}`;
