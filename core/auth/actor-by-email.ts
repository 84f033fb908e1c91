import { done, type Outcome, refuse } from '../outcome.ts';
import { prisma } from '../prisma.ts';
import { Email } from './account.ts';
import { type Actor, type Role, ROLES } from './permissions.ts';

/**
 * Somebody's account as the one who acts, for whoever may read the database's address anyway (a terminal on the host):
 * their role says what may be done, and their name stands in the audit trail.
 *
 * @param address where it comes from, as the audit trail tells it
 */
export async function actorByEmail(email: string, address: string): Promise<Outcome<Actor>> {
  const parsed = Email.safeParse(email);
  if (!parsed.success)
    return refuse('invalid', 'Give an e-mail address: --as operator@example.org.');
  const user = await prisma().user.findUnique({ where: { email: parsed.data } });
  if (!user || !isRole(user.role)) {
    return refuse(
      'not_found',
      `Nobody has an account with the address ${parsed.data}. Settings → People lists the accounts.`,
    );
  }
  if (user.disabledAt) {
    return refuse(
      'not_allowed',
      `The account of ${user.name} is switched off. An admin can switch it on again.`,
    );
  }
  const { id, name, role } = user;
  return done({ kind: 'user', id, name, email: user.email, role, address });
}

const isRole = (role: string): role is Role => (ROLES as readonly string[]).includes(role);
