import { signIn } from '#core/auth/sign-in.ts';
import { prisma } from '#core/prisma.ts';
import { inviteUser } from '#core/users/invitations.ts';
import { makePasswordLink } from '#core/users/password-links.ts';
import { disableUser } from '#core/users/users.ts';
import { nameMailServer, nameProvider } from '../named-servers.ts';
import { valueOf } from '../outcomes.ts';
import { sentAlong } from '../request-context.ts';
import { secondFactorBegun, withSecondFactor } from '../second-factors.ts';
import { fresh, inADay } from '../seeds.ts';
import { admin, makeUser, TEST_PASSWORD } from '../web.ts';
import { CONSOLE, type EveryAction } from './action.ts';

const PEOPLE = `${CONSOLE}/settings/people/actions.ts`;
const WELCOME = 'app/welcome/actions.ts';
const ORIGIN = 'http://localhost:3000';
const NEXT_PASSWORD = 'another four plain words';

/** People, their sessions and second factors, invitations and links. */
export const ACTIONS_OF_PEOPLE: readonly EveryAction[] = [
  {
    name: `${PEOPLE}#invite`,
    permission: 'user:write',
    object: 'user',
    sample: () => ({ grants: [{ role: 'viewer' }], email: `${fresh('invited')}@example.org` }),
    entry: 'invitation.create',
  },
  {
    name: `${PEOPLE}#revokeInvitation`,
    permission: 'user:write',
    object: 'user',
    sample: async () => ({ id: (await invited()).id }),
    entry: 'invitation.revoke',
  },
  {
    name: `${PEOPLE}#changeGrants`,
    permission: 'user:write',
    object: 'user',
    sample: async () => ({ userId: await somebody(), grants: [{ role: 'operator' }] }),
    entry: 'user.grants',
  },
  {
    name: `${PEOPLE}#switchOff`,
    permission: 'user:write',
    object: 'user',
    sample: async () => ({ userId: await somebody() }),
    entry: 'user.disable',
  },
  {
    name: `${PEOPLE}#switchOn`,
    permission: 'user:write',
    object: 'user',
    sample: async () => {
      const userId = await somebody();
      valueOf(await disableUser(admin, userId));
      return { userId };
    },
    entry: 'user.enable',
  },
  {
    name: `${PEOPLE}#makePasswordLink`,
    permission: 'user:write',
    object: 'user',
    sample: async () => ({ userId: await somebody() }),
    entry: 'user.password_link',
  },
  {
    name: `${CONSOLE}/settings/actions.ts#changePassword`,
    permission: 'signed in',
    object: 'user',
    sample: () => ({ current: TEST_PASSWORD, next: NEXT_PASSWORD }),
    entry: 'user.password',
  },
  {
    name: `${CONSOLE}/settings/actions.ts#endSession`,
    permission: 'signed in',
    object: 'user',
    sample: async ({ caller }) => {
      const id = fresh('session');
      await prisma().session.create({
        data: { id, userId: caller.userId, token: id, expiresAt: new Date(inADay()) },
      });
      return { sessionId: id };
    },
    entry: 'session.end',
  },
  {
    name: `${CONSOLE}/account-actions.ts#signOutEverywhere`,
    permission: 'signed in',
    object: 'user',
    sample: () => undefined,
    entry: 'session.end_all',
  },
  {
    name: 'app/sign-in/actions.ts#signIn',
    permission: 'open',
    object: 'user',
    sample: async () => ({ email: await emailOfSomebody(), password: TEST_PASSWORD }),
    entry: 'session.begin',
    isAllSaid: true,
  },
  {
    name: 'app/sign-in/actions.ts#goToProvider',
    permission: 'open',
    object: 'user',
    sample: () => {
      nameProvider();
      return { next: '/' };
    },
    entry: null,
  },
  {
    name: 'app/sign-in/actions.ts#askForLink',
    permission: 'open',
    object: 'user',
    // What follows the answer for an account that there is: tests/db/mailed-links.test.ts.
    sample: () => {
      nameMailServer();
      return { email: `${fresh('nobody')}@example.org` };
    },
    entry: null,
  },
  {
    name: 'app/sign-in/code/actions.ts#enterCode',
    permission: 'open',
    object: 'user',
    sample: async () => {
      const { id, email } = await makeUser(`${fresh('coded')}@example.org`, 'viewer');
      const { code } = await withSecondFactor(id);
      const headers = new Headers({ host: 'localhost:3000' });
      const entered = valueOf(await signIn(headers, { email, password: TEST_PASSWORD }));
      sentAlong.cookie = entered.cookies.map((cookie) => cookie.split(';')[0]).join('; ');
      return { code };
    },
    entry: 'session.begin',
    isAllSaid: true,
  },
  {
    name: 'app/sign-in/second-factor/actions.ts#beginOwnSecondFactor',
    permission: 'signed in',
    object: 'user',
    sample: () => ({ password: TEST_PASSWORD }),
    entry: 'user.second_factor_begin',
  },
  {
    name: 'app/sign-in/second-factor/actions.ts#confirmOwnSecondFactor',
    permission: 'signed in',
    object: 'user',
    sample: async ({ caller }) => ({ code: await secondFactorBegun(caller.userId) }),
    entry: 'user.second_factor',
  },
  {
    name: `${CONSOLE}/settings/actions.ts#renewCodes`,
    permission: 'signed in',
    object: 'user',
    sample: async ({ caller }) => ({
      ...(await withSecondFactor(caller.userId)),
      password: TEST_PASSWORD,
    }),
    entry: 'user.recovery_codes',
  },
  {
    name: `${CONSOLE}/settings/actions.ts#switchSecondFactorOff`,
    permission: 'signed in',
    object: 'user',
    sample: async ({ caller }) => ({
      ...(await withSecondFactor(caller.userId)),
      password: TEST_PASSWORD,
    }),
    entry: 'user.second_factor',
  },
  {
    name: `${PEOPLE}#endSessions`,
    permission: 'user:write',
    object: 'user',
    sample: async () => {
      const userId = await somebody();
      const id = fresh('session');
      await prisma().session.create({
        data: { id, userId, token: id, expiresAt: new Date(inADay()) },
      });
      return { userId, sessionId: null };
    },
    entry: 'session.end_all',
  },
  {
    name: `${PEOPLE}#takeSecondFactor`,
    permission: 'user:write',
    object: 'user',
    sample: async () => {
      const userId = await somebody();
      await withSecondFactor(userId);
      return { userId };
    },
    entry: 'user.second_factor',
  },
  {
    name: `${PEOPLE}#requireSecondFactor`,
    permission: 'installation:write',
    object: 'installation',
    sample: async () => {
      // Everybody has one, or would be asked for it before.
      await prisma().user.updateMany({ data: { twoFactorEnabled: true } });
      await prisma().installation.updateMany({ data: { secondFactorRequired: true } });
      return { isRequired: false };
    },
    entry: 'installation.second_factor',
  },
  {
    name: `${WELCOME}#readLink`,
    permission: 'open',
    object: 'user',
    sample: async () => ({ token: (await invited()).token }),
    entry: null,
  },
  {
    name: `${WELCOME}#acceptInvitation`,
    permission: 'open',
    object: 'user',
    sample: async () => {
      const { token, email } = await invited();
      return { token, email, name: 'Nina New', password: NEXT_PASSWORD };
    },
    entry: 'invitation.accept',
  },
  {
    name: `${WELCOME}#setPassword`,
    permission: 'open',
    object: 'user',
    sample: async () => {
      const { link } = valueOf(await makePasswordLink(admin, await somebody(), ORIGIN));
      return { token: link.split('#')[1], password: NEXT_PASSWORD };
    },
    entry: 'user.password',
  },
];

async function somebody(): Promise<string> {
  return (await makeUser(`${fresh('somebody')}@example.org`, 'viewer')).id;
}

async function emailOfSomebody(): Promise<string> {
  return (await makeUser(`${fresh('somebody')}@example.org`, 'viewer')).email;
}

async function invited(): Promise<{ id: number; token: string; email: string }> {
  const email = `${fresh('invited')}@example.org`;
  const grants = [{ role: 'viewer' as const }];
  const { id, link } = valueOf(await inviteUser(admin, { grants, email }, ORIGIN));
  return { id, token: link!.split('#')[1]!, email };
}
