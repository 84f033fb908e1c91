import { describe, expect, test } from 'vitest';
import { ensureFirstAdmin } from '#core/auth/first-admin.ts';
import { usualGrant } from '#core/auth/usual-grant.ts';
import { hashOf } from '#core/auth/invitation-token.ts';
import { NotAllowed } from '#core/auth/permissions.ts';
import { signIn } from '#core/auth/sign-in.ts';
import { prisma } from '#core/prisma.ts';
import {
  acceptInvitation,
  inviteUser,
  readInvitation,
  revokeInvitation,
} from '#core/users/invitations.ts';
import { listUsers } from '#core/users/read-people.ts';
import { makePasswordLink, usePasswordLink } from '#core/users/password-links.ts';
import { changeGrants, disableUser } from '#core/users/users.ts';
import { admin, makeUser, TEST_PASSWORD, webDatabase, viewer } from '../support/web.ts';

const { db } = webDatabase();
const ORIGIN = 'http://localhost:3000';
const tokenOf = (link: string) => link.split('#')[1]!;
const account = (email: string) => ({ name: 'New Person', email, password: TEST_PASSWORD });

async function invite(
  input: Parameters<typeof inviteUser>[1] = { grants: [usualGrant('viewer')] },
) {
  const outcome = await inviteUser(admin, input, ORIGIN);
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return { id: outcome.value.id, token: tokenOf(outcome.value.link!) };
}

describe('the first admin', () => {
  test('comes through one link; a newer one replaces it, and it works once', async () => {
    const first = tokenOf((await ensureFirstAdmin(ORIGIN))!.link);
    const second = (await ensureFirstAdmin(ORIGIN))!.link;
    expect(second).toMatch(/^http:\/\/localhost:3000\/welcome#[\w-]{43}$/);
    expect(await acceptInvitation(first, account('a@example.org'), null)).toMatchObject({
      refusal: { code: 'not_found' },
    });
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        acceptInvitation(tokenOf(second), account(`${name}@example.org`), '192.0.2.1'),
      ),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    const [user, ...rest] = await listUsers(admin);
    expect(rest).toEqual([]);
    expect(user).toMatchObject({ grants: [usualGrant('admin')], disabledAt: null });
    const headers = new Headers();
    expect((await signIn(headers, { email: user!.email, password: TEST_PASSWORD })).ok).toBe(true);
  });

  test('is asked for no more when somebody has an account, and old links make none', async () => {
    expect(await ensureFirstAdmin(ORIGIN)).toBeNull();
    await db().sql(
      `INSERT INTO invitation (token_hash, grants, expires_at) VALUES ($1, '[{"role": "admin"}]', now() + interval '1 h')`,
      [hashOf('left over')],
    );
    expect(await acceptInvitation('left over', account('late@example.org'), null)).toMatchObject({
      refusal: { code: 'conflict', message: expect.stringContaining('already') },
    });
  });
});

describe('an invitation', () => {
  test('gives its role to who accepts it, in one audited step, and never twice', async () => {
    const { token } = await invite();
    const accepted = await acceptInvitation(token, account('Viewer@Example.org'), '192.0.2.1');
    expect(accepted).toMatchObject({ ok: true, value: { email: 'viewer@example.org' } });
    const user = await prisma().user.findUniqueOrThrow({ where: { email: 'viewer@example.org' } });
    expect(user.grants).toEqual([usualGrant('viewer')]);
    const entries = await prisma().auditEntry.findMany({ where: { subject: `user:${user.id}` } });
    expect(entries).toMatchObject([{ action: 'invitation.accept', address: '192.0.2.1' }]);
    expect(await acceptInvitation(token, account('second@example.org'), null)).toMatchObject({
      refusal: { message: expect.stringContaining('used already') },
    });
  });

  test('that is forged, taken back or too old makes no account, and says why', async () => {
    const before = await prisma().user.count();
    const late = await invite();
    await db().sql('UPDATE invitation SET expires_at = now() WHERE id = $1', [late.id]);
    const taken = await invite();
    expect((await revokeInvitation(admin, taken.id)).ok).toBe(true);
    for (const [token, words] of [
      ['A'.repeat(43), 'isn’t known'],
      [taken.token, 'isn’t known'],
      [late.token, 'too old'],
    ] as const) {
      const answer = await acceptInvitation(token, account('forged@example.org'), null);
      expect(answer).toMatchObject({
        ok: false,
        refusal: { message: expect.stringContaining(words) },
      });
      expect((await readInvitation(token)).ok).toBe(false);
    }
    expect(await prisma().user.count()).toBe(before);
  });

  test('of somebody who isn’t an admin any more is taken back, with the links that they made for others', async () => {
    const [leaver, demoted, stays, colleague] = await Promise.all(
      ['leaver', 'demoted', 'stays', 'colleague'].map((name) => makeUser(`${name}@example.org`)),
    );
    const grants = [usualGrant('admin')];
    const made = [];
    for (const inviter of [leaver!, demoted!, stays!]) {
      const invited = await inviteUser(inviter, { grants }, ORIGIN);
      const linked = await makePasswordLink(inviter, colleague!.id, ORIGIN);
      if (!invited.ok || !linked.ok) throw new Error('nothing was made');
      made.push([invited.value.link!, linked.value.link].map(tokenOf));
      // The newest link for a person takes the place of the one before it.
      if (inviter === leaver) await disableUser(admin, inviter.id);
      if (inviter === demoted) {
        await changeGrants(admin, { userId: inviter.id, grants: [usualGrant('viewer')] });
      }
      if (inviter === stays) continue;
      expect(
        await usePasswordLink(made.at(-1)![1]!, 'another one than before', null),
      ).toMatchObject({ ok: false });
    }
    const accepted = made.map(([token], n) =>
      acceptInvitation(token!, account(`n${n}@example.org`), null),
    );
    expect((await Promise.all(accepted)).map(({ ok }) => ok)).toEqual([false, false, true]);
    expect((await usePasswordLink(made[2]![1]!, 'another one than before', null)).ok).toBe(true);
    const entries = await prisma().auditEntry.findMany({
      where: { reason: { startsWith: 'Whoever made it' } },
      orderBy: { id: 'asc' },
    });
    expect(entries.map(({ action, subject }) => `${action} ${subject.split(':')[0]}`)).toEqual([
      'invitation.revoke invitation',
      'user.password_link_revoke user',
      'invitation.revoke invitation',
      'user.password_link_revoke user',
    ]);
  });

  test('keeps only a hash of its token', async () => {
    const { id, token } = await invite();
    const rows = await db().sql<{ text: string }>(
      'SELECT i::text AS text FROM invitation i WHERE id = $1',
      [id],
    );
    expect(rows[0]!.text).not.toContain(token);
  });

  test('for one address can’t be accepted with another, and stays good', async () => {
    const { token } = await invite({ grants: [usualGrant('viewer')], email: 'wanted@example.org' });
    expect(await acceptInvitation(token, account('other@example.org'), null)).toMatchObject({
      refusal: { fields: [{ path: ['email'] }] },
    });
    expect((await acceptInvitation(token, account('wanted@example.org'), null)).ok).toBe(true);
  });

  test('says at its field what is wrong, and stays good', async () => {
    const { token } = await invite();
    const taken = await makeUser('taken@example.org', 'viewer');
    expect(await acceptInvitation(token, account(taken.email), null)).toMatchObject({
      refusal: { code: 'conflict', fields: [{ path: ['email'] }] },
    });
    expect(
      await acceptInvitation(token, { name: '', email: 'x', password: 'short' }, null),
    ).toMatchObject({
      refusal: { fields: [{ path: ['name'] }, { path: ['email'] }, { path: ['password'] }] },
    });
    expect((await acceptInvitation(token, account('finally@example.org'), null)).ok).toBe(true);
  });
});

describe('users', () => {
  test('a viewer can neither see nor change them', async () => {
    await expect(listUsers(viewer)).rejects.toThrow(NotAllowed);
    await expect(inviteUser(viewer, { grants: [usualGrant('admin')] }, ORIGIN)).rejects.toThrow(
      NotAllowed,
    );
    await expect(
      changeGrants(viewer, { userId: 'x', grants: [usualGrant('admin')] }),
    ).rejects.toThrow(NotAllowed);
    await expect(disableUser(viewer, 'x')).rejects.toThrow(NotAllowed);
  });

  test('two admins can’t take each other’s role at once: one stays', async () => {
    await prisma().user.updateMany({ data: { grants: [usualGrant('viewer')] } });
    const [one, two] = [await makeUser('one@example.org'), await makeUser('two@example.org')];
    const answers = await Promise.all([
      changeGrants(one, { userId: two.id, grants: [usualGrant('viewer')] }),
      disableUser(two, one.id),
    ]);
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(answers.find((answer) => !answer.ok)).toMatchObject({ refusal: { code: 'conflict' } });
    const left = await prisma().user.count({
      where: { grants: { array_contains: [{ role: 'admin' }] }, disabledAt: null },
    });
    expect(left).toBe(1);
  });
});
