import { expect, test } from 'vitest';
import { signedIn } from '#core/auth/sessions.ts';
import { signIn } from '#core/auth/sign-in.ts';
import { disableUser } from '#core/users/users.ts';
import { streamOf } from '../../app/api/stream-of.ts';
import { admin, makeUser, TEST_PASSWORD, webDatabase } from '../support/web.ts';

webDatabase();

test('a download that is under way ends with the session of whoever reads', async () => {
  const user = await makeUser('leaver@example.org', 'viewer');
  const entered = await signIn(new Headers(), { email: user.email, password: TEST_PASSWORD });
  if (!entered.ok) throw new Error(entered.refusal.message);
  const cookie = entered.value.cookies.map((one) => one.split(';')[0]).join('; ');
  const session = (await signedIn(new Headers({ cookie }), { isActivity: true }))!;

  let isOpen = true;
  let made = 0;
  async function* parts() {
    try {
      for (;;) yield `part ${++made}\n`;
    } finally {
      isOpen = false;
    }
  }
  const reader = streamOf(parts(), session, 0).getReader();
  const words = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await words()).toBe('part 1\n');
  // CONTROL: it goes on for as long as the session does.
  expect(await words()).toBe('part 2\n');
  await disableUser(admin, user.id);
  // One part may have been made ahead.
  await expect(words().then(words)).rejects.toThrow('the session is over');
  expect(isOpen).toBe(false);
  expect(made).toBeLessThanOrEqual(4);
});
