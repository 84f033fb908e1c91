import { hashPassword } from 'better-auth/crypto';
import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { easyToGuess, Password } from '../auth/account.ts';
import type { SignedIn } from '../auth/sessions.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { dropPasswordLinks } from './password-link-rows.ts';
import { provePassword } from './prove-password.ts';

export const ChangePassword = z.object({ current: z.string().max(1_000), next: Password });

/** Changes one's own password; every other session of one's own ends, and links for another password are good no more. */
export async function changeOwnPassword(
  { actor, sessionId }: SignedIn,
  input: z.input<typeof ChangePassword>,
): Promise<Outcome<null>> {
  const parsed = ChangePassword.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { current, next } = parsed.data;
  const proven = await provePassword(actor, current, 'current');
  if (!proven.ok) return proven;
  const complaint = await easyToGuess(next, actor.email);
  if (complaint) return refuse('invalid', complaint, [{ path: ['next'], message: complaint }]);
  const password = await hashPassword(next);
  return inTransaction(async (tx, sql) => {
    await tx.account.update({ where: { id: proven.value.accountId }, data: { password } });
    await dropPasswordLinks(tx, actor.id);
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
