import { randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { audit } from '../audit/audit.ts';
import { easyToGuess, Password } from '../auth/account.ts';
import { newToken, welcomeLink } from '../auth/invitation-token.ts';
import { whyNoPassword, whyThroughProvider } from '../auth/password-sign-in.ts';
import { grantsOf } from '../auth/grants.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { environment } from '../environment.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, prisma, type Tx } from '../prisma.ts';
import {
  dropPasswordLinks,
  findPasswordLink,
  putPasswordLink,
  spendPasswordLink,
} from './password-link-rows.ts';

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
    const whyNot = await whyNoPassword(user.email);
    if (whyNot !== null) return refuse('conflict', whyNot);
    if (whyThroughProvider(user) !== null) return refuse('conflict', byGroups());
    await dropPasswordLinks(tx, userId);
    await putPasswordLink(tx, token, { userId, sentBy: 'admin', expiresAt });
    await audit(tx, actor, {
      action: 'user.password_link',
      subject: `user:${userId}`,
      after: { expiresAt: expiresAt.toISOString() },
    });
    return done({ link: welcomeLink(origin, token), expiresAt: expiresAt.toISOString() });
  });
}

export type PasswordOffer = { name: string; email: string };

/** Whose password the link sets, or why it no longer does; null where it isn't such a link. */
export async function readPasswordLink(token: string): Promise<Outcome<PasswordOffer> | null> {
  const link = await findPasswordLink(token);
  if (!link) return null;
  if (link.state === 'used') return refuse('conflict', USED);
  if (link.state === 'over') return refuse('conflict', OVER);
  const user = await prisma().user.findUnique({ where: { id: link.userId } });
  if (!user) return null;
  if (user.disabledAt) return refuse('conflict', OFF);
  return done({ name: user.name, email: user.email });
}

/** Sets the password that the link is for, once; every session of the account ends. */
export async function usePasswordLink(
  token: string,
  password: string,
  address: string | null,
): Promise<Outcome<{ email: string }>> {
  const offer = await readPasswordLink(token);
  if (!offer) return refuse('conflict', UNKNOWN);
  if (!offer.ok) return offer;
  const complaint = Password.safeParse(password).error?.issues[0]?.message;
  const problem = complaint ?? (await easyToGuess(password, offer.value.email));
  if (problem) return refuse('invalid', problem, [{ path: ['password'], message: problem }]);
  const passwordHash = await hashPassword(password);
  return inTransaction(async (tx, sql) => {
    const link = await spendPasswordLink(sql, token);
    const user = link && (await tx.user.findUnique({ where: { id: link.userId } }));
    if (!link || !user) return refuse('conflict', USED);
    if (user.disabledAt) return refuse('conflict', OFF);
    await setPassword(tx, user.id, passwordHash);
    await dropPasswordLinks(tx, user.id);
    if (link.sentBy === 'mail') {
      await tx.user.update({ where: { id: user.id }, data: { emailVerified: true } });
    }
    const ended = await tx.session.deleteMany({ where: { userId: user.id } });
    const { id, name, email } = user;
    const self: Actor = { kind: 'user', id, name, email, grants: grantsOf(user.grants), address };
    await audit(tx, self, {
      action: 'user.password',
      subject: `user:${id}`,
      after: {
        by: link.sentBy === 'mail' ? 'mailed link' : 'link',
        endedSessions: ended.count,
      },
    });
    await announce(sql, 'user');
    return done({ email });
  });
}

/** Also for who had none: an admin gave a link to somebody who came through the identity provider so far. */
async function setPassword(tx: Tx, userId: string, password: string): Promise<void> {
  const own = { userId, providerId: 'credential' };
  const { count } = await tx.account.updateMany({ where: own, data: { password } });
  if (count > 0) return;
  await tx.account.create({ data: { ...own, id: randomUUID(), accountId: userId, password } });
}

const UNKNOWN =
  'This link isn’t known. Perhaps a newer one replaced it, or a piece of it is missing: copy it again, whole.';
const USED =
  'This link was used already. Sign in with the password that it set, or ask for another link.';
const OVER = 'This link is too old. Ask for another.';
const OFF = 'This account is switched off. An admin can switch it on again.';

const byGroups = () =>
  `Their groups at ${environment().PUNCTUAL_OIDC_NAME} say what they may do, so they sign in through it and not with a password.`;
