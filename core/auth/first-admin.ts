import { hashPassword } from 'better-auth/crypto';
import { audit } from '../audit/audit.ts';
import { environment } from '../environment.ts';
import { inTransaction, prisma, type Tx } from '../prisma.ts';
import { NewAccount } from './account.ts';
import { hashOf, newToken, welcomeLink } from './invitation-token.ts';
import { insertAccount } from './insert-account.ts';
import { usualGrant } from './usual-grant.ts';

const PUNCTUAL = { kind: 'system', name: 'Punctual' } as const;

/**
 * While nobody has an account: makes the one that PUNCTUAL_ADMIN_EMAIL and PUNCTUAL_ADMIN_PASSWORD name, or a link that
 * makes one (single use, PUNCTUAL_SIGN_UP_LINK_MS long; an earlier one no longer works).
 *
 * @param origin of the console: `http://127.0.0.1:3000`
 * @returns the link, or null when there is an account now
 */
export async function ensureFirstAdmin(origin: string): Promise<{ link: string } | null> {
  const { PUNCTUAL_ADMIN_EMAIL: email, PUNCTUAL_ADMIN_PASSWORD: password } = environment();
  if ((await prisma().user.count()) > 0) return null;
  if (email !== undefined && password !== undefined) {
    await makeAdmin({ name: email.split('@')[0]!, email, password });
    return null;
  }
  const token = await inTransaction(makeLink);
  return token === null ? null : { link: welcomeLink(origin, token) };
}

async function makeLink(tx: Tx): Promise<string | null> {
  if (!(await isFirst(tx))) return null;
  const token = newToken();
  await tx.invitation.deleteMany({ where: { invitedBy: null, acceptedAt: null } });
  await tx.invitation.create({
    data: {
      tokenHash: hashOf(token),
      grants: [usualGrant('admin')],
      expiresAt: new Date(Date.now() + environment().PUNCTUAL_SIGN_UP_LINK_MS),
    },
  });
  await audit(tx, PUNCTUAL, { action: 'invitation.create', subject: 'invitation:first-admin' });
  return token;
}

async function makeAdmin(given: NewAccount): Promise<void> {
  const account = await NewAccount.safeParseAsync(given);
  if (!account.success) {
    const [issue] = account.error.issues;
    throw new Error(
      `PUNCTUAL_ADMIN_EMAIL and PUNCTUAL_ADMIN_PASSWORD can’t be used: ${issue?.message}`,
    );
  }
  const passwordHash = await hashPassword(account.data.password);
  await inTransaction(async (tx) => {
    if (!(await isFirst(tx))) return;
    const grants = [usualGrant('admin')];
    const { id } = await insertAccount(tx, {
      ...account.data,
      passwordHash,
      grants,
      isPasswordKept: true,
    });
    await audit(tx, PUNCTUAL, {
      action: 'user.create',
      subject: `user:${id}`,
      after: { name: account.data.name, email: account.data.email, grants },
    });
  });
}

/** Says whether nobody has an account, and keeps it so until the transaction ends. */
export async function isFirst(tx: Tx): Promise<boolean> {
  await tx.$executeRaw`LOCK TABLE "user" IN SHARE ROW EXCLUSIVE MODE`;
  return (await tx.user.count()) === 0;
}
