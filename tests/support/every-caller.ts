import type { Grant } from '#core/auth/grants.ts';
import {
  EXTRA_PERMISSIONS,
  type ExtraPermission,
  mayHold,
  type Permission,
  PERMISSIONS,
  type Role,
  ROLES,
  ruleOf,
} from '#core/auth/permission-table.ts';
import { prisma } from '#core/prisma.ts';
import { signedIn } from '#core/auth/sessions.ts';
import { type Caller, callerOf, nobody } from './callers.ts';
import { fresh } from './seeds.ts';
import { makeUser } from './web.ts';

export const IN = { team: 'billing' };
export const OUT = { team: 'shipping' };
const BILLING = { name: 'team', value: 'billing' } as const;

/** Everybody whom tests of permissions let try things. */
export type EveryCaller = {
  who: string;
  /** Null: not signed in, or no more. */
  grants: readonly Grant[] | null;
};

const grant = (
  role: Role,
  label: Grant['label'],
  extra: readonly ExtraPermission[] = [],
): Grant => ({ role, label, extra: [...extra] });

const all = (role: Role) => EXTRA_PERMISSIONS.filter((name) => mayHold(role, name));
const where = (label: Grant['label']) => (label ? ' of team=billing' : '');
const BELOW_ADMIN = ROLES.filter((role) => role !== 'admin');

const MORE = ', with all that can be given';

export const EVERY_CALLER: readonly EveryCaller[] = [
  { who: 'nobody', grants: null },
  { who: 'an admin who was switched off', grants: null },
  { who: 'somebody without a grant', grants: [] },
  ...[null, BILLING].flatMap((label) =>
    BELOW_ADMIN.flatMap((role) => [
      { who: `${role}${where(label)}`, grants: [grant(role, label)] },
      {
        who: `${role}${where(label)}${MORE}`,
        grants: [grant(role, label, all(role))],
      },
    ]),
  ),
  ...EXTRA_PERMISSIONS.flatMap((extra) => {
    const role = ruleOf(extra).from;
    return [{ who: `${role} with ${extra} alone`, grants: [grant(role, null, [extra])] }];
  }),
  {
    who: 'viewer, and editor of team=billing',
    grants: [grant('viewer', null), grant('editor', BILLING)],
  },
  {
    who: 'editor, with more for team=billing',
    grants: [grant('editor', null), grant('editor', BILLING, all('editor'))],
  },
  { who: 'admin', grants: [grant('admin', null)] },
];

export type SignedInCaller = EveryCaller & {
  caller: Caller;
  userId: string;
  sessionId: string;
};

/**
 * Without those who have all that can be given, where the same role without it is let in: more is only ever asked for by
 * what refuses the bare role.
 */
export function withoutMore<Someone extends EveryCaller>(
  callers: readonly Someone[],
  isAllowed: (caller: Someone) => boolean,
): Someone[] {
  const allowed = new Set(callers.filter(isAllowed).map(({ who }) => who));
  return callers.filter(
    ({ who }) => !who.endsWith(MORE) || !allowed.has(who.slice(0, -MORE.length)),
  );
}

/** An account and a session of each. */
export async function signInAll(): Promise<SignedInCaller[]> {
  const signedInCallers: SignedInCaller[] = [];
  // One after the other: so many passwords at once leave no room for the database’s answers.
  for (const one of EVERY_CALLER) signedInCallers.push(await signInOne(one));
  return signedInCallers;
}

export async function signInOne(one: EveryCaller): Promise<SignedInCaller> {
  if (one.who === 'nobody') return { ...one, caller: nobody(), userId: '', sessionId: '' };
  const isDisabled = one.grants === null;
  const grants = isDisabled ? [grant('admin', null)] : [...one.grants!];
  const { id, email } = await makeUser(`${fresh('caller')}@example.org`, grants);
  const caller = await callerOf(email);
  const { sessionId } = (await signedIn(caller.headers, { isActivity: false }))!;
  // The session itself stays: it is the account that says no.
  if (isDisabled) {
    await prisma().user.update({ where: { id }, data: { disabledAt: new Date() } });
  }
  return { ...one, caller, userId: id, sessionId };
}

/** `any`: a job of some label; null: no job at all. */
export type About = Readonly<Record<string, string>> | 'any' | null;

/** What the table says, read on its own: nothing of `may` is asked. */
export function tableSays({ grants }: EveryCaller, permission: Permission, about: About): boolean {
  const { from, on, isExtra } = ruleOf(permission);
  return (grants ?? []).some(({ role, label, extra }) => {
    const isHigh = ROLES.indexOf(role) >= ROLES.indexOf(from);
    const isGiven =
      isExtra !== true || role === 'admin' || extra.some((name) => name === permission);
    const isFor =
      label === null ||
      on === 'shared' ||
      (on === 'job' && about !== null && (about === 'any' || about[label.name] === label.value));
    return isHigh && isGiven && isFor;
  });
}

export const isPermission = (name: string): name is Permission => Object.hasOwn(PERMISSIONS, name);
