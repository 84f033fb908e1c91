import { audit } from '../audit/audit.ts';
import { type Actor, authorize, type Role } from '../auth/permissions.ts';
import { inTime } from '../database-away.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, prisma, type Tx } from '../prisma.ts';

export type UserView = {
  id: string;
  name: string;
  email: string;
  role: Role;
  disabledAt: string | null;
  createdAt: string;
  /** Latest activity of any session that is still open. */
  seenAt: string | null;
};

export async function listUsers(actor: Actor): Promise<UserView[]> {
  authorize(actor, 'user:read');
  const users = await prisma().user.findMany({
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    include: { sessions: { orderBy: { updatedAt: 'desc' }, take: 1 } },
    take: 1_000,
  });
  return users.map((user) => ({
    id: user.id,
    name: user.name,
    email: user.email,
    role: user.role as Role,
    disabledAt: user.disabledAt?.toISOString() ?? null,
    createdAt: user.createdAt.toISOString(),
    seenAt: user.sessions[0]?.updatedAt.toISOString() ?? null,
  }));
}

/** Whether the first account is still to be made; for the sign-in page, so it asks nobody's permission. */
export async function hasNoUsers(): Promise<boolean> {
  return (await inTime(prisma().user.findFirst({ select: { id: true } }))) === null;
}

export async function changeRole(
  actor: Actor,
  { userId, role }: { userId: string; role: Role },
): Promise<Outcome<null>> {
  return changeUser(actor, userId, async (tx, user, admins) => {
    if (user.role === role) return done(null);
    if (isLastAdmin(user, admins)) return refuse('conflict', LAST_ADMIN);
    await tx.user.update({ where: { id: userId }, data: { role } });
    await audit(tx, actor, {
      action: 'user.role',
      subject: `user:${userId}`,
      before: { role: user.role },
      after: { role },
    });
    return done(null);
  });
}

/** Switches an account off: it can't sign in any more, and its sessions and open streams end. */
export async function disableUser(actor: Actor, userId: string): Promise<Outcome<null>> {
  return changeUser(actor, userId, async (tx, user, admins) => {
    if (user.disabledAt) return done(null);
    if (isLastAdmin(user, admins)) return refuse('conflict', LAST_ADMIN);
    await tx.user.update({ where: { id: userId }, data: { disabledAt: new Date() } });
    await tx.session.deleteMany({ where: { userId } });
    await audit(tx, actor, { action: 'user.disable', subject: `user:${userId}` });
    return done(null);
  });
}

export async function enableUser(actor: Actor, userId: string): Promise<Outcome<null>> {
  return changeUser(actor, userId, async (tx, user) => {
    if (!user.disabledAt) return done(null);
    await tx.user.update({ where: { id: userId }, data: { disabledAt: null } });
    await audit(tx, actor, { action: 'user.enable', subject: `user:${userId}` });
    return done(null);
  });
}

type Account = { id: string; role: string; disabledAt: Date | null };

async function changeUser(
  actor: Actor,
  userId: string,
  change: (tx: Tx, user: Account, activeAdminIds: string[]) => Promise<Outcome<null>>,
): Promise<Outcome<null>> {
  authorize(actor, 'user:write');
  return inTransaction(async (tx, sql) => {
    // Every change of admins waits here for the others, so that two of them can't take each other's role away.
    const admins = await sql<{ id: string }>(
      `SELECT id FROM "user" WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR UPDATE`,
    );
    const user = await tx.user.findUnique({ where: { id: userId } });
    if (!user) return refuse('not_found', 'There is no such user.');
    const outcome = await change(
      tx,
      user,
      admins.map((admin) => admin.id),
    );
    if (outcome.ok) await announce(sql, 'user');
    return outcome;
  });
}

function isLastAdmin(user: Account, activeAdminIds: readonly string[]): boolean {
  return activeAdminIds.length === 1 && activeAdminIds[0] === user.id;
}

const LAST_ADMIN =
  'This is the last admin, and somebody must stay one. Make another person admin first.';
