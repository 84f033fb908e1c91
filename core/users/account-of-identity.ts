import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { audit } from '../audit/audit.ts';
import { type Grant, grantsOf } from '../auth/grants.ts';
import { isAdmin } from '../auth/usual-grant.ts';
import type { Actor } from '../auth/permissions.ts';
import { grantsOfGroups } from '../auth/provider-grants.ts';
import type { Identity } from '../auth/provider-identity.ts';
import type { Provider } from '../auth/provider.ts';
import { errorCode } from '../error-code.ts';
import { announce } from '../events/events.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction, sqlIn, type Tx } from '../prisma.ts';
import { lockAdmins } from './lock-admins.ts';
import { dropPasswordLinks } from './password-link-rows.ts';
import { takeBackLinksOf } from './take-back-links.ts';

export const PROVIDER_ID = 'oidc';

/**
 * The account of somebody whom the provider has named: the one that is theirs already, the one with their verified
 * address, or a new one where their groups give them something. What they may do is renewed from their groups.
 */
export async function accountOfIdentity(
  identity: Identity,
  provider: Provider,
  address: string | null,
): Promise<Outcome<{ userId: string }>> {
  try {
    return await settle(identity, provider, address);
  } catch (error) {
    // The same person came twice for the first time: now the account is there.
    if (errorCode(error) === 'P2002') return settle(identity, provider, address);
    throw error;
  }
}

function settle(identity: Identity, provider: Provider, address: string | null) {
  return inTransaction(async (tx, sql): Promise<Outcome<{ userId: string }>> => {
    const admins = await lockAdmins(sql);
    const found = await find(tx, identity, provider);
    if (!found.ok) return found;
    const { user, isLinked } = found.value;
    if (user?.disabledAt) return refuse('not_allowed', OFF);

    const isByGroups = provider.grants.length > 0;
    const given = grantsOfGroups(provider.grants, identity.groups);
    if (isByGroups && given.length === 0) {
      // What they began here before their groups were taken away ends with them.
      if (user && isLinked) await tx.session.deleteMany({ where: { userId: user.id } });
      if (user && isLinked) await announce(sql, 'user');
      return refuse('not_allowed', noGroup(provider));
    }
    if (!user) {
      if (!isByGroups) return refuse('not_allowed', noAccount(identity, provider));
      const userId = await create(tx, identity, given, provider, address);
      await announce(sql, 'user');
      return done({ userId });
    }
    const actor: Actor = {
      kind: 'user',
      id: user.id,
      name: user.name,
      email: user.email,
      grants: grantsOf(user.grants),
      address,
    };
    if (!isLinked) await link(tx, actor, user, identity, provider);
    await renew(tx, actor, { user, given: isByGroups ? given : null, admins, identity, provider });
    await announce(sql, 'user');
    return done({ userId: user.id });
  });
}

type User = NonNullable<Awaited<ReturnType<Tx['user']['findUnique']>>>;

async function find(
  tx: Tx,
  { key, email, isEmailVerified }: Identity,
  { name }: Provider,
): Promise<Outcome<{ user: User | null; isLinked: boolean }>> {
  const account = await tx.account.findUnique({
    where: { providerId_accountId: { providerId: PROVIDER_ID, accountId: key } },
    include: { user: true },
  });
  if (account) return done({ user: account.user, isLinked: true });
  if (email === null) return refuse('not_allowed', noAddress(name));
  // An address that anybody may have typed there would be a way into the account that has it here.
  if (!isEmailVerified) return refuse('not_allowed', notVerified(name, email));
  return done({ user: await tx.user.findUnique({ where: { email } }), isLinked: false });
}

async function create(
  tx: Tx,
  { key, email, name, groups }: Identity,
  grants: Grant[],
  provider: Provider,
  address: string | null,
): Promise<string> {
  const id = randomUUID();
  const account = { id: randomUUID(), accountId: key, providerId: PROVIDER_ID };
  await tx.user.create({
    data: {
      id,
      name,
      email: email!,
      emailVerified: true,
      grants,
      grantsFromProvider: true,
      accounts: { create: account },
    },
  });
  const self: Actor = { kind: 'user', id, name, email: email!, grants, address };
  await audit(tx, self, {
    action: 'user.create',
    subject: `user:${id}`,
    after: { name, email, grants },
    reason: groupsAt(provider, groups),
  });
  return id;
}

/**
 * The account was made with an address that nobody had to prove, so its password may be somebody else's who waits for
 * its owner to come: it goes, with all that it began. Where the machine's owner made it, it stays.
 */
async function link(
  tx: Tx,
  actor: Actor,
  user: User,
  { key }: Identity,
  { name }: Provider,
): Promise<void> {
  const accountId = { accountId: key, providerId: PROVIDER_ID };
  await tx.account.create({ data: { ...accountId, id: randomUUID(), userId: user.id } });
  const isTrusted = user.emailVerified || user.isPasswordKept;
  const dropped = isTrusted
    ? { count: 0 }
    : await tx.account.deleteMany({ where: { userId: user.id, providerId: 'credential' } });
  if (!isTrusted) {
    await tx.session.deleteMany({ where: { userId: user.id } });
    await tx.twoFactor.deleteMany({ where: { userId: user.id } });
    await dropPasswordLinks(tx, user.id);
  }
  await tx.user.update({
    where: { id: user.id },
    data: { emailVerified: true, ...(isTrusted ? {} : { twoFactorEnabled: false }) },
  });
  await audit(tx, actor, {
    action: 'user.link',
    subject: `user:${user.id}`,
    before: { provider: null, ...(dropped.count > 0 ? { hasPassword: true } : {}) },
    after: { provider: name, ...(dropped.count > 0 ? { hasPassword: false } : {}) },
  });
}

async function renew(
  tx: Tx,
  actor: Actor,
  {
    user,
    given,
    admins,
    identity,
    provider,
  }: {
    user: User;
    /** Null where groups give nothing, and admins say what people may do. */
    given: Grant[] | null;
    admins: readonly string[];
    identity: Identity;
    provider: Provider;
  },
): Promise<void> {
  const before = grantsOf(user.grants);
  // As by hand: somebody must stay admin.
  const isLast = admins.length === 1 && admins[0] === user.id;
  const grants = given === null || (isLast && !isAdmin(given)) ? before : given;
  const isChanged = !isDeepStrictEqual(before, grants);
  if (!isChanged && user.grantsFromProvider === (given !== null)) return;
  await tx.user.update({
    where: { id: user.id },
    data: { grants, grantsFromProvider: given !== null },
  });
  if (given !== null && !user.grantsFromProvider && !user.isPasswordKept) {
    // From now on they come through the provider alone, which knows when they leave.
    await tx.session.deleteMany({ where: { userId: user.id, begunWith: 'password' } });
  }
  if (!isChanged) return;
  await audit(tx, actor, {
    action: 'user.grants',
    subject: `user:${user.id}`,
    before: { grants: before },
    after: { grants },
    reason: groupsAt(provider, identity.groups),
  });
  if (!isAdmin(grants)) await takeBackLinksOf(sqlIn(tx), actor, user.id);
}

function groupsAt({ name, grants }: Provider, groups: readonly string[]): string {
  const counted = groups.filter((group) => grants.some((each) => each.group === group));
  return `groups at ${name}: ${counted.slice(0, 20).join(', ') || 'none of those named'}`.slice(
    0,
    500,
  );
}

const OFF = 'This account is switched off. An admin can switch it on again.';

const noAddress = (name: string) =>
  `${name} names no e-mail address for you. Whoever runs it can let it tell Punctual (scope “email”).`;

const notVerified = (name: string, email: string) =>
  `${name} doesn’t say that the address ${email} is verified as yours, so Punctual doesn’t rely on it. ` +
  'Verify it there, or ask whoever runs it.';

const noAccount = ({ email }: Identity, { name }: Provider) =>
  `Nobody here has the address ${email}, which ${name} has for you. Ask an admin of Punctual for an invitation.`;

function noGroup({ name, grants }: Provider): string {
  const groups = [...new Set(grants.map(({ group }) => group))].slice(0, 10);
  return (
    `None of your groups at ${name} may use Punctual. ` +
    `Ask whoever runs it to put you into ${groups.length > 1 ? 'one of: ' : ''}${groups.join(', ')}.`
  );
}
