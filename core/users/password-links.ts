import { randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { audit } from '../audit/audit.ts';
import { easyToGuess, Password } from '../auth/account.ts';
import { hashOf, newToken, welcomeLink } from '../auth/invitation-token.ts';
import { grantsOf } from '../auth/grants.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, prisma } from '../prisma.ts';

export const PASSWORD_LINK_MS = 86_400_000;

/**
 * Makes a one-time link with which a person who forgot the password sets another; an earlier one no longer works.
 * The old password stays good until then.
 */
export async function makePasswordLink(
  actor: Actor,
  userId: string,
  origin: string,
): Promise<Outcome<{ link: string; expiresAt: string }>> {
  authorize(actor, 'user:write');
  const token = newToken();
  const expiresAt = new Date(Date.now() + PASSWORD_LINK_MS);
  return inTransaction(async (tx) => {
    const user = await tx.user.findUnique({ where: { id: userId } });
    if (!user) return refuse('not_found', 'There is no such user.');
    if (user.disabledAt) {
      return refuse(
        'conflict',
        'This account is switched off. Switch it on before you send a link.',
      );
    }
    await tx.verification.deleteMany({ where: { identifier: identifierOf(userId) } });
    await tx.verification.create({
      data: { id: randomUUID(), identifier: identifierOf(userId), value: hashOf(token), expiresAt },
    });
    await audit(tx, actor, {
      action: 'user.password_link',
      subject: `user:${userId}`,
      after: { expiresAt: expiresAt.toISOString() },
    });
    return done({ link: welcomeLink(origin, token), expiresAt: expiresAt.toISOString() });
  });
}

export type PasswordOffer = { name: string; email: string };

/** Whose password the link sets, or null when it isn't such a link or no longer one. */
export async function readPasswordLink(token: string): Promise<PasswordOffer | null> {
  const link = await prisma().verification.findFirst({
    where: { value: hashOf(token), expiresAt: { gt: new Date() } },
  });
  const user =
    link && (await prisma().user.findUnique({ where: { id: userIdOf(link.identifier) } }));
  return user && !user.disabledAt ? { name: user.name, email: user.email } : null;
}

/** Sets the password that the link is for, once; every session of the account ends. */
export async function usePasswordLink(
  token: string,
  password: string,
  address: string | null,
): Promise<Outcome<{ email: string }>> {
  const offer = await readPasswordLink(token);
  if (!offer) return refuse('conflict', USELESS);
  const complaint = Password.safeParse(password).error?.issues[0]?.message;
  const problem = complaint ?? easyToGuess(password, offer.email);
  if (problem) return refuse('invalid', problem, [{ path: ['password'], message: problem }]);
  const passwordHash = await hashPassword(password);
  return inTransaction(async (tx, sql) => {
    const [link] = await sql<{ identifier: string }>(
      'DELETE FROM verification WHERE value = $1::text AND expires_at > now() RETURNING identifier',
      [hashOf(token)],
    );
    const user = link && (await tx.user.findUnique({ where: { id: userIdOf(link.identifier) } }));
    if (!user || user.disabledAt) return refuse('conflict', USELESS);
    await tx.account.updateMany({
      where: { userId: user.id, providerId: 'credential' },
      data: { password: passwordHash },
    });
    const ended = await tx.session.deleteMany({ where: { userId: user.id } });
    const { id, name, email } = user;
    const self: Actor = { kind: 'user', id, name, email, grants: grantsOf(user.grants), address };
    await audit(tx, self, {
      action: 'user.password',
      subject: `user:${id}`,
      after: { by: 'link', endedSessions: ended.count },
    });
    await announce(sql, 'user');
    return done({ email });
  });
}

const identifierOf = (userId: string) => `password:${userId}`;
const userIdOf = (identifier: string) => identifier.replace(/^password:/, '');

const USELESS = 'This link was used already, or is too old. Ask an admin for another.';
