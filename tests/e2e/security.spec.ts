import { once } from 'node:events';
import { connect } from 'node:net';
import type { Schedule } from '#core/schedules/schedule.ts';
import { triggerAndOpenRun } from './acts.ts';
import { expect, test } from './fixtures.ts';

const everyDay: Schedule = { type: 'cron', lines: ['0 6 * * *'], timeZone: 'UTC' };

test('every kind of answer carries the headers that keep browsers strict', async ({
  page,
  installation: { url },
}) => {
  const built = page.waitForResponse((response) => response.url().includes('/_next/static/'));
  await page.goto('/');
  const addresses = ['/', '/sign-in', '/nowhere', '/api/ready', '/api/console/shell', '/api/none'];
  for (const address of addresses) {
    const headers = (await page.request.get(address)).headers();
    expect(headers['x-content-type-options'], address).toBe('nosniff');
    expect(headers['referrer-policy'], address).toBe('same-origin');
    expect(headers['content-security-policy'], address).toContain("frame-ancestors 'none'");
    expect(headers['x-powered-by'], address).toBeUndefined();
    expect(headers['access-control-allow-origin'], address).toBeUndefined();
    expect(headers['cache-control'], address).toMatch(/no-store|private/);
  }
  const file = (await built).headers();
  expect(file['x-content-type-options']).toBe('nosniff');
  expect(file['cross-origin-resource-policy']).toBe('same-origin');
  const picture = await page.request.get('/_next/image?url=%2Ficon.png&w=640&q=75');
  expect(picture.status()).toBe(404);
  expect((await traced(url)).toLowerCase()).not.toContain('x-echo');
});

/** The answer to a TRACE, which would give a request's own headers back; browsers and fetch send none. */
async function traced(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `TRACE / HTTP/1.1\r\nHost: ${hostname}:${port}\r\nX-Echo: secret\r\nConnection: close\r\n\r\n`,
  );
  let text = '';
  socket.on('data', (part) => (text += String(part)));
  await once(socket, 'close');
  expect(text).toMatch(/^HTTP\/1\.1 405/);
  return text;
}

test('the trail has the address that a request came from, whatever the request says', async ({
  page,
  installation: { db, url },
}) => {
  const email = 'nobody-of-that-name@example.org';
  const claimed = '203.0.113.9';
  const answer = await page.request.post('/api/auth/sign-in/email', {
    headers: {
      origin: url,
      'x-punctual-address': claimed,
      'x-forwarded-for': claimed,
      forwarded: `for=${claimed}`,
    },
    data: { email, password: 'not a password of anybody' },
    failOnStatusCode: false,
  });
  expect(answer.status()).toBe(401);
  const entries = await db.sql<{ address: string | null }>(
    `SELECT address FROM audit_entry WHERE action = 'session.refuse' ORDER BY id DESC LIMIT 1`,
  );
  expect(entries).toEqual([{ address: '127.0.0.1' }]);
});

test('notes and logs execute nothing, whatever they hold', async ({ page, job, worker }) => {
  await worker();
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'hit', { value: () => (document.title = 'HIT') });
  });
  const evil = `<img src=x onerror="hit()"><script>hit()</script>`;
  await job({
    key: 'evil-words',
    schedule: everyDay,
    notes: `${evil}\n\n[press](javascript:hit()) [data](data:text/html,<script>hit()</script>) ![x](https://example.org/x.png)`,
    work: {
      kind: 'script',
      interpreter: 'sh',
      text: `printf '%s\\n' '${evil}'; printf '\\033]8;;javascript:hit()\\033\\\\press\\033]8;;\\033\\\\\\n'`,
    },
  });
  await page.goto('/jobs/evil-words/definition');
  await expect(page.getByText('press', { exact: true })).toBeVisible();
  await expect(page.locator('a[href^="javascript:"], a[href^="data:"]')).toHaveCount(0);
  await expect(page.locator('main img, main script')).toHaveCount(0);

  await triggerAndOpenRun(page, 'evil-words');
  await expect(page.getByText('onerror="hit()"')).toBeVisible();
  await expect(page.getByText('press', { exact: true })).toBeVisible();
  await expect(page.locator('a[href^="javascript:"]')).toHaveCount(0);
  await expect(page).not.toHaveTitle('HIT');
});

test.describe('who signs out', () => {
  // The page that is left may have asked for something just before.
  test.use({ expectedErrors: [/401 \(Unauthorized\)/] });

  test('leaves nothing typed behind in the browser', async ({ page, job }) => {
    await job({ key: 'half-edited', schedule: everyDay });
    await page.goto('/jobs/half-edited/edit');
    await page.getByLabel('Owner').fill('somebody else');
    const kept = () => page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
    await expect.poll(kept).toContain('somebody else');
    await page.getByRole('button', { name: 'Account of admin' }).click();
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await page.waitForURL(/\/sign-in/);
    expect(await kept()).not.toContain('somebody else');
  });
});
