import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { NotAllowed } from '#core/auth/permissions.ts';
import { signedIn } from '#core/auth/sessions.ts';
import { signIn } from '#core/auth/sign-in.ts';
import { prisma } from '#core/prisma.ts';
import { readLink } from '#core/users/links.ts';
import { changeOwnPassword } from '#core/users/own-password.ts';
import { makePasswordLink, usePasswordLink } from '#core/users/password-links.ts';
import { disableUser } from '#core/users/users.ts';
import { admin, makeUser, TEST_PASSWORD, viewer, webDatabase } from '../support/web.ts';

const { db } = webDatabase();
const ORIGIN = 'http://localhost:3000';
const PUNCTUAL = path.resolve(import.meta.dirname, '../../cli/punctual.ts');
const NEXT = 'another four plain words';

async function browserOf(email: string, password = TEST_PASSWORD): Promise<Headers> {
  const outcome = await signIn(new Headers(), { email, password });
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return new Headers({
    cookie: outcome.value.cookies.map((cookie) => cookie.split(';')[0]).join('; '),
  });
}

async function linkFor(userId: string): Promise<string> {
  const outcome = await makePasswordLink(admin, userId, ORIGIN);
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value.link.split('#')[1]!;
}

describe('a link for another password', () => {
  test('sets it once, ends every session, and is audited without the token', async () => {
    const user = await makeUser('forgot@example.org', 'viewer');
    const browser = await browserOf(user.email);
    const token = await linkFor(user.id);
    expect(await readLink(token)).toMatchObject({
      value: { purpose: 'password', email: user.email },
    });
    const answers = await Promise.all([1, 2].map(() => usePasswordLink(token, NEXT, null)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await signedIn(browser, { isActivity: false })).toBeNull();
    await browserOf(user.email, NEXT);
    expect((await signIn(new Headers(), { email: user.email, password: TEST_PASSWORD })).ok).toBe(
      false,
    );
    const entries = await prisma().auditEntry.findMany({
      where: { subject: `user:${user.id}`, NOT: { action: { startsWith: 'session.' } } },
      orderBy: { id: 'asc' },
    });
    expect(entries.map(({ action }) => action)).toEqual(['user.password_link', 'user.password']);
    expect(
      JSON.stringify(entries, (_key, value: unknown) => (typeof value === 'bigint' ? 0 : value)),
    ).not.toContain(token);
  });

  test('is replaced by a newer one, and of no use when it is old or the account is off', async () => {
    const user = await makeUser('links@example.org', 'viewer');
    const first = await linkFor(user.id);
    const second = await linkFor(user.id);
    expect(await usePasswordLink(first, NEXT, null)).toMatchObject({
      refusal: { code: 'conflict' },
    });
    expect(await usePasswordLink(second, 'short', null)).toMatchObject({
      refusal: { fields: [{ path: ['password'] }] },
    });
    await db().sql('UPDATE verification SET expires_at = now()');
    expect(await usePasswordLink(second, NEXT, null)).toMatchObject({
      refusal: { code: 'conflict' },
    });
    const third = await linkFor(user.id);
    await disableUser(admin, user.id);
    expect(await usePasswordLink(third, NEXT, null)).toMatchObject({
      refusal: { code: 'conflict' },
    });
    expect(await makePasswordLink(admin, user.id, ORIGIN)).toMatchObject({
      refusal: { code: 'conflict' },
    });
    await expect(makePasswordLink(viewer, user.id, ORIGIN)).rejects.toThrow(NotAllowed);
  });
});

test('a changed password leaves no link for another one', async () => {
  const user = await makeUser('careful@example.org', 'viewer');
  const token = await linkFor(user.id);
  const session = (await signedIn(await browserOf(user.email), { isActivity: true }))!;
  const changed = await changeOwnPassword(session, { current: TEST_PASSWORD, next: NEXT });
  expect(changed.ok).toBe(true);
  expect(await usePasswordLink(token, TEST_PASSWORD, null)).toMatchObject({ ok: false });
});

test('changing one’s own password asks for the present one, and ends the other sessions', async () => {
  const user = await makeUser('own@example.org', 'viewer');
  const [here, elsewhere] = [await browserOf(user.email), await browserOf(user.email)];
  const session = (await signedIn(here, { isActivity: true }))!;
  expect(await changeOwnPassword(session, { current: 'no idea at all', next: NEXT })).toMatchObject(
    {
      refusal: { fields: [{ path: ['current'] }] },
    },
  );
  expect(
    await changeOwnPassword(session, { current: TEST_PASSWORD, next: 'own1234567890' }),
  ).toMatchObject({
    refusal: { fields: [{ path: ['next'] }] },
  });
  expect((await changeOwnPassword(session, { current: TEST_PASSWORD, next: NEXT })).ok).toBe(true);
  expect(await signedIn(here, { isActivity: true })).not.toBeNull();
  expect(await signedIn(elsewhere, { isActivity: true })).toBeNull();
  await browserOf(user.email, NEXT);
});

describe('punctual admin reset', () => {
  test('lets an admin in who was switched off and had tried too often', async () => {
    const user = await makeUser('locked-out@example.org', 'viewer');
    await disableUser(admin, user.id);
    for (let tries = 0; tries < 12; tries++) {
      await signIn(new Headers(), { email: user.email, password: 'not this one' });
    }
    const { stdout } = await execa('node', [PUNCTUAL, 'admin', 'reset', user.email, '--json'], {
      env: { DATABASE_URL: db().url, PUNCTUAL_URL: 'https://jobs.example.org' },
    });
    const { link } = JSON.parse(stdout) as { link: string };
    expect(link).toMatch(/^https:\/\/jobs\.example\.org\/welcome#/);
    expect(await usePasswordLink(link.split('#')[1]!, NEXT, null)).toMatchObject({ ok: true });
    const browser = await browserOf(user.email, NEXT);
    expect(await signedIn(browser, { isActivity: false })).toMatchObject({
      actor: { grants: [{ role: 'admin', label: null }] },
    });
  });

  test('names the admins where the address is nobody’s', async () => {
    await makeUser('there@example.org', 'admin');
    const answer = await execa('node', [PUNCTUAL, 'admin', 'reset', 'nobody@example.org'], {
      env: { DATABASE_URL: db().url },
      reject: false,
    });
    expect(answer.exitCode).toBe(2);
    expect(answer.stderr).toMatch(
      /No account has the address nobody@example\.org.*there@example\.org/,
    );
  });
});
