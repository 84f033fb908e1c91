import { isCodeOf, typedCode } from '../auth/one-time-codes.ts';
import type { Actor } from '../auth/permissions.ts';
import { sealed, unsealed } from '../auth/sealed.ts';
import { CODE_LIMITS, forgive, isFirstUse, tooManyTries, tryFor } from '../auth/tries.ts';
import { sqlOf } from '../db.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, prisma, webPool } from '../prisma.ts';

/**
 * That a signed-in person has the device of their second factor at hand, or one of its recovery codes, which is used
 * up by it. Tries are limited with those of signing in.
 */
export async function proveCode(
  actor: Extract<Actor, { kind: 'user' }>,
  typed: string,
): Promise<Outcome<null>> {
  const meant = typedCode(typed);
  if (!meant) return wrong(NO_CODE);
  const sql = sqlOf(webPool());
  const tries = await tryFor(sql, CODE_LIMITS, actor.email, actor.address);
  if (!tries.allowed) return refuse('not_allowed', tooManyTries(tries.retryAfterMs));
  const isRight =
    meant.kind === 'code'
      ? (await isFirstUse(sql, `${actor.id} ${meant.code}`)) &&
        (await isOwnCode(actor.id, meant.code))
      : await spendRecoveryCode(actor.id, meant.code);
  if (!isRight) return wrong(meant.kind === 'code' ? WRONG : WRONG_RECOVERY);
  await forgive(sql, CODE_LIMITS, actor.email, actor.address);
  return done(null);
}

async function isOwnCode(userId: string, code: string): Promise<boolean> {
  const row = await prisma().twoFactor.findUnique({ where: { userId } });
  const secret = row && (await unsealed(row.secret));
  return secret !== null && (await isCodeOf(secret, code));
}

async function spendRecoveryCode(userId: string, code: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    await tx.$executeRaw`SELECT FROM two_factor WHERE user_id = ${userId} FOR UPDATE`;
    const row = await tx.twoFactor.findUnique({ where: { userId, verified: true } });
    const codes = row ? await recoveryCodesOf(row.backupCodes) : [];
    if (!row || !codes.includes(code)) return false;
    const backupCodes = await sealed(JSON.stringify(codes.filter((each) => each !== code)));
    await tx.twoFactor.update({ where: { id: row.id }, data: { backupCodes } });
    return true;
  });
}

/** None where they were sealed under another PUNCTUAL_AUTH_SECRET. */
export async function recoveryCodesOf(stored: string): Promise<string[]> {
  return JSON.parse((await unsealed(stored)) ?? '[]') as string[];
}

const wrong = (message: string) => refuse('invalid', message, [{ path: ['code'], message }]);

const NO_CODE = 'A code has six digits; a recovery code has ten letters and digits.';
const WRONG = 'This isn’t the present code, or it was used already. Wait for the next one.';
const WRONG_RECOVERY = 'This isn’t one of your recovery codes, or it was used already.';
