import { hashPassword } from 'better-auth/crypto';
import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { Email, NewAccount } from '../auth/account.ts';
import { isFirst } from '../auth/first-admin.ts';
import { insertAccount } from '../auth/insert-account.ts';
import { hashOf, newToken, welcomeLink } from '../auth/invitation-token.ts';
import { type Grant, Grants, grantsOf } from '../auth/grants.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { errorCode } from '../error-code.ts';
import { environment } from '../environment.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse, type Refused } from '../outcome.ts';
import { inTransaction, prisma, type Tx } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { mailInvitation } from './mail-links.ts';

export const INVITATION_MS = 7 * 86_400_000;

export const InviteUser = z.object({
  grants: Grants,
  /** When given, only this address can accept. */
  email: Email.nullable().default(null),
});

export type Invited = {
  id: number;
  expiresAt: string;
  /** Where it went by mail; nobody else sees the link then. */
  mailedTo: string | null;
  /** To be sent by whoever invites; shown once, only its hash is kept. Null where it was mailed. */
  link: string | null;
  /** Why the mail didn't go out. */
  mailProblem: string | null;
};

/**
 * Makes a one-time link that gives whoever opens it an account. It goes out by mail where the invitation is for one
 * address and there is a mail server.
 */
export async function inviteUser(
  actor: Actor,
  input: z.input<typeof InviteUser>,
  origin: string,
): Promise<Outcome<Invited>> {
  authorize(actor, 'user:write');
  const parsed = InviteUser.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { grants, email } = parsed.data;
  const { PUNCTUAL_PASSWORDS, PUNCTUAL_OIDC_NAME } = environment();
  if (PUNCTUAL_PASSWORDS === 'off') return refuse('conflict', throughProvider(PUNCTUAL_OIDC_NAME));
  if (email !== null && (await prisma().user.count({ where: { email } })) > 0) {
    return refuse('conflict', TAKEN, [{ path: ['email'], message: TAKEN }]);
  }
  const token = newToken();
  const expiresAt = new Date(Date.now() + INVITATION_MS);
  const id = await inTransaction(async (tx, sql) => {
    const invitation = await tx.invitation.create({
      data: { tokenHash: hashOf(token), grants, email, invitedBy: actor.name, expiresAt },
    });
    await audit(tx, actor, {
      action: 'invitation.create',
      subject: `invitation:${invitation.id}`,
      after: { grants, email },
    });
    await announce(sql, 'user');
    return invitation.id;
  });
  const link = welcomeLink(origin, token);
  const mailed = email === null ? null : await mailInvitation(email, actor.name, link, origin);
  if (mailed?.ok) await prisma().invitation.updateMany({ where: { id }, data: { isMailed: true } });
  return done({
    id,
    expiresAt: expiresAt.toISOString(),
    mailedTo: mailed?.ok ? email : null,
    link: mailed?.ok ? null : link,
    mailProblem: mailed?.ok === false ? mailed.cause : null,
  });
}

export type InvitationView = {
  id: number;
  grants: Grant[];
  email: string | null;
  invitedBy: string | null;
  createdAt: string;
  expiresAt: string;
};

/** The invitations that can still be accepted. */
export async function listInvitations(actor: Actor): Promise<InvitationView[]> {
  authorize(actor, 'user:read');
  const open = await prisma().invitation.findMany({
    where: { acceptedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { createdAt: 'desc' },
    take: 200,
  });
  return open.map(({ id, grants, email, invitedBy, createdAt, expiresAt }) => ({
    id,
    grants: grantsOf(grants),
    email,
    invitedBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }));
}

export async function revokeInvitation(actor: Actor, id: number): Promise<Outcome<null>> {
  authorize(actor, 'user:write');
  return inTransaction(async (tx, sql) => {
    const open = { id, acceptedAt: null };
    const invitation = await tx.invitation.findFirst({ where: open });
    const { count } = await tx.invitation.deleteMany({ where: open });
    if (!invitation || count === 0)
      return refuse('not_found', 'This invitation was used or taken back already.');
    await audit(tx, actor, {
      action: 'invitation.revoke',
      subject: `invitation:${id}`,
      before: { grants: grantsOf(invitation.grants), email: invitation.email },
    });
    await announce(sql, 'user');
    return done(null);
  });
}

export type InvitationOffer = { grants: Grant[]; email: string | null; isFirstAdmin: boolean };

/** What the link offers, for the page that asks for name and password. */
export async function readInvitation(token: string): Promise<Outcome<InvitationOffer>> {
  const invitation = await prisma().invitation.findUnique({ where: { tokenHash: hashOf(token) } });
  if (!invitation) return refuse('not_found', UNKNOWN);
  if (invitation.acceptedAt) return refuse('conflict', USED);
  if (invitation.expiresAt <= new Date()) return refuse('conflict', EXPIRED);
  return done({
    grants: grantsOf(invitation.grants),
    email: invitation.email,
    isFirstAdmin: invitation.invitedBy === null,
  });
}

/** Makes the account that the link offers; the same link never makes a second one. */
export async function acceptInvitation(
  token: string,
  input: z.input<typeof NewAccount>,
  address: string | null,
): Promise<Outcome<{ userId: string; email: string }>> {
  const offer = await readInvitation(token);
  if (!offer.ok) return offer;
  const account = await NewAccount.safeParseAsync(input);
  if (!account.success) return refuseInvalid(account.error);
  if (offer.value.email !== null && offer.value.email !== account.data.email) {
    const message = `This invitation is for ${offer.value.email}.`;
    return refuse('invalid', message, [{ path: ['email'], message }]);
  }
  // Slow by design, so outside the transaction and only for a token that can be used.
  const passwordHash = await hashPassword(account.data.password);
  try {
    return await inTransaction(async (tx, sql) => {
      const accepted = await consume(tx, token, offer.value);
      if (!accepted.ok) return accepted;
      const { grants, isMailed } = accepted.value;
      const { id } = await insertAccount(tx, {
        ...account.data,
        passwordHash,
        grants,
        emailVerified: isMailed,
        isPasswordKept: offer.value.isFirstAdmin,
      });
      await tx.invitation.update({ where: { id: accepted.value.id }, data: { acceptedBy: id } });
      const { name, email } = account.data;
      const self: Actor = { kind: 'user', id, name, email, grants, address };
      await audit(tx, self, {
        action: 'invitation.accept',
        subject: `user:${id}`,
        after: { name, email, grants },
      });
      await announce(sql, 'user');
      return done({ userId: id, email });
    });
  } catch (error) {
    if (isTaken(error)) return refuse('conflict', TAKEN, [{ path: ['email'], message: TAKEN }]);
    throw error;
  }
}

async function consume(
  tx: Tx,
  token: string,
  offer: InvitationOffer,
): Promise<Outcome<{ id: number; grants: Grant[]; isMailed: boolean }>> {
  if (offer.isFirstAdmin && !(await isFirst(tx))) return refuse('conflict', NOT_FIRST);
  const now = new Date();
  const taken = await tx.invitation.updateManyAndReturn({
    where: { tokenHash: hashOf(token), acceptedAt: null, expiresAt: { gt: now } },
    data: { acceptedAt: now },
  });
  const invitation = taken[0];
  if (!invitation) return await whyNot(tx, token);
  const { id, isMailed } = invitation;
  return done({ id, grants: grantsOf(invitation.grants), isMailed });
}

async function whyNot(tx: Tx, token: string): Promise<Refused> {
  const invitation = await tx.invitation.findUnique({ where: { tokenHash: hashOf(token) } });
  if (!invitation) return refuse('not_found', UNKNOWN);
  return refuse('conflict', invitation.acceptedAt ? USED : EXPIRED);
}

function isTaken(error: unknown): boolean {
  return errorCode(error) === 'P2002';
}

const UNKNOWN =
  'This link isn’t known. Perhaps a newer one replaced it, or a piece of it is missing: copy it again, whole.';
const USED = 'This link was used already. Sign in, or ask for another invitation.';
const EXPIRED =
  'This link is too old. Ask for another, or start Punctual again if it is the first admin’s.';
const NOT_FIRST = 'There is an admin already. Sign in, or ask for an invitation.';
const TAKEN =
  'Somebody has an account with this address already. Sign in with it, or use another address.';

const throughProvider = (name: string) =>
  `People come through ${name} here, and passwords are switched off: put them into a group there.`;
