import { expect, test } from 'vitest';
import { handleAuth } from '#core/auth/auth.ts';
import { makeUser, TEST_PASSWORD, webDatabase } from '../support/web.ts';

webDatabase({ PUNCTUAL_URL: 'https://punctual.example.org' });

test('behind a proxy with TLS the session’s cookie is __Host- and Secure', async () => {
  const user = await makeUser('https@example.org');
  const answer = await handleAuth(
    new Request('http://10.0.0.4:3000/api/auth/sign-in/email', {
      method: 'POST',
      headers: {
        host: '10.0.0.4:3000',
        origin: 'https://punctual.example.org',
        'content-type': 'application/json',
        'content-length': '100',
      },
      body: JSON.stringify({ email: user.email, password: TEST_PASSWORD }),
    }),
  );
  expect(answer.status).toBe(200);
  const cookies = answer.headers.getSetCookie();
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/^__Host-punctual\.session=/);
    expect(cookie).toMatch(/; Secure/i);
    expect(cookie).toMatch(/; Path=\/(;|$)/i);
    expect(cookie).not.toMatch(/Domain=/i);
  }
});
