import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { easyToGuess, Password } from '../auth/account.ts';
import type { SignedIn } from '../auth/sessions.ts';
import { TOKEN_LIMIT, tooManyTries, tryOnce } from '../auth/tries.ts';
import { sqlOf } from '../db.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, prisma, webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';

export const ChangePassword = z.object({ current: z.string().max(1_000), next: Password });

/** Changes one's own password; every other session of one's own ends. */
export async function changeOwnPassword(
  { actor, sessionId }: SignedIn,
  input: z.input<typeof ChangePassword>,
): Promise<Outcome<null>> {
  const parsed = ChangePassword.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { current, next } = parsed.data;
  const tries = await tryOnce(sqlOf(webPool()), TOKEN_LIMIT, `password ${actor.id}`);
  if (!tries.allowed) return refuse('not_allowed', tooManyTries(tries.retryAfterMs));
  const account = await prisma().account.findFirst({
    where: { userId: actor.id, providerId: 'credential' },
  });
  const hash = account?.password;
  if (!account || !hash || !(await verifyPassword({ hash, password: current }))) {
    const message = 'This isn’t your present password.';
    return refuse('invalid', message, [{ path: ['current'], message }]);
  }
  const complaint = easyToGuess(next, actor.email);
  if (complaint) return refuse('invalid', complaint, [{ path: ['next'], message: complaint }]);
  const password = await hashPassword(next);
  return inTransaction(async (tx, sql) => {
    await tx.account.update({ where: { id: account.id }, data: { password } });
    const ended = await tx.session.deleteMany({
      where: { userId: actor.id, NOT: { id: sessionId } },
    });
    await audit(tx, actor, {
      action: 'user.password',
      subject: `user:${actor.id}`,
      after: { by: 'old password', endedSessions: ended.count },
    });
    await announce(sql, 'user');
    return done(null);
  });
}
