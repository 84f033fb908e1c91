import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import {
  type Browser,
  type BrowserContext,
  expect,
  type Page,
  test as base,
} from '@playwright/test';
import { hashPassword } from 'better-auth/crypto';
import type { Role } from '#core/auth/permissions.ts';
import { makeJob, type TestJob, type TestJobOverrides } from '../support/jobs.ts';
import { AUTH_SECRET, type Installation, startInstallation } from './installation.ts';

export { expect } from '@playwright/test';
export const PASSWORD = 'correct horse battery staple';

type Fixtures = {
  /** A page of a signed-in admin. */
  page: Page;
  /** Another reader's page, in a browser context of its own. */
  pageAs: (role: Role) => Promise<Page>;
  /** Puts a job straight into the database, with a key of its own. */
  job: (overrides: TestJobOverrides) => Promise<TestJob>;
  /** What a test provokes and therefore may see in the browser's console. */
  expectedErrors: RegExp[];
};
type WorkerFixtures = { installation: Installation };

export const test = base.extend<Fixtures, WorkerFixtures>({
  installation: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const installation = await startInstallation();
      await use(installation);
      await installation.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  // eslint-disable-next-line no-empty-pattern
  expectedErrors: async ({}, use) => use([]),

  page: async ({ browser, installation, expectedErrors }, use) => {
    await withPage(browser, installation, 'admin', expectedErrors, use);
  },

  pageAs: async ({ browser, installation, expectedErrors }, use) => {
    const closing: (() => Promise<void>)[] = [];
    await use(async (role) => {
      const { page, close } = await openPage(browser, installation, role, expectedErrors);
      closing.push(close);
      return page;
    });
    for (const close of closing) await close();
  },

  job: async ({ installation }, use) => {
    await use((overrides) => makeJob(installation.db, overrides));
  },
});

async function withPage(
  browser: Browser,
  installation: Installation,
  role: Role,
  expectedErrors: readonly RegExp[],
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const { page, close } = await openPage(browser, installation, role, expectedErrors);
  await use(page);
  await close();
}

async function openPage(
  browser: Browser,
  installation: Installation,
  role: Role,
  expectedErrors: readonly RegExp[],
) {
  const context = await browser.newContext({
    baseURL: installation.url,
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
  });
  await signIn(context, installation, role);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const close = async () => {
    await context.close();
    const unexpected = errors.filter((text) => !expectedErrors.some((known) => known.test(text)));
    expect(unexpected, 'errors in the browser’s console').toEqual([]);
  };
  return { page, close };
}

/** Puts a session straight into the database and its cookie into the browser. */
async function signIn(
  context: BrowserContext,
  { db, url }: Installation,
  role: Role,
): Promise<void> {
  const email = `${role}@example.org`;
  const [user] = await db.sql<{ id: string }>(
    `INSERT INTO "user" (id, name, email, role) VALUES ($1, $2, $3, $4)
     ON CONFLICT (email) DO UPDATE SET role = excluded.role RETURNING id`,
    [randomUUID(), role, email, role],
  );
  const hasPassword = await db.sql('SELECT 1 FROM account WHERE user_id = $1', [user!.id]);
  if (hasPassword.length === 0) {
    await db.sql(
      `INSERT INTO account (id, user_id, account_id, provider_id, password)
       VALUES ($1, $2, $2, 'credential', $3)`,
      [randomUUID(), user!.id, await hashPassword(PASSWORD)],
    );
  }
  const token = randomBytes(24).toString('base64url');
  await db.sql(
    `INSERT INTO session (id, user_id, token, expires_at) VALUES ($1, $2, $3, now() + interval '1 day')`,
    [randomUUID(), user!.id, token],
  );
  const signature = createHmac('sha256', AUTH_SECRET).update(token).digest('base64');
  await context.addCookies([
    { name: 'punctual.session', value: encodeURIComponent(`${token}.${signature}`), url },
  ]);
}

/** Fails when the page has anything that keeps somebody from using it (WCAG 2.2 A and AA). */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`),
  ).toEqual([]);
}
