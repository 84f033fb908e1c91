import { randomUUID } from 'node:crypto';
import { encode } from 'uqr';
import { audit } from '../audit/audit.ts';
import {
  addressOf,
  isCodeOf,
  keyOf,
  newRecoveryCodes,
  newSecret,
  typedCode,
} from '../auth/one-time-codes.ts';
import { sealed, unsealed } from '../auth/sealed.ts';
import { isSecondFactorRequired, type SignedIn } from '../auth/sessions.ts';
import { CODE_LIMITS, forgive, isFirstUse, tooManyTries, tryFor } from '../auth/tries.ts';
import { sqlOf } from '../db.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse, type Refused } from '../outcome.ts';
import { inTransaction, prisma, type Tx, webPool } from '../prisma.ts';
import { proveCode, recoveryCodesOf } from './prove-code.ts';
import { provePassword } from './prove-password.ts';

/** Somebody who signed in so lately has just typed their password. */
const FRESH_MS = 10 * 60_000;

export type OwnSecondFactor = {
  /** Null where there is none. */
  since: string | null;
  recoveryCodesLeft: number;
  isRequired: boolean;
  /** False for who signs in through the identity provider alone, which asks for a second factor of its own. */
  hasPassword: boolean;
  /** Whether setting one up asks for the password once more. */
  asksForPassword: boolean;
};

export async function readOwnSecondFactor(session: SignedIn): Promise<OwnSecondFactor> {
  const userId = session.actor.id;
  const [row, account, isRequired] = await Promise.all([
    prisma().twoFactor.findUnique({ where: { userId, verified: true } }),
    prisma().account.findFirst({ where: { userId, providerId: 'credential' } }),
    isSecondFactorRequired(),
  ]);
  return {
    since: row?.createdAt.toISOString() ?? null,
    recoveryCodesLeft: row ? (await recoveryCodesOf(row.backupCodes)).length : 0,
    isRequired,
    hasPassword: typeof account?.password === 'string',
    asksForPassword: !isFresh(session),
  };
}

export type SecondFactorKey = {
  /** The picture for the device's camera: an SVG path on a square of `size` units, dark on light. */
  picture: { path: string; size: number };
  /** The same for who types it: `ABCD EFGH …`. */
  key: string;
};

/**
 * Makes a secret for the person's device. It counts for nothing until a first code shows that the device has it.
 *
 * @param consoleAt the console's origin, by which the device tells this account from others
 */
export async function beginSecondFactor(
  session: SignedIn,
  { password }: { password: string },
  consoleAt: string,
): Promise<Outcome<SecondFactorKey>> {
  const { id: userId, email } = session.actor;
  if (!isFresh(session)) {
    const proven = await provePassword(session.actor, password, 'password');
    if (!proven.ok) return proven;
  }
  const secret = newSecret();
  const data = { secret: await sealed(secret), backupCodes: await sealed('[]') };
  return inTransaction(async (tx) => {
    await tx.$executeRaw`SELECT FROM "user" WHERE id = ${userId} FOR UPDATE`;
    const account = await tx.account.findFirst({ where: { userId, providerId: 'credential' } });
    if (!account?.password) return refuse('conflict', NO_PASSWORD);
    const before = await tx.twoFactor.findUnique({ where: { userId } });
    if (before?.verified) return refuse('conflict', HAS_ONE);
    await tx.twoFactor.deleteMany({ where: { userId } });
    await tx.twoFactor.create({ data: { ...data, id: randomUUID(), userId } });
    await audit(tx, session.actor, {
      action: 'user.second_factor_begin',
      subject: `user:${userId}`,
      after: { isConfirmed: false },
    });
    const address = addressOf(secret, email, new URL(consoleAt).host);
    return done({ picture: pictureOf(address), key: keyOf(secret) });
  });
}

/** The device has the secret: from now on signing in asks for a code. Every other session of one's own ends. */
export async function confirmSecondFactor(
  { actor, sessionId }: SignedIn,
  { code }: { code: string },
): Promise<Outcome<{ recoveryCodes: string[] }>> {
  const meant = typedCode(code);
  if (meant?.kind !== 'code') return wrongCode('A code has six digits.');
  const pool = sqlOf(webPool());
  const tries = await tryFor(pool, CODE_LIMITS, actor.email, actor.address);
  if (!tries.allowed) return refuse('not_allowed', tooManyTries(tries.retryAfterMs));
  const recoveryCodes = newRecoveryCodes();
  const backupCodes = await sealed(JSON.stringify(recoveryCodes));
  const confirmed = await inTransaction(async (tx, sql) => {
    await tx.$executeRaw`SELECT FROM "user" WHERE id = ${actor.id} FOR UPDATE`;
    const row = await tx.twoFactor.findUnique({ where: { userId: actor.id } });
    if (!row) return refuse('conflict', 'This was begun anew elsewhere. Begin once more.');
    if (row.verified) return refuse('conflict', HAS_ONE);
    const secret = await unsealed(row.secret);
    if (secret === null || !(await isCodeOf(secret, meant.code))) return wrongCode(WRONG);
    await tx.twoFactor.update({
      where: { id: row.id },
      data: { verified: true, backupCodes, createdAt: new Date() },
    });
    await tx.user.update({ where: { id: actor.id }, data: { twoFactorEnabled: true } });
    await tx.session.deleteMany({ where: { userId: actor.id, NOT: { id: sessionId } } });
    await audit(tx, actor, {
      action: 'user.second_factor',
      subject: `user:${actor.id}`,
      before: { hasSecondFactor: false },
      after: { hasSecondFactor: true },
    });
    await announce(sql, 'user');
    return done({ recoveryCodes });
  });
  if (confirmed.ok) {
    // The code that was just shown signs nobody in any more.
    await isFirstUse(pool, `${actor.id} ${meant.code}`);
    await forgive(pool, CODE_LIMITS, actor.email, actor.address);
  }
  return confirmed;
}

type Proof = { password: string; code: string };

/** New recovery codes; those from before are of no use any more. */
export async function renewRecoveryCodes(
  session: SignedIn,
  proof: Proof,
): Promise<Outcome<{ recoveryCodes: string[] }>> {
  const proven = await prove(session, proof);
  if (!proven.ok) return proven;
  const recoveryCodes = newRecoveryCodes();
  const backupCodes = await sealed(JSON.stringify(recoveryCodes));
  return changeOwn(session, async (tx, userId) => {
    await tx.twoFactor.update({ where: { userId }, data: { backupCodes } });
    await audit(tx, session.actor, {
      action: 'user.recovery_codes',
      subject: `user:${userId}`,
      after: { recoveryCodes: recoveryCodes.length },
    });
    return done({ recoveryCodes });
  });
}

/** From now on the password alone signs in; refused where everybody must have a second factor. */
export async function removeSecondFactor(session: SignedIn, proof: Proof): Promise<Outcome<null>> {
  if (await isSecondFactorRequired()) return refuse('conflict', REQUIRED);
  const proven = await prove(session, proof);
  if (!proven.ok) return proven;
  return changeOwn(session, async (tx, userId) => {
    await tx.twoFactor.delete({ where: { userId } });
    await tx.user.update({ where: { id: userId }, data: { twoFactorEnabled: false } });
    await audit(tx, session.actor, {
      action: 'user.second_factor',
      subject: `user:${userId}`,
      before: { hasSecondFactor: true },
      after: { hasSecondFactor: false },
    });
    return done(null);
  });
}

async function prove({ actor }: SignedIn, { password, code }: Proof): Promise<Outcome<unknown>> {
  const proven = await provePassword(actor, password, 'password');
  return proven.ok ? proveCode(actor, code) : proven;
}

async function changeOwn<Value>(
  { actor }: SignedIn,
  change: (tx: Tx, userId: string) => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  return inTransaction(async (tx, sql) => {
    await tx.$executeRaw`SELECT FROM "user" WHERE id = ${actor.id} FOR UPDATE`;
    const row = await tx.twoFactor.findUnique({ where: { userId: actor.id, verified: true } });
    if (!row) return refuse('conflict', 'There is no second factor any more.');
    const outcome = await change(tx, actor.id);
    if (outcome.ok) await announce(sql, 'user');
    return outcome;
  });
}

/** Rows of dark squares, each stretch one rectangle. */
function pictureOf(address: string): SecondFactorKey['picture'] {
  const { data, size } = encode(address, { ecc: 'M', border: 4 });
  const path = data.flatMap((row, y) =>
    [
      ...row
        .map((isDark) => (isDark ? '#' : ' '))
        .join('')
        .matchAll(/#+/g),
    ].map(({ 0: stretch, index }) => `M${index} ${y}h${stretch.length}v1h-${stretch.length}z`),
  );
  return { path: path.join(''), size };
}

const isFresh = ({ begunAt }: SignedIn) => Date.now() - begunAt.getTime() < FRESH_MS;

const wrongCode = (message: string): Refused =>
  refuse('invalid', message, [{ path: ['code'], message }]);

const WRONG =
  'This isn’t the code of now. Wait for the next one, and see that your device’s clock is right.';
const HAS_ONE = 'There is a second factor already. Load the page anew to see it.';
const NO_PASSWORD =
  'You sign in through the identity provider alone, which asks for a second factor of its own.';
const REQUIRED = 'Everybody must have a second factor here, so yours can’t be switched off.';
