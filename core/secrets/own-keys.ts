import { environment } from '../environment.ts';
import { type KeyRing, keyRingOf } from './key-ring.ts';

let ring: { configured: string | undefined; keys: KeyRing } | undefined;

/** The keys of this process, from its environment. */
export function ownKeys(): KeyRing {
  const configured = environment().PUNCTUAL_SECRET_KEY;
  if (ring?.configured !== configured || !ring) ring = { configured, keys: keyRingOf(configured) };
  return ring.keys;
}
