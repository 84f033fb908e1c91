import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { usualGrant } from '#core/auth/usual-grant.ts';
import { MAIL_LIMITS } from '#core/auth/tries.ts';
import { signIn } from '#core/auth/sign-in.ts';
import { environment } from '#core/environment.ts';
import { prisma } from '#core/prisma.ts';
import { askForPasswordLink } from '#core/users/ask-for-password-link.ts';
import { acceptInvitation, inviteUser } from '#core/users/invitations.ts';
import { readLink } from '#core/users/links.ts';
import { usePasswordLink } from '#core/users/password-links.ts';
import { disableUser } from '#core/users/users.ts';
import { type MailReceiver, startMailReceiver } from '../support/mail-receiver.ts';
import { valueOf } from '../support/outcomes.ts';
import { admin, makeUser, TEST_PASSWORD, webDatabase } from '../support/web.ts';

let mail: MailReceiver;
beforeAll(async () => {
  mail = await startMailReceiver();
  process.env['PUNCTUAL_SMTP_URL'] = `smtp://127.0.0.1:${mail.port}`;
  process.env['PUNCTUAL_MAIL_FROM'] = 'Punctual <punctual@example.org>';
});
const { db } = webDatabase();
afterAll(() => mail.close());
beforeEach(async () => {
  mail.received.length = 0;
  await db().sql('DELETE FROM rate_limit');
});

const ORIGIN = 'https://jobs.example.org';
const NEXT = 'another four plain words';
const ask = (email: string, from = '192.0.2.7') =>
  askForPasswordLink(new Headers({ 'x-punctual-address': from }), { email }, ORIGIN);

function tokenIn(source: string): string {
  const text = source.replaceAll('=\r\n', '').replaceAll('=3D', '=');
  return /https:\/\/jobs\.example\.org\/welcome#([\w-]{43})/.exec(text)![1]!;
}

describe('a mailed link for another password', () => {
  test('works once, also twice at once, proves the address, and says why it is of no use', async () => {
    const user = await makeUser('forgot@example.org', 'viewer');
    valueOf(await ask(user.email));
    const [received] = await mail.until(1);
    expect(received!.to).toEqual([user.email]);
    const token = tokenIn(received!.source);
    expect(await readLink(token)).toMatchObject({ value: { purpose: 'password' } });
    const answers = await Promise.all([1, 2].map(() => usePasswordLink(token, NEXT, null)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await readLink(token)).toMatchObject({
      refusal: { message: expect.stringMatching(/^This link was used already/) },
    });
    expect((await signIn(new Headers(), { email: user.email, password: NEXT })).ok).toBe(true);
    expect(await prisma().user.findUnique({ where: { id: user.id } })).toMatchObject({
      emailVerified: true,
    });
    const rows = JSON.stringify(await db().sql('SELECT * FROM verification'));
    expect(rows).not.toContain(token);
    expect(await readLink(`${token.slice(1)}A`)).toMatchObject({
      refusal: { message: expect.stringMatching(/isn’t known/) },
    });
  });

  test('ends after an hour, and one that is asked for later doesn’t end it', async () => {
    const user = await makeUser('later@example.org', 'viewer');
    valueOf(await ask(user.email));
    await mail.until(1);
    valueOf(await ask(user.email));
    const [first, second] = (await mail.until(2)).map(({ source }) => tokenIn(source));
    expect((await readLink(first!)).ok).toBe(true);
    await db().sql(
      `UPDATE verification SET identifier = regexp_replace(identifier, '\\d+$', '1') WHERE identifier LIKE $1`,
      [`password:${user.id}:%`],
    );
    const tooOld = { refusal: { message: expect.stringMatching(/too old/) } };
    expect(await readLink(first!)).toMatchObject(tooOld);
    expect(await usePasswordLink(second!, NEXT, null)).toMatchObject(tooOld);
    expect((await signIn(new Headers(), { email: user.email, password: TEST_PASSWORD })).ok).toBe(
      true,
    );
  });

  test('goes to nobody who has no account, or one that is off; the answer is the same', async () => {
    const off = await makeUser('off@example.org', 'viewer');
    await disableUser(admin, off.id);
    const there = await makeUser('there@example.org', 'viewer');
    for (const email of ['nobody@example.org', off.email, there.email]) {
      expect(await ask(email)).toEqual({ ok: true, value: { email } });
    }
    const received = await mail.until(1);
    expect(received.map(({ to }) => to)).toEqual([[there.email]]);
    expect(
      await prisma().auditEntry.findMany({
        where: { action: 'user.password_link', subject: `user:${off.id}` },
      }),
    ).toEqual([]);
  });

  test('is sent so often and no more, to one account and from one address', async () => {
    const { max } = MAIL_LIMITS.accountFromAddress;
    for (let n = 0; n < max; n++) valueOf(await ask('often@example.org'));
    const tooMany = { refusal: { message: expect.stringMatching(/^Too many tries/) } };
    expect(await ask('often@example.org')).toMatchObject(tooMany);
    expect((await ask('often@example.org', '192.0.2.8')).ok).toBe(true);
    expect(await ask('no address')).toMatchObject({ refusal: { fields: [{ path: ['email'] }] } });
  });
});

describe('an invitation', () => {
  const grants = [usualGrant('viewer')];

  test('for an address goes there by mail, and nobody else sees its link', async () => {
    const email = 'invited@example.org';
    const invited = valueOf(await inviteUser(admin, { grants, email }, ORIGIN));
    expect(invited).toMatchObject({ link: null, mailedTo: email, mailProblem: null });
    const [received] = await mail.until(1);
    const token = tokenIn(received!.source);
    valueOf(await acceptInvitation(token, { name: 'Ina', email, password: NEXT }, null));
    expect(await prisma().user.findUnique({ where: { email } })).toMatchObject({
      emailVerified: true,
    });
  });

  test('for anybody is a link; so is one whose mail doesn’t go out, with the reason', async () => {
    expect(valueOf(await inviteUser(admin, { grants }, ORIGIN))).toMatchObject({
      link: expect.stringContaining('/welcome#'),
      mailedTo: null,
      mailProblem: null,
    });
    const { PUNCTUAL_SMTP_URL } = environment();
    environment().PUNCTUAL_SMTP_URL = 'smtp://127.0.0.1:1';
    const email = 'unreached@example.org';
    const invited = valueOf(await inviteUser(admin, { grants, email }, ORIGIN));
    environment().PUNCTUAL_SMTP_URL = PUNCTUAL_SMTP_URL;
    expect(invited).toMatchObject({
      mailedTo: null,
      mailProblem: expect.stringMatching(/127\.0\.0\.1:1/),
    });
    const token = invited.link!.split('#')[1]!;
    valueOf(await acceptInvitation(token, { name: 'Uma', email, password: NEXT }, null));
    expect(await prisma().user.findUnique({ where: { email } })).toMatchObject({
      emailVerified: false,
    });
  });
});

test('where passwords are off they are for whom the machine’s owner let in alone', async () => {
  const user = await makeUser('plain@example.org');
  const kept = await makeUser('kept@example.org');
  await db().sql('UPDATE "user" SET is_password_kept = true WHERE id = $1', [kept.id]);
  environment().PUNCTUAL_PASSWORDS = 'off';
  try {
    const off = {
      refusal: { code: 'not_allowed', message: expect.stringMatching(/switched off here/) },
    };
    expect(
      await signIn(new Headers(), { email: user.email, password: TEST_PASSWORD }),
    ).toMatchObject(off);
    expect(
      await signIn(new Headers(), { email: 'nobody@example.org', password: 'x' }),
    ).toMatchObject(off);
    expect((await signIn(new Headers(), { email: kept.email, password: TEST_PASSWORD })).ok).toBe(
      true,
    );
    expect(await inviteUser(admin, { grants: [usualGrant('viewer')] }, ORIGIN)).toMatchObject({
      refusal: { code: 'conflict' },
    });
  } finally {
    environment().PUNCTUAL_PASSWORDS = 'on';
  }
});
