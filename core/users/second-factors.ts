import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';

/**
 * Takes somebody's second factor away, for who has lost the device and the recovery codes. Their sessions end: what
 * comes next begins with their password.
 */
export async function takeSecondFactor(actor: Actor, userId: string): Promise<Outcome<null>> {
  authorize(actor, 'user:write');
  if (actor.kind === 'user' && actor.id === userId) return refuse('conflict', OWN);
  return inTransaction(async (tx, sql) => {
    await tx.$executeRaw`SELECT FROM "user" WHERE id = ${userId} FOR UPDATE`;
    const user = await tx.user.findUnique({ where: { id: userId } });
    if (!user) return refuse('not_found', 'There is no such user.');
    await tx.twoFactor.deleteMany({ where: { userId } });
    if (!user.twoFactorEnabled) return done(null);
    await tx.user.update({ where: { id: userId }, data: { twoFactorEnabled: false } });
    await tx.session.deleteMany({ where: { userId } });
    await audit(tx, actor, {
      action: 'user.second_factor',
      subject: `user:${userId}`,
      before: { hasSecondFactor: true },
      after: { hasSecondFactor: false },
    });
    await announce(sql, 'user');
    return done(null);
  });
}

/**
 * Says whether everybody who signs in with a password must have a second factor. Who has none sets one up after signing
 * in, and can do nothing else before.
 */
export async function requireSecondFactor(
  actor: Actor,
  { isRequired }: { isRequired: boolean },
): Promise<Outcome<null>> {
  authorize(actor, 'installation:write');
  return inTransaction(async (tx, sql) => {
    await tx.$executeRaw`SELECT FROM installation FOR UPDATE`;
    const before = await tx.installation.findFirstOrThrow();
    if (before.secondFactorRequired === isRequired) return done(null);
    if (isRequired && actor.kind === 'user') {
      const self = await tx.user.findUnique({
        where: { id: actor.id },
        include: { accounts: { where: { providerId: 'credential' } } },
      });
      if (!self?.twoFactorEnabled && self?.accounts.length !== 0) return refuse('conflict', FIRST);
    }
    await tx.installation.updateMany({ data: { secondFactorRequired: isRequired } });
    await audit(tx, actor, {
      action: 'installation.second_factor',
      subject: 'installation',
      before: { isRequired: !isRequired },
      after: { isRequired },
    });
    await announce(sql, 'user');
    await announce(sql, 'installation');
    return done(null);
  });
}

const OWN =
  'Switch your own second factor off under “Your account”, with your password and a code.';
const FIRST =
  'Set up a second factor of your own first: otherwise you would be asked for one at your next click.';
