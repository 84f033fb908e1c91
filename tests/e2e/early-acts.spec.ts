import type { Page } from '@playwright/test';
import { expect, PASSWORD, test, visitorPage } from './fixtures.ts';

/** Keeps the page's scripts back until they are let go: what a slow line does. */
async function holdScripts(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route('**/_next/static/**/*.js', async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}

test('a button that is pressed before the page has come to life does what it says', async ({
  page,
  installation: { db },
}) => {
  const to = new Date(Date.now() + 3_600_000).toISOString();
  await db.sql(
    `INSERT INTO blackout (name, effect, times, scope, created_by, ends_at)
     VALUES ('Early freeze', 'skip', $1::jsonb, '{"type":"all"}', 'Test', $2::timestamptz)`,
    [JSON.stringify({ type: 'once', from: new Date(Date.now() - 60_000).toISOString(), to }), to],
  );
  const letGo = await holdScripts(page);
  await page.goto('/calendars/blackouts', { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'End now' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  letGo();
  await page.getByRole('dialog').getByRole('button', { name: 'End now' }).click();
  await expect(page.getByText('Early freeze has ended.')).toBeVisible();
});

test('who signs in before the page has come to life is signed in, and no address holds the password', async ({
  browser,
  installation,
  // Its account is the one that signs in.
  page: _admin,
}) => {
  const { page, close } = await visitorPage(browser, installation.url);
  const letGo = await holdScripts(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('/sign-in?next=/queues', { waitUntil: 'commit' });
  await page.getByLabel('Email').fill('admin@example.org');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  letGo();
  await page.waitForURL(/\/queues$/);
  expect(asked.filter((url) => url.includes('password'))).toEqual([]);
  await close();
});
