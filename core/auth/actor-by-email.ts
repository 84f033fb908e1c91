import { done, type Outcome, refuse } from '../outcome.ts';
import { prisma } from '../prisma.ts';
import { Email } from './account.ts';
import { grantsOf } from './grants.ts';
import type { Actor } from './permissions.ts';

/**
 * Somebody's account as the one who acts, for whoever may read the database's address anyway (a terminal on the host):
 * their grants say what may be done, and their name stands in the audit trail.
 *
 * @param address where it comes from, as the audit trail tells it
 */
export async function actorByEmail(email: string, address: string): Promise<Outcome<Actor>> {
  const parsed = Email.safeParse(email);
  if (!parsed.success)
    return refuse('invalid', 'Give an e-mail address: --as operator@example.org.');
  const user = await prisma().user.findUnique({ where: { email: parsed.data } });
  if (!user) {
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
  const { id, name } = user;
  return done({
    kind: 'user',
    id,
    name,
    email: user.email,
    grants: grantsOf(user.grants),
    address,
  });
}
