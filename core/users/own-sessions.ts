import { audit } from '../audit/audit.ts';
import type { SignedIn } from '../auth/sessions.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, prisma } from '../prisma.ts';

export type OwnSession = {
  id: string;
  isThisOne: boolean;
  address: string | null;
  userAgent: string | null;
  signedInAt: string;
  seenAt: string;
  endsAt: string;
};

export async function listOwnSessions({ actor, sessionId }: SignedIn): Promise<OwnSession[]> {
  const sessions = await prisma().session.findMany({
    where: { userId: actor.id, expiresAt: { gt: new Date() } },
    orderBy: { updatedAt: 'desc' },
    take: 100,
  });
  return sessions.map((session) => ({
    id: session.id,
    isThisOne: session.id === sessionId,
    address: session.ipAddress,
    userAgent: session.userAgent,
    signedInAt: session.createdAt.toISOString(),
    seenAt: session.updatedAt.toISOString(),
    endsAt: session.expiresAt.toISOString(),
  }));
}

/** Ends all sessions of one's own, this one too; the browsers' streams close at once. */
export async function signOutEverywhere({ actor }: SignedIn): Promise<Outcome<{ ended: number }>> {
  return inTransaction(async (tx, sql) => {
    const { count } = await tx.session.deleteMany({ where: { userId: actor.id } });
    await audit(tx, actor, {
      action: 'session.end_all',
      subject: `user:${actor.id}`,
      after: { ended: count },
    });
    await announce(sql, 'user');
    return done({ ended: count });
  });
}

export async function endOwnSession(
  { actor }: SignedIn,
  sessionId: string,
): Promise<Outcome<null>> {
  return inTransaction(async (tx, sql) => {
    const own = { id: sessionId, userId: actor.id };
    const session = await tx.session.findFirst({ where: own });
    const { count } = await tx.session.deleteMany({ where: own });
    if (!session || count === 0) return refuse('not_found', 'This session has ended already.');
    await audit(tx, actor, {
      action: 'session.end',
      subject: `user:${actor.id}`,
      before: {
        signedInAt: session.createdAt.toISOString(),
        address: session.ipAddress,
        browser: session.userAgent,
      },
    });
    await announce(sql, 'user');
    return done(null);
  });
}
