import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
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

/** Codes of a second factor: of the million there are, three count at a time. */
export const CODE_LIMITS = {
  accountFromAddress: { name: 'code', max: 10, windowMs: 15 * MINUTE_MS },
  address: { name: 'code-address', max: 50, windowMs: 15 * MINUTE_MS },
  account: { name: 'code-account', max: 30, windowMs: 60 * MINUTE_MS },
} as const satisfies Record<string, Limit>;

/** Asking for a link by mail: mail costs others their patience. */
export const MAIL_LIMITS = {
  accountFromAddress: { name: 'mail', max: 3, windowMs: 15 * MINUTE_MS },
  address: { name: 'mail-address', max: 20, windowMs: 15 * MINUTE_MS },
  account: { name: 'mail-account', max: 10, windowMs: 24 * 60 * MINUTE_MS },
} as const satisfies Record<string, Limit>;

/** Going to the identity provider and coming back from it. */
export const PROVIDER_LIMIT: Limit = { name: 'provider', max: 60, windowMs: 15 * MINUTE_MS };

/** Longer than a code (90 s) or a way to the identity provider and back (10 min) is good. */
const SPENT: Limit = { name: 'spent', max: 1, windowMs: 15 * MINUTE_MS };

/** Trying tokens of invitations, a hash of which costs nothing, and own passwords, which cost CPU. */
export const TOKEN_LIMIT: Limit = { name: 'token', max: 60, windowMs: 15 * MINUTE_MS };

export type Tries = { allowed: true } | { allowed: false; retryAfterMs: number };

type Limits = Record<'accountFromAddress' | 'address' | 'account', Limit>;

/** Counts a try for an account, before what was typed is looked at, so that tries at once can't pass together. */
export async function tryFor(
  sql: Sql,
  limits: Limits,
  email: string,
  address: string | null,
): Promise<Tries> {
  const from = networkOf(address);
  for (const [limit, subject] of [
    [limits.address, from],
    [limits.accountFromAddress, accountKey(email, from)],
    [limits.account, email],
  ] as const) {
    const tries = await tryOnce(sql, limit, subject);
    if (!tries.allowed) return tries;
  }
  return { allowed: true };
}

/** Counts a try of whoever comes from an address, whatever it is about. */
export function tryFrom(sql: Sql, limit: Limit, address: string | null): Promise<Tries> {
  return tryOnce(sql, limit, networkOf(address));
}

export async function tryOnce(sql: Sql, limit: Limit, subject: string): Promise<Tries> {
  const { count, retryAfterMs } = await countTry(sql, keyOf(limit, subject), limit.windowMs);
  if (count === 1) await forgetOldTries(sql);
  return count <= limit.max
    ? { allowed: true }
    : { allowed: false, retryAfterMs: Math.max(1_000, retryAfterMs) };
}

/** After what was right the account's counts start anew; the address's stays, it may be trying others. */
export async function forgive(
  sql: Sql,
  limits: Limits,
  email: string,
  address: string | null,
): Promise<void> {
  await forgetTries(sql, [
    keyOf(limits.accountFromAddress, accountKey(email, networkOf(address))),
    keyOf(limits.account, email),
  ]);
}

/** Whether this is the first time that something that counts once is shown: a code, an answer of the identity provider. */
export async function isFirstUse(sql: Sql, what: string): Promise<boolean> {
  const digest = createHash('sha256').update(what).digest('base64url');
  return (await tryOnce(sql, SPENT, digest)).allowed;
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

/**
 * What counts as one address: of IPv6 the first 64 bits, since whoever has one of these addresses has them all (RFC 6177)
 * and could try from another one each time.
 */
function networkOf(address: string | null): string {
  if (address === null) return 'unknown';
  if (!ipaddr.isValid(address)) return address;
  const ip = ipaddr.process(address);
  if (!(ip instanceof ipaddr.IPv6)) return ip.toString();
  return `${ip.toNormalizedString().split(':').slice(0, 4).join(':')}::/64`;
}

const accountKey = (email: string, address: string) => `${address} ${email}`;
const keyOf = (limit: Limit, subject: string) => `${limit.name} ${subject.slice(0, 400)}`;
