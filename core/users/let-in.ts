import { audit } from '../audit/audit.ts';
import { grantsOf } from '../auth/grants.ts';
import { usualGrant } from '../auth/usual-grant.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';

/**
 * Makes an account an admin that can sign in, for whom everybody is locked out: switched on, without a second factor,
 * and with a password also where those are switched off. A link for the password comes next.
 */
export async function letAdminIn(actor: Actor, userId: string): Promise<Outcome<null>> {
  authorize(actor, 'user:write');
  return inTransaction(async (tx, sql) => {
    await tx.$executeRaw`SELECT FROM "user" WHERE id = ${userId} FOR UPDATE`;
    const user = await tx.user.findUnique({ where: { id: userId } });
    if (!user) return refuse('not_found', 'There is no such user.');
    const after = {
      grants: [usualGrant('admin')],
      grantsFromProvider: false,
      twoFactorEnabled: false,
      isPasswordKept: true,
    };
    await tx.twoFactor.deleteMany({ where: { userId } });
    await tx.session.deleteMany({ where: { userId } });
    await tx.user.update({ where: { id: userId }, data: { ...after, disabledAt: null } });
    await audit(tx, actor, {
      action: 'user.let_in',
      subject: `user:${userId}`,
      before: {
        grants: grantsOf(user.grants),
        grantsFromProvider: user.grantsFromProvider,
        twoFactorEnabled: user.twoFactorEnabled,
        isPasswordKept: user.isPasswordKept,
        isOff: user.disabledAt !== null,
      },
      after: { ...after, isOff: false },
    });
    await announce(sql, 'user');
    return done(null);
  });
}
