import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';

/** Ends one session of somebody's, or all of them; the browsers' streams close at once. */
export async function endSessionsOf(
  actor: Actor,
  { userId, sessionId }: { userId: string; sessionId: string | null },
): Promise<Outcome<{ ended: number }>> {
  authorize(actor, 'user:write');
  return inTransaction(async (tx, sql) => {
    const user = await tx.user.findUnique({ where: { id: userId } });
    if (!user) return refuse('not_found', 'There is no such user.');
    const { count } = await tx.session.deleteMany({
      where: { userId, ...(sessionId === null ? {} : { id: sessionId }) },
    });
    if (count === 0) return refuse('conflict', 'No such session is open any more.');
    await audit(tx, actor, {
      action: sessionId === null ? 'session.end_all' : 'session.end',
      subject: `user:${userId}`,
      after: { ended: count },
    });
    await announce(sql, 'user');
    return done({ ended: count });
  });
}
