import { insertAuditEntries } from '../audit/audit.sql.ts';
import { sqlOf } from '../db.ts';
import { prisma, webPool } from '../prisma.ts';

/** Whose session; `address` is the browser's. */
type OfUser = { userId: string; address: string | null };

/**
 * That somebody signs in or out. Written before better-auth makes or ends the session in a statement of its own, so that
 * no session begins or ends without an entry: when the entry can't be written, nothing happens.
 */
export async function recordSession(
  action: 'session.begin' | 'session.end',
  { userId, address, reason }: OfUser & { reason: string },
): Promise<void> {
  const user = await prisma().user.findUnique({ where: { id: userId } });
  await record(action, { actor: user?.name ?? '', userId, address, reason });
}

/**
 * That somebody tried to sign in and was refused. What they typed isn't kept: it may be a password in the wrong field.
 * Tries beyond the limits (core/auth/tries.ts) aren't told one by one, or guessing would fill the trail.
 */
export async function recordRefusedSignIn(
  email: string,
  address: string | null,
  reason: string,
): Promise<void> {
  const user = await prisma().user.findUnique({ where: { email } });
  await recordRefused({ userId: user?.id ?? 'unknown', address, reason });
}

/** As `recordRefusedSignIn`, where it is known whose account it is, or that it is nobody's. */
export async function recordRefused(refused: OfUser & { reason: string }): Promise<void> {
  await record('session.refuse', { ...refused, actor: NOBODY });
}

/** Whom an entry names that nobody who is signed in has caused. */
export const NOBODY = 'not signed in';

async function record(
  action: string,
  { actor, userId, address, reason }: OfUser & { actor: string; reason: string },
): Promise<void> {
  const subject = `user:${userId}`;
  await insertAuditEntries(sqlOf(webPool()), [
    {
      actor,
      // Nobody is signed in who is refused.
      actorId: actor === NOBODY ? null : userId,
      action,
      subject,
      before: null,
      after: null,
      reason,
      address,
    },
  ]);
}
