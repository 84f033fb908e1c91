import type { Browser, Page } from '@playwright/test';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts';
import { type MailReceiver, startMailReceiver } from '../support/mail-receiver.ts';
import { expect, expectAccessible, PASSWORD, test, visitorPage } from './fixtures.ts';
import { type Installation, startInstallation } from './installation.ts';
import { addAccount } from './accounts.ts';

let idp: IdentityProvider;
let mail: MailReceiver;
let installation: Installation;

test.beforeAll(async () => {
  mail = await startMailReceiver();
  installation = await startInstallation(undefined, async (url) => {
    idp = await startIdentityProvider(`${url}/sign-in/provider`);
    return {
      PUNCTUAL_OIDC_ISSUER: idp.issuer,
      PUNCTUAL_OIDC_CLIENT_ID: idp.clientId,
      PUNCTUAL_OIDC_CLIENT_SECRET: idp.clientSecret,
      PUNCTUAL_OIDC_NAME: 'Gate',
      PUNCTUAL_OIDC_GRANTS: 'admins=admin,ops=operator,billing-ops=operator@team=billing',
      PUNCTUAL_SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
      PUNCTUAL_MAIL_FROM: 'Punctual <punctual@example.org>',
    };
  });
});
test.afterAll(async () => {
  await installation.stop();
  await idp.close();
  await mail.close();
});

const visitor = (browser: Browser, errors: RegExp[] = []) =>
  visitorPage(browser, installation.url, errors);

async function comeAs(page: Page, sub: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in through Gate' }).click();
  await page.getByRole('button', { name: `Sign in as ${sub}` }).click();
}

test('who comes through the provider may what their groups give, until they give something else', async ({
  browser,
}) => {
  idp.people.set('ada', {
    email: 'ada@example.org',
    email_verified: true,
    name: 'Ada',
    groups: ['admins'],
  });
  idp.people.set('eve', { email: 'eve@example.org', email_verified: true, groups: ['lunch'] });
  const { page, close } = await visitor(browser, [
    // What is still asked for in the tab when its cookies are cleared.
    /401 \(Unauthorized\)/,
  ]);
  await page.goto('/queues');
  await expectAccessible(page);
  await comeAs(page, 'eve');
  await expect(page.getByText(/None of your groups at Gate may use Punctual/)).toBeVisible();
  await expect(page.getByText('one of: admins, ops, billing-ops')).toBeVisible();
  await page.context().clearCookies();
  await page.goto('/queues');
  await comeAs(page, 'ada');
  await page.waitForURL(/\/queues$/);
  await page.goto('/settings');
  await expect(page.getByText('You sign in through Gate, which asks for')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Change the password' })).toBeHidden();
  await page.goto('/settings/people');
  await page.getByRole('link', { name: 'Ada' }).click();
  await expect(page.getByText('Their groups at Gate say this')).toBeVisible();

  // Somebody else must be admin before Ada can be less.
  await addAccount(installation.db, { email: 'boss@example.org', role: 'admin' });
  idp.people.get('ada')!.groups = ['billing-ops'];
  await page.context().clearCookies();
  await page.goto('/settings/people');
  await comeAs(page, 'ada');
  await expect(page.getByText('You may not see this')).toBeVisible();
  await page.goto('/settings');
  await expect(page.getByText('Operator for team=billing')).toBeVisible();
  await close();
});

test('a provider that is away, and an answer that is none, say so and lead back', async ({
  browser,
}) => {
  const { page, close } = await visitor(browser);
  await page.goto('/sign-in/provider?code=made-up&state=made-up');
  await expect(page.getByText(/The way back from Gate took too long/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in through Gate' })).toBeVisible();
  // The sentence of one refusal can't be shown to somebody else by a link.
  await page.context().clearCookies();
  await page.reload();
  await expect(page.getByText(/The way back from Gate/)).toBeHidden();
  await page.getByRole('button', { name: 'Sign in through Gate' }).click();
  await page.getByRole('button', { name: 'Sign in as nobody' }).click();
  await expect(page.getByText('Gate didn’t let you in')).toBeVisible();
  await close();
});

test('who forgot the password gets a mail with a link, which works once', async ({ browser }) => {
  const email = 'fred@example.org';
  await addAccount(installation.db, { email, role: 'viewer' });
  const { page, close } = await visitor(browser);
  const ask = async (address: string) => {
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Forgotten your password?' }).click();
    await page.waitForURL(/\/sign-in\/forgotten/);
    await page.getByLabel('Email').fill(address);
    await page.getByRole('button', { name: 'Send the link' }).click();
    const said = page.getByRole('status');
    await expect(said).toContainText('Look into your mail');
    return (await said.textContent())!.replace(address, '…');
  };
  const toNobody = await ask('nobody@example.org');
  expect(await ask(email)).toBe(toNobody);
  await expectAccessible(page);
  const [received] = await mail.until(1);
  expect(received!.to).toEqual([email]);
  const text = received!.source.replaceAll('=\r\n', '');
  const link = /http:\/\/[^\s]+\/welcome#[\w-]+/.exec(text)![0];
  await page.goto(link);
  await page.getByLabel('New password').fill('another four plain words');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.waitForURL((url) => url.pathname === '/');
  await page.context().clearCookies();
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByText(/This link was used already/)).toBeVisible();
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText(/don’t belong together/)).toBeVisible();
  expect(mail.received).toHaveLength(1);
  await close();
});
