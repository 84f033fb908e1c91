import { createOTP } from '@better-auth/utils/otp';
import { beforeEach, describe, expect, test } from 'vitest';
import { handleAuth } from '#core/auth/auth.ts';
import { unsealed } from '#core/auth/sealed.ts';
import { NotAllowed } from '#core/auth/permissions.ts';
import { type SignedIn, signedIn, stillSignedIn } from '#core/auth/sessions.ts';
import { signInWithCode, whoIsAsked } from '#core/auth/sign-in-code.ts';
import { signIn } from '#core/auth/sign-in.ts';
import { CODE_LIMITS } from '#core/auth/tries.ts';
import { prisma } from '#core/prisma.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  readOwnSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
} from '#core/users/own-second-factor.ts';
import { requireSecondFactor, takeSecondFactor } from '#core/users/second-factors.ts';
import { disableUser } from '#core/users/users.ts';
import { admin, makeUser, TEST_PASSWORD, viewer, webDatabase } from '../support/web.ts';

const { db } = webDatabase();
const ORIGIN = 'http://127.0.0.1:3000';
const from = (address = '192.0.2.7', extra: Record<string, string> = {}) =>
  new Headers({ host: '127.0.0.1:3000', origin: ORIGIN, 'x-punctual-address': address, ...extra });

const pairs = (cookies: readonly string[]) => cookies.map((one) => one.split(';')[0]).join('; ');
const browserWith = (cookies: readonly string[], address?: string) =>
  from(address, { cookie: pairs(cookies) });

function valueOf<Value>(
  outcome: { ok: true; value: Value } | { ok: false; refusal: unknown },
): Value {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
  return outcome.value;
}

/** Somebody whose password was right. */
async function afterPassword(email: string, address?: string) {
  const entered = valueOf(await signIn(from(address), { email, password: TEST_PASSWORD }));
  return { ...entered, browser: browserWith(entered.cookies, address) };
}

async function sessionOf(browser: Headers): Promise<SignedIn> {
  return (await signedIn(browser, { isActivity: true }))!;
}

async function codeOf(userId: string): Promise<string> {
  const row = await prisma().twoFactor.findUniqueOrThrow({ where: { userId } });
  return createOTP((await unsealed(row.secret))!).totp();
}

/** As if some minutes had passed, so that the present code counts again. */
const forgetSpent = () => db().sql(`DELETE FROM rate_limit WHERE key LIKE 'spent %'`);

async function enrolled(email: string) {
  const user = await makeUser(email);
  const { browser } = await afterPassword(email);
  const session = await sessionOf(browser);
  valueOf(await beginSecondFactor(session, { password: '' }, ORIGIN));
  const code = await codeOf(user.id);
  const { recoveryCodes } = valueOf(await confirmSecondFactor(session, { code }));
  await forgetSpent();
  return { user, browser, session, recoveryCodes };
}

const sessionEntries = async (userId: string) =>
  (
    await prisma().auditEntry.findMany({
      where: { subject: `user:${userId}`, action: { startsWith: 'session.' } },
      orderBy: { id: 'asc' },
    })
  ).map(({ action, reason }) => `${action} ${reason}`.trim());

describe('setting up', () => {
  test('takes a first code, gives recovery codes, ends the other sessions, and is audited', async () => {
    const user = await makeUser('enrol@example.org');
    const [here, elsewhere] = [await afterPassword(user.email), await afterPassword(user.email)];
    const session = await sessionOf(here.browser);
    const made = valueOf(await beginSecondFactor(session, { password: '' }, ORIGIN));
    expect(made.key).toMatch(/^([A-Z2-7]{4} ?){10}$/);
    expect(made.picture.path).toMatch(/^M\d+ \d+h\d+v1h-\d+z/);
    // Nothing is asked for before the device has shown that it has the secret.
    expect((await afterPassword(user.email)).asksForCode).toBe(false);
    expect(await confirmSecondFactor(session, { code: '000000' })).toMatchObject({
      refusal: { fields: [{ path: ['code'] }] },
    });
    const code = await codeOf(user.id);
    const { recoveryCodes } = valueOf(await confirmSecondFactor(session, { code }));
    expect(recoveryCodes).toHaveLength(10);
    expect(await signedIn(here.browser, { isActivity: true })).not.toBeNull();
    expect(await signedIn(elsewhere.browser, { isActivity: true })).toBeNull();
    expect(await readOwnSecondFactor(session)).toMatchObject({ recoveryCodesLeft: 10 });
    expect(await beginSecondFactor(session, { password: '' }, ORIGIN)).toMatchObject({
      refusal: { code: 'conflict' },
    });
    const [entry] = await prisma().auditEntry.findMany({ where: { action: 'user.second_factor' } });
    expect(entry).toMatchObject({
      subject: `user:${user.id}`,
      before: { hasSecondFactor: false },
      after: { hasSecondFactor: true },
    });
    // What was typed to set it up signs nobody in.
    const next = await afterPassword(user.email);
    expect(await signInWithCode(next.browser, code)).toMatchObject({
      refusal: { message: expect.stringContaining('used already') },
    });
    // Neither the secret nor a recovery code can be read in any row.
    const rows = await db().sql(
      `SELECT t::text FROM two_factor t UNION ALL SELECT a::text FROM audit_entry a
       UNION ALL SELECT v::text FROM verification v UNION ALL SELECT r::text FROM rate_limit r`,
    );
    const stored = JSON.stringify(rows);
    const secret = (await unsealed(
      (await prisma().twoFactor.findUniqueOrThrow({ where: { userId: user.id } })).secret,
    ))!;
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(made.key.replaceAll(' ', ''));
    for (const each of recoveryCodes) expect(stored).not.toContain(each);
  });

  test('asks for the password again some time after signing in', async () => {
    const user = await makeUser('stale@example.org');
    const { browser } = await afterPassword(user.email);
    await db().sql(`UPDATE session SET created_at = now() - interval '11 min' WHERE user_id = $1`, [
      user.id,
    ]);
    const session = await sessionOf(browser);
    expect(await readOwnSecondFactor(session)).toMatchObject({ asksForPassword: true });
    expect(await beginSecondFactor(session, { password: '' }, ORIGIN)).toMatchObject({
      refusal: { fields: [{ path: ['password'] }] },
    });
    valueOf(await beginSecondFactor(session, { password: TEST_PASSWORD }, ORIGIN));
  });
});

describe('signing in', () => {
  test('nobody is signed in before the code; the code counts once, also at the same moment', async () => {
    const { user } = await enrolled('twice@example.org');
    const first = await afterPassword(user.email);
    const second = await afterPassword(user.email);
    expect(first.asksForCode).toBe(true);
    expect(await signedIn(first.browser, { isActivity: true })).toBeNull();
    expect(await whoIsAsked(first.browser)).toMatchObject({ email: user.email });
    const code = await codeOf(user.id);
    const answers = await Promise.all([
      signInWithCode(first.browser, code),
      signInWithCode(second.browser, ` ${code.slice(0, 3)} ${code.slice(3)} `),
    ]);
    const entered = answers.filter((answer) => answer.ok);
    expect(entered).toHaveLength(1);
    const browser = browserWith(valueOf(entered[0]!));
    expect(await signedIn(browser, { isActivity: true })).toMatchObject({
      actor: { id: user.id },
      begunWith: 'password',
    });
    await forgetSpent();
    // The step is used up as well as the code.
    const done = answers[0].ok ? first : second;
    expect(await signInWithCode(done.browser, await codeOf(user.id))).toMatchObject({
      refusal: { code: 'signed_out' },
    });
    expect(await sessionEntries(user.id)).toEqual([
      'session.begin',
      'session.begin password and code',
    ]);
  });

  test('over the route as well, without a cookie of a session', async () => {
    const { user } = await enrolled('route@example.org');
    const text = JSON.stringify({ email: user.email, password: TEST_PASSWORD });
    const headers = from('192.0.2.9', {
      'content-type': 'application/json',
      'content-length': String(text.length),
    });
    const answer = await handleAuth(
      new Request(`${ORIGIN}/api/auth/sign-in/email`, { method: 'POST', headers, body: text }),
    );
    expect(await answer.json()).toMatchObject({ twoFactorRedirect: true });
    const cookies = answer.headers.getSetCookie();
    expect(cookies.some((one) => /^punctual\.session=[^;]/.test(one))).toBe(false);
    const sessions = await prisma().session.count({ where: { userId: user.id } });
    expect(sessions).toBe(1);
  });

  test('a recovery code works once, also twice at once, and is told apart in the trail', async () => {
    const { user, recoveryCodes } = await enrolled('recovery@example.org');
    const [code] = recoveryCodes as [string];
    const steps = [await afterPassword(user.email), await afterPassword(user.email)];
    const answers = await Promise.all(
      steps.map(({ browser }) => signInWithCode(browser, code.toUpperCase().replace('-', ' '))),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const session = await sessionOf(browserWith(valueOf(answers.find(({ ok }) => ok)!)));
    expect(await readOwnSecondFactor(session)).toMatchObject({ recoveryCodesLeft: 9 });
    const { browser } = await afterPassword(user.email);
    expect(await signInWithCode(browser, code)).toMatchObject({
      refusal: { message: expect.stringContaining('recovery codes') },
    });
    expect(await sessionEntries(user.id)).toContain('session.begin password and recovery code');
    expect(await sessionEntries(user.id)).toContain('session.refuse wrong recovery code');
  });

  test('the step ends by itself, and can’t be made up or taken over', async () => {
    const { user } = await enrolled('over@example.org');
    const stranger = await enrolled('stranger@example.org');
    const { browser } = await afterPassword(user.email);
    // Another person's code is none of this one's.
    expect(await signInWithCode(browser, await codeOf(stranger.user.id))).toMatchObject({
      refusal: { code: 'invalid' },
    });
    const cookie = browser.get('cookie')!;
    const forged = from('192.0.2.7', { cookie: cookie.replace(/(code=2fa-.)./, '$1x') });
    expect(await signInWithCode(forged, await codeOf(user.id))).toMatchObject({
      refusal: { code: 'signed_out' },
    });
    const unsigned = from('192.0.2.7', { cookie: cookie.replace(/\.[^.;]*$/, '.AAAA') });
    expect((await signInWithCode(unsigned, await codeOf(user.id))).ok).toBe(false);
    await forgetSpent();
    await db().sql(`UPDATE verification SET expires_at = now() - interval '1 s' WHERE value = $1`, [
      user.id,
    ]);
    expect(await whoIsAsked(browser)).toBeNull();
    expect(await signInWithCode(browser, await codeOf(user.id))).toMatchObject({
      refusal: { code: 'signed_out' },
    });
  });

  test('wrong codes are limited for the step, the account and the address', async () => {
    const { user } = await enrolled('guessed@example.org');
    const { max } = CODE_LIMITS.accountFromAddress;
    let { browser } = await afterPassword(user.email, '192.0.2.50');
    for (let guess = 0; guess < max; guess++) {
      const answer = await signInWithCode(browser, String(100_000 + guess));
      expect(answer.ok).toBe(false);
      // Five tries a step; the password opens another.
      if (guess % 5 === 4) ({ browser } = await afterPassword(user.email, '192.0.2.50'));
    }
    expect(await signInWithCode(browser, await codeOf(user.id))).toMatchObject({
      refusal: { code: 'not_allowed', message: expect.stringMatching(/Too many/) },
    });
    // Ten wrong ones in a row hold the account itself for a while, from wherever.
    const elsewhere = await afterPassword(user.email, '192.0.2.51');
    expect(await signInWithCode(elsewhere.browser, await codeOf(user.id))).toMatchObject({
      refusal: { code: 'not_allowed', message: expect.stringMatching(/15 min/) },
    });
  });

  test('an account that is switched off meanwhile gets no further', async () => {
    const { user } = await enrolled('off@example.org');
    const { browser } = await afterPassword(user.email);
    await disableUser(admin, user.id);
    expect((await signInWithCode(browser, await codeOf(user.id))).ok).toBe(false);
    expect(await prisma().session.count({ where: { userId: user.id } })).toBe(0);
  });
});

describe('switching off', () => {
  test('takes password and code; new recovery codes replace the old ones', async () => {
    const { user, session, recoveryCodes } = await enrolled('remove@example.org');
    const [first, second] = recoveryCodes as [string, string];
    const code = await codeOf(user.id);
    expect(await removeSecondFactor(session, { password: 'wrong', code })).toMatchObject({
      refusal: { fields: [{ path: ['password'] }] },
    });
    expect(
      await removeSecondFactor(session, { password: TEST_PASSWORD, code: '000000' }),
    ).toMatchObject({ refusal: { fields: [{ path: ['code'] }] } });
    const proof = { password: TEST_PASSWORD, code: first };
    const renewed = valueOf(await renewRecoveryCodes(session, proof));
    expect(renewed.recoveryCodes).not.toContain(second);
    expect((await removeSecondFactor(session, { password: TEST_PASSWORD, code: second })).ok).toBe(
      false,
    );
    valueOf(await removeSecondFactor(session, { password: TEST_PASSWORD, code }));
    expect((await afterPassword(user.email)).asksForCode).toBe(false);
    const acts = await prisma().auditEntry.findMany({
      where: { subject: `user:${user.id}`, action: { startsWith: 'user.' } },
      orderBy: { id: 'asc' },
    });
    expect(acts.map(({ action }) => action)).toEqual([
      'user.second_factor_begin',
      'user.second_factor',
      'user.recovery_codes',
      'user.second_factor',
    ]);
  });

  test('an admin takes it away from another, never from themselves', async () => {
    const { user, browser } = await enrolled('lost@example.org');
    await expect(takeSecondFactor(viewer, user.id)).rejects.toThrow(NotAllowed);
    expect(await takeSecondFactor(user, user.id)).toMatchObject({ refusal: { code: 'conflict' } });
    valueOf(await takeSecondFactor(admin, user.id));
    expect(await signedIn(browser, { isActivity: true })).toBeNull();
    expect((await afterPassword(user.email)).asksForCode).toBe(false);
    expect(await takeSecondFactor(admin, 'nobody')).toMatchObject({
      refusal: { code: 'not_found' },
    });
  });
});

describe('everybody must have one', () => {
  beforeEach(async () => {
    await db().sql('UPDATE installation SET second_factor_required = false');
  });

  test('who has none can do nothing but set one up', async () => {
    const bare = await makeUser('bare@example.org');
    const has = await enrolled('has@example.org');
    const { browser } = await afterPassword(bare.email);
    const open = await sessionOf(browser);
    expect(await requireSecondFactor(bare, { isRequired: true })).toMatchObject({
      refusal: { code: 'conflict', message: expect.stringMatching(/your own first/) },
    });
    valueOf(await requireSecondFactor(has.user, { isRequired: true }));
    // Sessions and streams of before end too.
    expect(await signedIn(browser, { isActivity: true })).toBeNull();
    const still = await stillSignedIn([open.sessionId, has.session.sessionId]);
    expect([...still.keys()]).toEqual([has.session.sessionId]);
    const fresh = await afterPassword(bare.email);
    expect(await signedIn(fresh.browser, { isActivity: true })).toBeNull();
    const entering = (await signedIn(fresh.browser, {
      isActivity: true,
      mayLackSecondFactor: true,
    }))!;
    valueOf(await beginSecondFactor(entering, { password: '' }, ORIGIN));
    valueOf(await confirmSecondFactor(entering, { code: await codeOf(bare.id) }));
    expect(await signedIn(fresh.browser, { isActivity: true })).not.toBeNull();
    const code = valueOf({ ok: true, value: has.recoveryCodes[0]! });
    expect(await removeSecondFactor(has.session, { password: TEST_PASSWORD, code })).toMatchObject({
      refusal: { code: 'conflict' },
    });
    await expect(requireSecondFactor(viewer, { isRequired: false })).rejects.toThrow(NotAllowed);
    const [entry] = await prisma().auditEntry.findMany({
      where: { action: 'installation.second_factor' },
    });
    expect(entry).toMatchObject({ before: { isRequired: false }, after: { isRequired: true } });
  });
});
