import { describe, expect, test } from 'vitest';
import { auth, handleAuth, OPEN_PATHS, SESSION_ABSOLUTE_MS } from '#core/auth/auth.ts';
import { signedIn, stillSignedIn } from '#core/auth/sessions.ts';
import { signIn, signOut } from '#core/auth/sign-in.ts';
import { SIGN_IN_LIMITS } from '#core/auth/tries.ts';
import { prisma } from '#core/prisma.ts';
import { disableUser, enableUser } from '#core/users/users.ts';
import { listOwnSessions, signOutEverywhere } from '#core/users/own-sessions.ts';
import { admin, makeUser, TEST_PASSWORD, webDatabase } from '../support/web.ts';

const { db } = webDatabase();
const ORIGIN = 'http://127.0.0.1:3000';

function fromBrowser(extra: Record<string, string> = {}): Headers {
  return new Headers({
    host: '127.0.0.1:3000',
    origin: ORIGIN,
    'x-punctual-address': '192.0.2.7',
    ...extra,
  });
}

async function browserOf(email: string, address = '192.0.2.7'): Promise<Headers> {
  const outcome = await signIn(fromBrowser({ 'x-punctual-address': address }), {
    email,
    password: TEST_PASSWORD,
  });
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return fromBrowser({
    cookie: outcome.value.cookies.map((cookie) => cookie.split(';')[0]).join('; '),
  });
}

function post(path: string, body: unknown, headers: Headers): Request {
  headers.set('content-type', 'application/json');
  const text = JSON.stringify(body);
  headers.set('content-length', String(text.length));
  return new Request(`${ORIGIN}/api/auth${path}`, { method: 'POST', headers, body: text });
}

describe('the open routes', () => {
  test('every path of better-auth but sign-in and sign-out is 404, also the one that shows the session’s token', async () => {
    const endpoints = Object.values(auth().api) as unknown as {
      path?: string;
      options: { method: string | string[] };
    }[];
    const closed = endpoints.filter(
      ({ path }) => path && !OPEN_PATHS.some((open) => open === path),
    );
    expect(closed.length).toBeGreaterThan(20);
    for (const { path, options } of closed) {
      const filled = path!.replaceAll(/:\w+/g, 'x');
      for (const method of [options.method].flat()) {
        const request = new Request(`${ORIGIN}/api/auth${filled}`, {
          method,
          headers: fromBrowser(),
          ...(method === 'GET' ? {} : { body: '{}' }),
        });
        const answers = await Promise.all([
          handleAuth(request.clone()),
          // Without our gate: better-auth itself has closed what has no parameter in its path.
          path!.includes(':') ? null : auth().handler(request),
        ]);
        for (const answer of answers) {
          if (answer) expect(answer.status, `${method} ${path}`).toBe(404);
        }
      }
    }
  });

  test.each([
    ['an absent Origin', { origin: null }],
    ['Origin null', { origin: 'null' }],
    ['another origin', { origin: 'http://evil.example' }],
    ['another port', { origin: 'http://127.0.0.1:3001' }],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }],
    [
      'a public name that isn’t configured',
      { host: 'evil.example', origin: 'http://evil.example' },
    ],
    ['X-Forwarded-Host', { origin: 'http://evil.example', 'x-forwarded-host': 'evil.example' }],
  ])('signing in is refused with %s', async (_name, change) => {
    const headers = fromBrowser();
    for (const [name, value] of Object.entries(change)) {
      if (value === null) headers.delete(name);
      else headers.set(name, value);
    }
    const answer = await handleAuth(
      post('/sign-in/email', { email: 'a@b.c', password: 'x' }, headers),
    );
    expect(answer.status).toBe(403);
  });

  test('signs in over the route, with a plain cookie on http', async () => {
    await makeUser('route@example.org');
    const body = { email: 'Route@Example.org', password: TEST_PASSWORD };
    const answer = await handleAuth(post('/sign-in/email', body, fromBrowser()));
    expect(answer.status).toBe(200);
    const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('punctual.session='));
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie).not.toMatch(/Secure/i);
  });
});

describe('sessions', () => {
  test('a session says who acts, and ends when signing out', async () => {
    const user = await makeUser('session@example.org', 'viewer');
    const browser = await browserOf(user.email);
    const session = await signedIn(browser, { isActivity: true });
    expect(session?.actor).toEqual({ ...user, address: '192.0.2.7' });
    await signOut(browser);
    expect(await signedIn(browser, { isActivity: true })).toBeNull();
  });

  test('a forged or changed cookie is nobody', async () => {
    const browser = await browserOf((await makeUser('forged@example.org')).email);
    const cookie = browser.get('cookie')!;
    browser.set(
      'cookie',
      cookie.replace(/=(.)/, (_all, first) => `=${first === 'a' ? 'b' : 'a'}`),
    );
    expect(await signedIn(browser, { isActivity: true })).toBeNull();
  });

  test('a session ends after 30 days however busy it is, and reading in the background keeps none alive', async () => {
    const user = await makeUser('old@example.org');
    const browser = await browserOf(user.email);
    const longAgo = new Date(Date.now() - SESSION_ABSOLUTE_MS + 60_000);
    await db().sql(
      `UPDATE session SET created_at = $1, updated_at = now() - interval '1 hour', expires_at = now() + interval '1 s' WHERE user_id = $2`,
      [longAgo, user.id],
    );
    const before = await prisma().session.findFirstOrThrow({ where: { userId: user.id } });
    await signedIn(browser, { isActivity: false });
    const untouched = await prisma().session.findFirstOrThrow({ where: { userId: user.id } });
    expect(untouched.expiresAt).toEqual(before.expiresAt);
    await signedIn(browser, { isActivity: true });
    const touched = await prisma().session.findFirstOrThrow({ where: { userId: user.id } });
    expect(touched.expiresAt.getTime()).toBe(longAgo.getTime() + SESSION_ABSOLUTE_MS);
    await db().sql(`UPDATE session SET created_at = $1 WHERE user_id = $2`, [
      new Date(Date.now() - SESSION_ABSOLUTE_MS - 1),
      user.id,
    ]);
    expect(await signedIn(browser, { isActivity: true })).toBeNull();
    expect(await stillSignedIn([touched.id])).toEqual(new Map());
  });

  test('a disabled user can’t sign in, and every session ends at once', async () => {
    const user = await makeUser('disabled@example.org', 'viewer');
    const browser = await browserOf(user.email);
    const session = await signedIn(browser, { isActivity: true });
    expect((await disableUser(admin, user.id)).ok).toBe(true);
    expect(await signedIn(browser, { isActivity: true })).toBeNull();
    expect(await stillSignedIn([session!.sessionId])).toEqual(new Map());
    expect(
      await signIn(fromBrowser(), { email: user.email, password: TEST_PASSWORD }),
    ).toMatchObject({
      ok: false,
      refusal: { code: 'not_allowed', message: expect.stringContaining('switched off') },
    });
    await enableUser(admin, user.id);
    await browserOf(user.email);
  });

  test('signing out everywhere ends one’s own sessions and nobody else’s', async () => {
    const [one, other] = [await makeUser('one@example.org'), await makeUser('other@example.org')];
    const first = await browserOf(one.email);
    const second = await browserOf(one.email);
    const others = await browserOf(other.email);
    const session = (await signedIn(first, { isActivity: true }))!;
    expect(await listOwnSessions(session)).toHaveLength(2);
    expect(await signOutEverywhere(session)).toEqual({ ok: true, value: { ended: 2 } });
    expect(await signedIn(first, { isActivity: true })).toBeNull();
    expect(await signedIn(second, { isActivity: true })).toBeNull();
    expect(await signedIn(others, { isActivity: true })).not.toBeNull();
  });
});

describe('rule 11: the audit trail', () => {
  const entriesOf = async (subject: string) =>
    (await prisma().auditEntry.findMany({ where: { subject }, orderBy: { id: 'asc' } })).map(
      ({ actor, action, reason, address }) => ({ actor, action, reason, address }),
    );

  test('has who signed in and out, by action and by route, and who was refused', async () => {
    const user = await makeUser('audited@example.org');
    const browser = await browserOf(user.email, '192.0.2.80');
    browser.set('x-punctual-address', '192.0.2.80');
    await signOut(browser);
    const from = fromBrowser({ 'x-punctual-address': '192.0.2.81' });
    await signIn(from, { email: user.email, password: 'not the password' });
    const body = { email: user.email, password: TEST_PASSWORD };
    const answer = await handleAuth(post('/sign-in/email', body, from));
    const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0]);
    const there = fromBrowser({ cookie: cookie.join('; '), 'x-punctual-address': '192.0.2.81' });
    await signOutEverywhere((await signedIn(there, { isActivity: true }))!);
    await disableUser(admin, user.id);
    await signIn(from, { email: user.email, password: TEST_PASSWORD });

    const entries = (await entriesOf(`user:${user.id}`)).filter(({ action }) =>
      action.startsWith('session.'),
    );
    const by = user.name;
    const wrong = 'wrong e-mail address or password';
    expect(entries).toEqual([
      { actor: by, action: 'session.begin', reason: '', address: '192.0.2.80' },
      { actor: by, action: 'session.end', reason: '', address: '192.0.2.80' },
      { actor: 'not signed in', action: 'session.refuse', reason: wrong, address: '192.0.2.81' },
      { actor: by, action: 'session.begin', reason: '', address: '192.0.2.81' },
      { actor: by, action: 'session.end_all', reason: '', address: '192.0.2.81' },
      {
        actor: 'not signed in',
        action: 'session.refuse',
        reason: 'switched off',
        address: '192.0.2.81',
      },
    ]);
  });

  test('holds nothing of what was typed, nor a token', async () => {
    const secret = 'a password in the wrong field';
    await signIn(fromBrowser(), { email: secret, password: secret });
    await signIn(fromBrowser(), { email: 'nobody-has-this@example.org', password: secret });
    const refused = await entriesOf('user:unknown');
    expect(refused.map(({ action }) => action)).toContain('session.refuse');
    const [{ text }] = (await db().sql<{ text: string }>(
      `SELECT string_agg(e::text, ' ') AS text FROM audit_entry e`,
    )) as [{ text: string }];
    expect(text).not.toContain(secret);
    expect(text).not.toContain('nobody-has-this');
    const tokens = await prisma().session.findMany({ select: { token: true } });
    for (const { token } of tokens) expect(text).not.toContain(token);
  });

  test('a session that ended by itself is nobody’s act', async () => {
    const user = await makeUser('expired@example.org');
    const browser = await browserOf(user.email);
    await db().sql(`UPDATE session SET expires_at = now() - interval '1 s' WHERE user_id = $1`, [
      user.id,
    ]);
    expect(await signedIn(browser, { isActivity: true })).toBeNull();
    expect((await entriesOf(`user:${user.id}`)).map(({ action }) => action)).toEqual([
      'session.begin',
    ]);
  });
});

describe('limits on tries', () => {
  const { accountFromAddress, address, account } = SIGN_IN_LIMITS;
  const wrong = (email: string, from: string) =>
    signIn(fromBrowser({ 'x-punctual-address': from }), { email, password: 'not the password' });

  test('an account can be tried so often from one address, even with tries at once', async () => {
    const user = await makeUser('guessed@example.org');
    const answers = await Promise.all(
      Array.from({ length: accountFromAddress.max + 5 }, () => wrong(user.email, '192.0.2.50')),
    );
    const refused = answers.filter((answer) => !answer.ok && answer.refusal.code === 'not_allowed');
    expect(refused).toHaveLength(5);
    // The right password doesn't help the one who guesses, and the owner elsewhere isn't locked out.
    const password = TEST_PASSWORD;
    const guesser = fromBrowser({ 'x-punctual-address': '192.0.2.50' });
    const answer = await signIn(guesser, { email: user.email, password });
    expect(answer).toMatchObject({
      ok: false,
      refusal: { message: expect.stringMatching(/Try again in \d+ min/) },
    });
    await browserOf(user.email, '192.0.2.51');
  });

  test('an address can try so often, whatever the account', async () => {
    await db().sql('INSERT INTO rate_limit VALUES (gen_random_uuid(), $1, $2, $3)', [
      `${address.name} 192.0.2.60`,
      address.max - 1,
      Date.now(),
    ]);
    expect(await wrong('a@example.org', '192.0.2.60')).toMatchObject({
      refusal: { code: 'invalid' },
    });
    expect(await wrong('b@example.org', '192.0.2.60')).toMatchObject({
      refusal: { code: 'not_allowed' },
    });
  });

  test('all of IPv6 that one line has counts as one address', async () => {
    const user = await makeUser('ipv6@example.org');
    for (let n = 1; n <= accountFromAddress.max; n++) {
      const answer = await wrong(user.email, `2001:db8:7:8:${n.toString(16)}::${n}`);
      expect(answer).toMatchObject({ refusal: { code: 'invalid' } });
    }
    expect(await wrong(user.email, '2001:DB8:7:8:ffff::1')).toMatchObject({
      refusal: { code: 'not_allowed' },
    });
    // CONTROL: the neighbour's line, and IPv4 written as IPv6, are others.
    for (const other of ['2001:db8:7:9::1', '::ffff:192.0.2.61']) {
      expect(await wrong(user.email, other)).toMatchObject({ refusal: { code: 'invalid' } });
    }
  });

  test('an account can be tried so often from everywhere, until the window is over', async () => {
    const key = `${account.name} botnet@example.org`;
    await db().sql('INSERT INTO rate_limit VALUES (gen_random_uuid(), $1, $2, $3)', [
      key,
      account.max,
      Date.now(),
    ]);
    expect(await wrong('botnet@example.org', '192.0.2.70')).toMatchObject({
      refusal: { code: 'not_allowed' },
    });
    await db().sql(
      'UPDATE rate_limit SET last_request = last_request - $1::bigint WHERE key = $2',
      [account.windowMs, key],
    );
    expect(await wrong('botnet@example.org', '192.0.2.71')).toMatchObject({
      refusal: { code: 'invalid' },
    });
  });

  test('an unknown address and a wrong password get the same answer', async () => {
    const user = await makeUser('known@example.org');
    expect(await wrong(user.email, '192.0.2.80')).toEqual(
      await wrong('nobody@example.org', '192.0.2.80'),
    );
  });
});
