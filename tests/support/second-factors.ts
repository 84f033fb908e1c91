import { createOTP } from '@better-auth/utils/otp';
import { grantsOf } from '#core/auth/grants.ts';
import { unsealed } from '#core/auth/sealed.ts';
import type { SignedIn } from '#core/auth/sessions.ts';
import { prisma } from '#core/prisma.ts';
import { beginSecondFactor, confirmSecondFactor } from '#core/users/own-second-factor.ts';
import { valueOf } from './outcomes.ts';

/** Somebody's second factor of which only the first code is missing: that code. */
export async function secondFactorBegun(userId: string): Promise<string> {
  const session = await sessionOf(userId);
  await prisma().twoFactor.deleteMany({ where: { userId } });
  valueOf(await beginSecondFactor(session, { password: '' }, 'http://localhost:3000'));
  return codeOf(userId);
}

/** Gives somebody a second factor, and a code that counts. Their newest session stays. */
export async function withSecondFactor(userId: string): Promise<{ code: string }> {
  const code = await secondFactorBegun(userId);
  valueOf(await confirmSecondFactor(await sessionOf(userId), { code }));
  // As if some minutes had passed.
  await prisma().rateLimit.deleteMany();
  return { code: await codeOf(userId) };
}

async function codeOf(userId: string): Promise<string> {
  const { secret } = await prisma().twoFactor.findUniqueOrThrow({ where: { userId } });
  return createOTP((await unsealed(secret))!).totp();
}

async function sessionOf(userId: string): Promise<SignedIn> {
  const user = await prisma().user.findUniqueOrThrow({
    where: { id: userId },
    include: { sessions: { orderBy: { createdAt: 'desc' }, take: 1 } },
  });
  const { id, name, email } = user;
  return {
    actor: { kind: 'user', id, name, email, grants: grantsOf(user.grants), address: null },
    sessionId: user.sessions[0]?.id ?? '',
    token: '',
    begunAt: new Date(),
    begunWith: 'password',
  };
}
