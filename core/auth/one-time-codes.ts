import { base32 } from '@better-auth/utils/base32';
import { createOTP } from '@better-auth/utils/otp';
import { generateRandomString } from 'better-auth/crypto';

// 25 letters of 64 are 150 random bits, and 40 letters for whoever types the key.
const SECRET_LETTERS = 25;
const RECOVERY_CODES = 10;
// None that looks like another one; 10 of 31 letters are 49 bits.
const RECOVERY_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** What a person's device and Punctual both know, in the form in which better-auth reads it. */
export function newSecret(): string {
  return generateRandomString(SECRET_LETTERS);
}

/** The secret as one types it: `ABCD EFGH …`. */
export function keyOf(secret: string): string {
  return base32.encode(secret, { padding: false }).replaceAll(/(.{4})(?=.)/g, '$1 ');
}

/** What the picture says to the device. `place` tells two installations of Punctual apart. */
export function addressOf(secret: string, email: string, place: string): string {
  const issuer = encodeURIComponent(`Punctual ${place}`);
  const key = base32.encode(secret, { padding: false });
  return `otpauth://totp/${issuer}:${encodeURIComponent(email)}?secret=${key}&issuer=${issuer}`;
}

/** Whether the code is the present one, the one before or the next: a clock may be off by half a minute. */
export function isCodeOf(secret: string, code: string): Promise<boolean> {
  return createOTP(secret).verify(code);
}

/** `k7rbm-9xq2w`, ten of them. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = Array.from(crypto.getRandomValues(new Uint32Array(10)), (chance) =>
      RECOVERY_LETTERS.charAt(chance % RECOVERY_LETTERS.length),
    ).join('');
    return `${letters.slice(0, 5)}-${letters.slice(5)}`;
  });
}

/** What a person typed, as the code is kept; null where it can't be one. */
export function typedCode(
  typed: string,
): { kind: 'code'; code: string } | { kind: 'recovery'; code: string } | null {
  const bare = typed.toLowerCase().replaceAll(/[\s-]/g, '');
  if (/^\d{6}$/.test(bare)) return { kind: 'code', code: bare };
  if (!/^[a-z\d]{10}$/.test(bare)) return null;
  return { kind: 'recovery', code: `${bare.slice(0, 5)}-${bare.slice(5)}` };
}
