import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { Grants, grantsOf } from '../auth/grants.ts';
import { isAdmin } from '../auth/usual-grant.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { doGroupsGrant } from '../auth/provider.ts';
import { inTime } from '../database-away.ts';
import { environment } from '../environment.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, prisma, sqlIn, type Tx } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { lockAdmins } from './lock-admins.ts';
import { dropPasswordLinks } from './password-link-rows.ts';
import { takeBackLinksOf } from './take-back-links.ts';

/** Whether the first account is still to be made; for the sign-in page, so it asks nobody's permission. */
export async function hasNoUsers(): Promise<boolean> {
  return (await inTime(prisma().user.findFirst({ select: { id: true } }))) === null;
}

export const ChangeGrants = z.object({ userId: z.string().min(1).max(100), grants: Grants });

/** Says anew what a person may do; it holds from their next click, and open streams begin again. */
export async function changeGrants(
  actor: Actor,
  input: z.input<typeof ChangeGrants>,
): Promise<Outcome<null>> {
  authorize(actor, 'user:write');
  const parsed = ChangeGrants.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { userId, grants } = parsed.data;
  return changeUser(actor, userId, async (tx, user, admins) => {
    if (user.grantsFromProvider && doGroupsGrant()) return refuse('conflict', byGroups());
    const before = grantsOf(user.grants);
    if (isDeepStrictEqual(before, grants)) return done(null);
    if (!isAdmin(grants) && isLastAdmin(user, admins)) return refuse('conflict', LAST_ADMIN);
    await tx.user.update({ where: { id: userId }, data: { grants } });
    await audit(tx, actor, {
      action: 'user.grants',
      subject: `user:${userId}`,
      before: { grants: before },
      after: { grants },
    });
    if (!isAdmin(grants)) await takeBackLinksOf(sqlIn(tx), actor, userId);
    return done(null);
  });
}

/**
 * Switches an account off: it can't sign in any more, and its sessions and open streams end. Links that would bring it
 * back, or that its person gave out, are good no more.
 */
export async function disableUser(actor: Actor, userId: string): Promise<Outcome<null>> {
  return changeUser(actor, userId, async (tx, user, admins) => {
    if (user.disabledAt) return done(null);
    if (isLastAdmin(user, admins)) return refuse('conflict', LAST_ADMIN);
    const disabledAt = new Date();
    await tx.user.update({ where: { id: userId }, data: { disabledAt } });
    const ended = await tx.session.deleteMany({ where: { userId } });
    await audit(tx, actor, {
      action: 'user.disable',
      subject: `user:${userId}`,
      before: { disabledAt: null },
      after: { disabledAt: disabledAt.toISOString(), endedSessions: ended.count },
    });
    await dropPasswordLinks(tx, userId);
    await takeBackLinksOf(sqlIn(tx), actor, userId);
    return done(null);
  });
}

export async function enableUser(actor: Actor, userId: string): Promise<Outcome<null>> {
  return changeUser(actor, userId, async (tx, user) => {
    if (!user.disabledAt) return done(null);
    await tx.user.update({ where: { id: userId }, data: { disabledAt: null } });
    await audit(tx, actor, {
      action: 'user.enable',
      subject: `user:${userId}`,
      before: { disabledAt: user.disabledAt.toISOString() },
      after: { disabledAt: null },
    });
    return done(null);
  });
}

type Account = {
  id: string;
  grants: unknown;
  grantsFromProvider: boolean;
  disabledAt: Date | null;
};

async function changeUser(
  actor: Actor,
  userId: string,
  change: (tx: Tx, user: Account, activeAdminIds: string[]) => Promise<Outcome<null>>,
): Promise<Outcome<null>> {
  authorize(actor, 'user:write');
  return inTransaction(async (tx, sql) => {
    const admins = await lockAdmins(sql);
    const user = await tx.user.findUnique({ where: { id: userId } });
    if (!user) return refuse('not_found', 'There is no such user.');
    const outcome = await change(tx, user, admins);
    if (outcome.ok) await announce(sql, 'user');
    return outcome;
  });
}

function isLastAdmin(user: Account, activeAdminIds: readonly string[]): boolean {
  return activeAdminIds.length === 1 && activeAdminIds[0] === user.id;
}

const byGroups = () =>
  `Their groups at ${environment().PUNCTUAL_OIDC_NAME} say what they may do, each time that they sign in. Change them there.`;

const LAST_ADMIN =
  'This is the last admin, and somebody must stay one. Make another person admin first.';
