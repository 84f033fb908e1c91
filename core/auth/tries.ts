import type { Sql } from '../db.ts';
import { countTry, forgetOldTries, forgetTries, forgetTriesOf } from './tries.sql.ts';

/**
 * How often one may try, in windows that end by themselves. Three limits, so that guessing is slow from one address,
 * from many, and over many accounts, while a stranger can't lock an account's owner out from elsewhere.
 */
export type Limit = { name: string; max: number; windowMs: number };

const MINUTE_MS = 60_000;
export const SIGN_IN_LIMITS = {
  accountFromAddress: { name: 'sign-in', max: 10, windowMs: 15 * MINUTE_MS },
  address: { name: 'sign-in-address', max: 50, windowMs: 15 * MINUTE_MS },
  account: { name: 'sign-in-account', max: 100, windowMs: 60 * MINUTE_MS },
} as const satisfies Record<string, Limit>;

/** Trying tokens of invitations, a hash of which costs nothing, and own passwords, which cost CPU. */
export const TOKEN_LIMIT: Limit = { name: 'token', max: 60, windowMs: 15 * MINUTE_MS };

export type Tries = { allowed: true } | { allowed: false; retryAfterMs: number };

/** Counts a try to sign in, before the password is looked at, so that tries at once can't pass together. */
export async function trySignIn(sql: Sql, email: string, address: string | null): Promise<Tries> {
  const from = address ?? 'unknown';
  for (const [limit, subject] of [
    [SIGN_IN_LIMITS.address, from],
    [SIGN_IN_LIMITS.accountFromAddress, accountKey(email, from)],
    [SIGN_IN_LIMITS.account, email],
  ] as const) {
    const tries = await tryOnce(sql, limit, subject);
    if (!tries.allowed) return tries;
  }
  return { allowed: true };
}

export async function tryOnce(sql: Sql, limit: Limit, subject: string): Promise<Tries> {
  const { count, retryAfterMs } = await countTry(sql, keyOf(limit, subject), limit.windowMs);
  if (count === 1) await forgetOldTries(sql);
  return count <= limit.max
    ? { allowed: true }
    : { allowed: false, retryAfterMs: Math.max(1_000, retryAfterMs) };
}

/** After a right password the account's counts start anew; the address's stays, it may be trying others. */
export async function forgiveSignIn(
  sql: Sql,
  email: string,
  address: string | null,
): Promise<void> {
  await forgetTries(sql, [
    keyOf(SIGN_IN_LIMITS.accountFromAddress, accountKey(email, address ?? 'unknown')),
    keyOf(SIGN_IN_LIMITS.account, email),
  ]);
}

/** Whatever was tried for an account, from anywhere, counts no more. */
export async function forgiveAccount(sql: Sql, email: string): Promise<void> {
  await forgetTriesOf(sql, ` ${email}`);
}

/** `Too many tries. Try again in 12 min.` */
export function tooManyTries(retryAfterMs: number): string {
  const seconds = Math.ceil(retryAfterMs / 1_000);
  const wait = seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
  return `Too many tries. Try again in ${wait}.`;
}

const accountKey = (email: string, address: string) => `${address} ${email}`;
const keyOf = (limit: Limit, subject: string) => `${limit.name} ${subject.slice(0, 400)}`;
