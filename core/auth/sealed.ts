import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { environment } from '../environment.ts';

/** What neither the database nor a browser that keeps it is to read or change: sealed with PUNCTUAL_AUTH_SECRET. */
export function sealed(text: string): Promise<string> {
  return symmetricEncrypt({ key: authSecret(), data: text });
}

/** @returns null where it was sealed under another PUNCTUAL_AUTH_SECRET */
export async function unsealed(stored: string): Promise<string | null> {
  try {
    return await symmetricDecrypt({ key: authSecret(), data: stored });
  } catch {
    return null;
  }
}

function authSecret(): string {
  const { PUNCTUAL_AUTH_SECRET } = environment();
  if (PUNCTUAL_AUTH_SECRET === undefined) throw new Error('PUNCTUAL_AUTH_SECRET is not set.');
  return PUNCTUAL_AUTH_SECRET;
}
