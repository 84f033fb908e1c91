import { environment } from '../environment.ts';
import { prisma } from '../prisma.ts';

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
