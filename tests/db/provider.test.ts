import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { usualGrant } from '#core/auth/usual-grant.ts';
import {
  beginProviderSignIn,
  type Entry,
  finishProviderSignIn,
  keepRefusal,
  keptRefusal,
} from '#core/auth/provider-sign-in.ts';
import { signedIn, stillSignedIn } from '#core/auth/sessions.ts';
import { signIn } from '#core/auth/sign-in.ts';
import { PROVIDER_LIMIT } from '#core/auth/tries.ts';
import { freePort } from '../../cli/start/ports.ts';
import { prisma } from '#core/prisma.ts';
import { readOwnSecondFactor } from '#core/users/own-second-factor.ts';
import { makePasswordLink } from '#core/users/password-links.ts';
import { changeGrants, disableUser } from '#core/users/users.ts';
import {
  type IdentityProvider,
  type Person,
  signInAt,
  startIdentityProvider,
} from '../support/identity-provider.ts';
import { admin, makeUser, TEST_PASSWORD, webDatabase } from '../support/web.ts';

const ORIGIN = 'http://127.0.0.1:3000';
const BACK = `${ORIGIN}/sign-in/provider`;

let idp: IdentityProvider;
beforeAll(async () => {
  idp = await startIdentityProvider(BACK);
  Object.assign(process.env, {
    PUNCTUAL_OIDC_ISSUER: idp.issuer,
    PUNCTUAL_OIDC_CLIENT_ID: idp.clientId,
    PUNCTUAL_OIDC_CLIENT_SECRET: idp.clientSecret,
    PUNCTUAL_OIDC_NAME: 'Gate',
    PUNCTUAL_OIDC_GRANTS: 'admins=admin,ops=operator,billing-ops=operator@team=billing,boss=admin',
  });
});
const { db } = webDatabase();
afterAll(() => idp.close());
beforeEach(async () => {
  idp.tamper = null;
  idp.signWith = 'own key';
  await db().sql('DELETE FROM rate_limit');
});

const from = (cookie = '', address = '192.0.2.7') =>
  new Headers({ host: '127.0.0.1:3000', origin: ORIGIN, 'x-punctual-address': address, cookie });

/** Goes to the provider and comes back, without showing what came back. */
async function errand(sub: string, person: Person, next = '/') {
  idp.people.set(sub, { email_verified: true, ...person });
  const begun = await beginProviderSignIn(from(), ORIGIN, next);
  if (!begun.ok) throw new Error(begun.refusal.message);
  const { address, cookie } = begun.value;
  const came = await signInAt(address, sub, BACK);
  return { address, came, headers: from(`${cookie.name}=${cookie.value}`) };
}

async function come(sub: string, person: Person): Promise<Entry> {
  const { came, headers } = await errand(sub, person);
  return finishProviderSignIn(headers, came);
}

async function sessionOf(entry: Entry) {
  if (!entry.ok) throw new Error(entry.message);
  const cookie = entry.cookies.map((one) => one.split(';')[0]).join('; ');
  return { headers: from(cookie), session: await signedIn(from(cookie), { isActivity: true }) };
}

const entriesOf = async (subject: string) =>
  (await prisma().auditEntry.findMany({ where: { subject }, orderBy: { id: 'asc' } })).map(
    ({ action, reason }) => `${action} ${reason}`.trim(),
  );
const ofEmail = (email: string) => prisma().user.findUniqueOrThrow({ where: { email } });

describe('who comes through the provider', () => {
  test('gets an account and what the groups give; a day later at most it asks again', async () => {
    const { address, came, headers } = await errand(
      'ada',
      { email: 'Ada@example.org', name: 'Ada', groups: ['billing-ops', 'lunch'] },
      '/runs?state=failed',
    );
    const asked = new URL(address).searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect(asked.get('state')!.length).toBeGreaterThan(40);
    expect(asked.get('nonce')!.length).toBeGreaterThan(40);
    const entry = await finishProviderSignIn(headers, came);
    expect(entry).toMatchObject({ ok: true, next: '/runs?state=failed' });
    const { session } = await sessionOf(entry);
    expect(session).toMatchObject({
      begunWith: 'provider',
      actor: {
        name: 'Ada',
        email: 'ada@example.org',
        grants: [usualGrant('operator', { name: 'team', value: 'billing' })],
      },
    });
    const { id } = await ofEmail('ada@example.org');
    expect(await entriesOf(`user:${id}`)).toEqual([
      'user.create groups at Gate: billing-ops',
      'session.begin through Gate',
    ]);
    await db().sql(`UPDATE session SET created_at = now() - interval '25 h' WHERE user_id = $1`, [
      id,
    ]);
    expect((await sessionOf(entry)).session).toBeNull();
    expect((await stillSignedIn([session!.sessionId])).size).toBe(0);
    // Nothing that the provider gave is kept beyond whose account it is.
    const [account] = await prisma().account.findMany({ where: { userId: id } });
    expect(account).toMatchObject({
      accessToken: null,
      refreshToken: null,
      idToken: null,
      password: null,
    });
    expect(await readOwnSecondFactor(session!)).toMatchObject({ hasPassword: false });
  });

  test('may what the groups say at each sign-in, and nobody changes it by hand', async () => {
    await makeUser('another-admin@example.org');
    await come('bob', { email: 'bob@example.org', groups: ['ops'] });
    await come('bob', { email: 'bob-renamed@example.org', groups: ['ops', 'admins'] });
    const { id, grants } = await ofEmail('bob@example.org');
    expect(grants).toEqual([usualGrant('admin')]);
    expect(await entriesOf(`user:${id}`)).toContain('user.grants groups at Gate: ops, admins');
    const changed = await changeGrants(admin, { userId: id, grants: [usualGrant('viewer')] });
    expect(changed).toMatchObject({ refusal: { message: expect.stringContaining('Gate') } });
  });

  test('is refused without a group, with the groups that it takes, and what they had open ends', async () => {
    const first = await come('carol', { email: 'carol@example.org', groups: ['ops'] });
    expect((await sessionOf(first)).session).not.toBeNull();
    const entry = await come('carol', { email: 'carol@example.org', groups: ['lunch'] });
    expect(entry).toEqual({
      ok: false,
      message: expect.stringMatching(/None of your groups at Gate.*admins, ops, billing-ops, boss/),
    });
    expect((await sessionOf(first)).session).toBeNull();
    const { id } = await ofEmail('carol@example.org');
    expect((await entriesOf(`user:${id}`)).at(-1)).toMatch(/^session\.refuse through Gate/);
    const stranger = await come('dave', { email: 'dave@example.org' });
    expect(stranger.ok).toBe(false);
    expect(await prisma().user.count({ where: { email: 'dave@example.org' } })).toBe(0);
  });

  test('stays switched off, and never takes the last admin away', async () => {
    const entry = await come('erin', { email: 'erin@example.org', groups: ['ops'] });
    const { id } = await ofEmail('erin@example.org');
    await disableUser(admin, id);
    expect((await sessionOf(entry)).session).toBeNull();
    expect(await come('erin', { email: 'erin@example.org', groups: ['ops'] })).toMatchObject({
      message: expect.stringContaining('switched off'),
    });
    await db().sql(`UPDATE "user" SET disabled_at = now() WHERE grants @> '[{"role": "admin"}]'`);
    await come('last', { email: 'last@example.org', groups: ['admins'] });
    await come('last', { email: 'last@example.org', groups: ['ops'] });
    expect((await ofEmail('last@example.org')).grants).toEqual([usualGrant('admin')]);
  });

  test('comes twice at the same moment for the first time and is one person', async () => {
    const person = { email: 'twin@example.org', groups: ['ops'] };
    const [one, other] = [await errand('twin', person), await errand('twin', person)];
    const entries = await Promise.all(
      [one, other].map(({ headers, came }) => finishProviderSignIn(headers, came)),
    );
    expect(entries.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await prisma().account.count({ where: { user: { email: 'twin@example.org' } } })).toBe(
      1,
    );
  });
});

describe('an account that is here already', () => {
  test('is linked by a verified address; a password that anybody may have set is dropped', async () => {
    const user = await makeUser('here@example.org', 'viewer');
    const entered = await signIn(from(), { email: user.email, password: TEST_PASSWORD });
    expect(entered.ok).toBe(true);
    const { session } = await sessionOf(
      await come('here', { email: user.email, groups: ['admins'] }),
    );
    expect(session?.actor.id).toBe(user.id);
    expect((await signIn(from(), { email: user.email, password: TEST_PASSWORD })).ok).toBe(false);
    expect(await prisma().session.count({ where: { userId: user.id } })).toBe(1);
    expect(
      await prisma().auditEntry.findFirst({
        where: { action: 'user.link', subject: `user:${user.id}` },
      }),
    ).toMatchObject({
      before: { provider: null, hasPassword: true },
      after: { provider: 'Gate', hasPassword: false },
    });
  });

  test('has no way past the groups by a password, but for whom the machine’s owner let in', async () => {
    for (const [email, column, isIn] of [
      ['proven@example.org', 'email_verified', false],
      ['kept@example.org', 'is_password_kept', true],
    ] as const) {
      const user = await makeUser(email, 'viewer');
      await db().sql(`UPDATE "user" SET ${column} = true WHERE id = $1`, [user.id]);
      expect((await signIn(from(), { email, password: TEST_PASSWORD })).ok).toBe(true);
      await sessionOf(await come(email, { email, groups: ['ops'] }));
      expect(
        await prisma().session.count({ where: { userId: user.id, begunWith: 'password' } }),
      ).toBe(isIn ? 1 : 0);
      const again = await signIn(from(), { email, password: TEST_PASSWORD });
      expect(again.ok).toBe(isIn);
      // It stays, for the day on which groups say nothing any more.
      const own = { userId: user.id, providerId: 'credential' };
      expect(await prisma().account.count({ where: own })).toBe(1);
      // Who doesn't know the password isn't told.
      expect(await signIn(from(), { email, password: 'not the password' })).toMatchObject({
        refusal: { code: 'invalid' },
      });
      if (again.ok) continue;
      expect(again.refusal.message).toContain('groups at Gate');
      expect((await entriesOf(`user:${user.id}`)).join()).toContain(
        'session.refuse has to come through the identity provider',
      );
      expect(await makePasswordLink(admin, user.id, 'http://127.0.0.1:3000')).toMatchObject({
        refusal: { message: expect.stringContaining('groups at Gate') },
      });
    }
  });

  test('isn’t given to who has its address unverified, or none', async () => {
    const user = await makeUser('victim@example.org');
    const unverified = { email: user.email, email_verified: false, groups: ['admins'] };
    expect(await come('thief', unverified)).toMatchObject({
      message: expect.stringMatching(/verified as yours/),
    });
    expect(await come('nameless', { groups: ['admins'] })).toMatchObject({
      message: expect.stringMatching(/no e-mail address/),
    });
    expect(await prisma().account.count({ where: { userId: user.id } })).toBe(1);
  });
});

describe('answers that aren’t', () => {
  const person = { email: 'eve@example.org', groups: ['ops'] };
  const sessions = () => prisma().session.count({ where: { user: { email: person.email } } });

  test('another state, another browser, a second time, too late: the way back, and nobody is signed in', async () => {
    const first = await errand('eve', person);
    const other = new URL(first.came);
    other.searchParams.set('state', 'made-up');
    const tooLate = { message: expect.stringMatching(/Sign in once more/) };
    expect(await finishProviderSignIn(first.headers, other)).toMatchObject(tooLate);
    expect(await finishProviderSignIn(from(), first.came)).toMatchObject(tooLate);
    const victim = await errand('eve', person);
    // What the attacker began doesn't end in another's browser.
    expect(await finishProviderSignIn(victim.headers, first.came)).toMatchObject(tooLate);
    expect(await finishProviderSignIn(from('punctual.provider=00ff'), first.came)).toMatchObject(
      tooLate,
    );
    expect((await finishProviderSignIn(first.headers, first.came)).ok).toBe(true);
    expect(await finishProviderSignIn(first.headers, first.came)).toMatchObject(tooLate);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
    expect(await finishProviderSignIn(victim.headers, victim.came)).toMatchObject(tooLate);
    vi.useRealTimers();
    expect(await sessions()).toBe(1);
  });

  test('a code of another errand is refused by the provider', async () => {
    const [mine, other] = [await errand('eve', person), await errand('eve', person)];
    mine.came.searchParams.set('code', other.came.searchParams.get('code')!);
    expect(await finishProviderSignIn(mine.headers, mine.came)).toMatchObject({
      message: expect.stringMatching(/used already, or took too long/),
    });
  });

  test.each<[string, NonNullable<IdentityProvider['tamper']>]>([
    ['for another errand (nonce)', (claims) => ({ ...claims, nonce: 'another' })],
    ['without a nonce', ({ nonce: _nonce, ...claims }) => claims],
    ['for another client', (claims) => ({ ...claims, aud: 'another' })],
    ['of another issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })],
    ['that is over', (claims) => ({ ...claims, iat: 1_000_000_000, exp: 1_000_000_060 })],
  ])('an ID token %s is refused', async (_name, tamper) => {
    const before = await sessions();
    const { came, headers } = await errand('eve', person);
    idp.tamper = tamper;
    expect(await finishProviderSignIn(headers, came)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/doesn’t belong to what was asked/),
    });
    expect(await sessions()).toBe(before);
  });

  test('one that another key signed is refused', async () => {
    const { came, headers } = await errand('eve', person);
    idp.tamper = (claims) => ({ ...claims, groups: ['admins'] });
    idp.signWith = 'another key';
    expect((await finishProviderSignIn(headers, came)).ok).toBe(false);
    // Control: the same claims signed with the provider's own key count.
    const control = await errand('eve', person);
    idp.signWith = 'own key';
    expect((await finishProviderSignIn(control.headers, control.came)).ok).toBe(true);
    expect((await ofEmail(person.email)).grants).toEqual([usualGrant('admin')]);
  });

  test('who is refused there, or breaks off, hears so', async () => {
    const begun = await beginProviderSignIn(from(), ORIGIN, '/');
    if (!begun.ok) throw new Error(begun.refusal.message);
    const came = await signInAt(begun.value.address, 'nobody', BACK);
    const { name, value } = begun.value.cookie;
    expect(await finishProviderSignIn(from(`${name}=${value}`), came)).toMatchObject({
      message: expect.stringMatching(/Gate didn’t let you in/),
    });
  });

  test('tries are limited for an address', async () => {
    await db().sql('INSERT INTO rate_limit VALUES (gen_random_uuid(), $1, $2, $3)', [
      `${PROVIDER_LIMIT.name} 192.0.2.90`,
      PROVIDER_LIMIT.max,
      Date.now(),
    ]);
    const headers = from('', '192.0.2.90');
    const tooMany = expect.stringMatching(/^Too many tries/);
    expect(await finishProviderSignIn(headers, new URL(BACK))).toMatchObject({ message: tooMany });
    expect(await beginProviderSignIn(headers, ORIGIN, '/')).toMatchObject({
      refusal: { message: tooMany },
    });
  });

  test('a sentence is shown in the browser that it was meant for alone', async () => {
    const { id, cookie } = await keepRefusal('Not today.');
    const headers = from(`${cookie.name}=${cookie.value}`);
    expect(await keptRefusal(headers, id)).toBe('Not today.');
    expect(await keptRefusal(headers, 'another')).toBeNull();
    expect(await keptRefusal(from(), id)).toBeNull();
    expect(await keptRefusal(from(`${cookie.name}=zz`), id)).toBeNull();
  });
});

test('a provider that is away, or names nothing, says so and is found again', async () => {
  const held = globalThis as { punctualProvider?: unknown };
  const away = await errand('zoe', { email: 'zoe@example.org', groups: ['ops'] });
  delete held.punctualProvider;
  const port = await freePort();
  const message = /Gate can’t be reached/;
  const { issuer } = idp;
  // The same provider, for a moment under an address where nobody listens.
  const { environment } = await import('#core/environment.ts');
  environment().PUNCTUAL_OIDC_ISSUER = `http://127.0.0.1:${port}`;
  expect(await beginProviderSignIn(from(), ORIGIN, '/')).toMatchObject({
    refusal: { code: 'unavailable', message: expect.stringMatching(message) },
  });
  expect(await finishProviderSignIn(away.headers, away.came)).toMatchObject({
    message: expect.stringMatching(message),
  });
  environment().PUNCTUAL_OIDC_ISSUER = issuer;
  expect((await beginProviderSignIn(from(), ORIGIN, '/')).ok).toBe(true);
});
