import { type Grant, grantsOf } from '../auth/grants.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import { doGroupsGrant, providerHere } from '../auth/provider.ts';
import { isSecondFactorRequired } from '../auth/sessions.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { prisma } from '../prisma.ts';
import { PROVIDER_ID } from './account-of-identity.ts';
import { type InvitationView, listInvitations } from './invitations.ts';

export type UserView = {
  id: string;
  name: string;
  email: string;
  grants: Grant[];
  /** Their groups at the identity provider say what they may do, so that nobody changes it by hand. */
  areGrantsFromProvider: boolean;
  hasPassword: boolean;
  /** Has come through the identity provider, and may again. */
  hasProvider: boolean;
  hasSecondFactor: boolean;
  disabledAt: string | null;
  createdAt: string;
  /** Latest activity of any session that is still open. */
  seenAt: string | null;
};

export type People = {
  users: UserView[];
  invitations: InvitationView[];
  isSecondFactorRequired: boolean;
  /** What the identity provider is called, where there is one. */
  provider: string | null;
};

export async function readPeople(actor: Actor): Promise<People> {
  const [users, invitations, isRequired] = await Promise.all([
    listUsers(actor),
    listInvitations(actor),
    isSecondFactorRequired(),
  ]);
  return {
    users,
    invitations,
    isSecondFactorRequired: isRequired,
    provider: providerHere()?.name ?? null,
  };
}

const NEWEST = { updatedAt: 'desc' } as const;
const ACCOUNTS = { select: { providerId: true, password: true } } as const;

export async function listUsers(actor: Actor): Promise<UserView[]> {
  authorize(actor, 'user:read');
  const users = await prisma().user.findMany({
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    include: { accounts: ACCOUNTS, sessions: { orderBy: NEWEST, take: 1 } },
    take: 1_000,
  });
  return users.map(viewOf);
}

export type SessionView = {
  id: string;
  address: string | null;
  userAgent: string | null;
  begunWith: 'password' | 'provider';
  signedInAt: string;
  seenAt: string;
  endsAt: string;
};

export type PersonView = UserView & { sessions: SessionView[]; provider: string | null };

/** One person with the sessions that are open. */
export async function readPerson(actor: Actor, userId: string): Promise<Outcome<PersonView>> {
  authorize(actor, 'user:read');
  const user = await prisma().user.findUnique({
    where: { id: userId },
    include: {
      accounts: ACCOUNTS,
      sessions: { orderBy: NEWEST, where: { expiresAt: { gt: new Date() } }, take: 100 },
    },
  });
  if (!user) return refuse('not_found', 'There is no such person.');
  const sessions = user.sessions.map((session) => ({
    id: session.id,
    address: session.ipAddress,
    userAgent: session.userAgent,
    begunWith: session.begunWith === 'provider' ? ('provider' as const) : ('password' as const),
    signedInAt: session.createdAt.toISOString(),
    seenAt: session.updatedAt.toISOString(),
    endsAt: session.expiresAt.toISOString(),
  }));
  return done({ ...viewOf(user), sessions, provider: providerHere()?.name ?? null });
}

type Row = {
  id: string;
  name: string;
  email: string;
  grants: unknown;
  grantsFromProvider: boolean;
  twoFactorEnabled: boolean;
  disabledAt: Date | null;
  createdAt: Date;
  sessions: { updatedAt: Date }[];
  accounts: { providerId: string; password: string | null }[];
};

function viewOf(user: Row): UserView {
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    grants: grantsOf(user.grants),
    areGrantsFromProvider: user.grantsFromProvider && doGroupsGrant(),
    hasPassword: user.accounts.some(({ password }) => password !== null),
    hasProvider: user.accounts.some(({ providerId }) => providerId === PROVIDER_ID),
    hasSecondFactor: user.twoFactorEnabled,
    disabledAt: user.disabledAt?.toISOString() ?? null,
    createdAt: user.createdAt.toISOString(),
    seenAt: user.sessions[0]?.updatedAt.toISOString() ?? null,
  };
}
