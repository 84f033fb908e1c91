import { verifyPassword } from 'better-auth/crypto';
import type { Actor } from '../auth/permissions.ts';
import { TOKEN_LIMIT, tooManyTries, tryOnce } from '../auth/tries.ts';
import { sqlOf } from '../db.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { prisma, webPool } from '../prisma.ts';

/**
 * That whoever holds the session knows the account's password as well; tries are limited.
 *
 * @param field that the password was typed into
 * @returns the account's row with the password
 */
export async function provePassword(
  actor: Extract<Actor, { kind: 'user' }>,
  password: string,
  field: string,
): Promise<Outcome<{ accountId: string }>> {
  const tries = await tryOnce(sqlOf(webPool()), TOKEN_LIMIT, `password ${actor.id}`);
  if (!tries.allowed) return refuse('not_allowed', tooManyTries(tries.retryAfterMs));
  const account = await prisma().account.findFirst({
    where: { userId: actor.id, providerId: 'credential' },
  });
  const hash = account?.password;
  if (account && hash && (await verifyPassword({ hash, password }))) {
    return done({ accountId: account.id });
  }
  const message = 'This isn’t your present password.';
  return refuse('invalid', message, [{ path: [field], message }]);
}
