import { environment } from '../environment.ts';
import { prisma } from '../prisma.ts';
import { doGroupsGrant } from './provider.ts';

/**
 * Why an account may not sign in with a password, or null where it may. Where passwords are switched off
 * (PUNCTUAL_PASSWORDS=off) the first admin may, and whom `punctual admin reset` let in: somebody must get in when the
 * identity provider is away. The answer is the same for an address that nobody has.
 */
export async function whyNoPassword(email: string): Promise<string | null> {
  const { PUNCTUAL_PASSWORDS, PUNCTUAL_OIDC_NAME } = environment();
  if (PUNCTUAL_PASSWORDS === 'on') return null;
  const user = await prisma().user.findUnique({ where: { email } });
  if (user?.isPasswordKept) return null;
  return `Signing in with a password is switched off here. Sign in through ${PUNCTUAL_OIDC_NAME}.`;
}

/**
 * Why somebody whose password is right must come through the identity provider all the same: their groups there say what
 * they may do, and a password would go on giving it when they are taken out of them. Null where they needn't.
 */
export function whyThroughProvider(user: {
  grantsFromProvider: boolean;
  isPasswordKept: boolean;
}): string | null {
  if (!user.grantsFromProvider || user.isPasswordKept || !doGroupsGrant()) return null;
  const { PUNCTUAL_OIDC_NAME } = environment();
  return `Your groups at ${PUNCTUAL_OIDC_NAME} say what you may do here. Sign in through it.`;
}
