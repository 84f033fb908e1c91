import { createOTP } from '@better-auth/utils/otp';
import { base32 } from '@better-auth/utils/base32';
import type { Page } from '@playwright/test';
import { triggerAndOpenRun } from './acts.ts';
import { expect, expectAccessible, PASSWORD, test, visitorPage } from './fixtures.ts';
import type { Installation } from './installation.ts';

const UNAUTHORIZED = /401 \(Unauthorized\)/;

/** Invites somebody from the page of an admin, with an operator's role for a label. */
async function invitationFor(page: Page, label: string): Promise<string> {
  await page.goto('/settings/people');
  await page.getByRole('button', { name: 'Invite a person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Operator' }).check();
  await dialog.getByRole('radio', { name: 'For jobs with a label' }).check();
  await dialog.getByLabel('Label', { exact: true }).fill(label);
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const link = await page.getByLabel('Link', { exact: true }).inputValue();
  await page.getByRole('button', { name: 'Done' }).click();
  return link;
}

async function accept(guest: Page, link: string, name: string, email: string): Promise<void> {
  await guest.goto(link);
  await guest.getByLabel('Name').fill(name);
  await guest.getByLabel('Email').fill(email);
  await guest.getByLabel('Password').fill(PASSWORD);
  await guest.getByRole('button', { name: 'Create account' }).click();
  await guest.waitForURL((url) => url.pathname === '/');
}

async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** As if some minutes had passed, so that the present code counts again. */
const forgetSpent = ({ db }: Installation) =>
  db.sql(`DELETE FROM rate_limit WHERE key LIKE 'spent %'`);

/** What an authenticator shows that was given this key. */
async function codeFor(key: string): Promise<string> {
  const secret = new TextDecoder().decode(base32.decode(key.replaceAll(' ', '')));
  return createOTP(secret).totp();
}

test('somebody invited as an operator for a label has a day’s work, and edits nothing', async ({
  page,
  browser,
  installation,
  worker,
  job,
}) => {
  await job({
    key: 'billing-sync',
    labels: { team: 'billing' },
  });
  await job({ key: 'payroll', labels: { team: 'people' } });
  await worker();
  const link = await invitationFor(page, 'team=billing');
  const { page: guest, close } = await visitorPage(browser, installation.url, [
    /404 \(Not Found\)/,
  ]);
  await accept(guest, link, 'Olga Operator', 'olga@example.org');

  await guest.goto('/jobs');
  await expect(guest.getByRole('link', { name: 'billing-sync' })).toBeVisible();
  await expect(guest.getByRole('link', { name: 'payroll' })).toBeHidden();
  await triggerAndOpenRun(guest, 'billing-sync');
  await expect(guest.locator('main')).toContainText('Succeeded', { timeout: 15_000 });
  await guest.goto('/jobs/billing-sync/edit');
  await expect(guest.locator('main')).toContainText(/editor’s role|may not/);
  const answer = await guest.goto('/jobs/payroll');
  expect(answer?.status()).toBe(404);
  // The link was for one person.
  const { page: second, close: closeSecond } = await visitorPage(browser, installation.url);
  await second.goto(link);
  await expect(second.getByText('This link was used already')).toBeVisible();
  await closeSecond();
  await close();
});

test('a second factor is set up, asked for, got around with a recovery code, and switched off', async ({
  page,
  browser,
  installation,
}) => {
  const link = await invitationFor(page, 'team=codes');
  const { page: guest, close } = await visitorPage(browser, installation.url, [UNAUTHORIZED]);
  const email = 'cora@example.org';
  await accept(guest, link, 'Cora Codes', email);

  await guest.goto('/settings');
  await guest.getByRole('button', { name: 'Set up a second factor' }).click();
  const key = (await guest.getByText(/^([A-Z2-7]{4} ){9}[A-Z2-7]{4}$/).textContent())!;
  await expectAccessible(guest);
  await guest.getByLabel('Code', { exact: true }).fill('000000');
  await guest.getByRole('button', { name: 'Confirm' }).click();
  await expect(guest.getByText('This isn’t the code of now')).toBeVisible();
  await guest.getByLabel('Code', { exact: true }).fill(await codeFor(key));
  await guest.getByRole('button', { name: 'Confirm' }).click();
  const codes = guest.getByRole('list', { name: 'Keep these recovery codes' });
  await expect(codes.getByRole('listitem')).toHaveCount(10);
  const [recovery, another] = await codes.getByRole('listitem').allTextContents();
  const downloading = guest.waitForEvent('download');
  await guest.getByRole('button', { name: 'Download' }).click();
  expect((await downloading).suggestedFilename()).toBe('punctual-recovery-codes.txt');
  await guest.getByRole('button', { name: 'I have kept them' }).click();
  await expect(guest.getByText(/10 recovery codes are left/)).toBeVisible();

  const signOut = async () => {
    await guest.context().clearCookies();
    await guest.goto('/settings');
  };
  await forgetSpent(installation);
  await signOut();
  await signIn(guest, email);
  await guest.waitForURL(/\/sign-in\/code/);
  await expectAccessible(guest);
  await guest.getByLabel('Code', { exact: true }).fill('123456');
  await guest.getByRole('button', { name: 'Sign in' }).click();
  await expect(guest.getByText('This isn’t the present code')).toBeVisible();
  await guest.getByLabel('Code', { exact: true }).fill(await codeFor(key));
  await guest.getByRole('button', { name: 'Sign in' }).click();
  await guest.waitForURL(/\/settings$/);

  await signOut();
  await signIn(guest, email);
  await guest.waitForURL(/\/sign-in\/code/);
  await guest.getByRole('button', { name: 'Use a recovery code instead' }).click();
  await guest.getByLabel('Recovery code').fill(recovery!);
  await guest.getByRole('button', { name: 'Sign in' }).click();
  await guest.waitForURL(/\/settings$/);
  await expect(guest.getByText(/9 recovery codes are left/)).toBeVisible();

  await guest.getByRole('button', { name: 'Switch off…' }).click();
  const dialog = guest.getByRole('dialog');
  await dialog.getByLabel('Your password').fill(PASSWORD);
  await dialog.getByLabel('Code or recovery code').fill(another!);
  await dialog.getByRole('button', { name: 'Switch off' }).click();
  await expect(guest.getByText('Off. Your password alone signs you in.')).toBeVisible();
  await close();
});

test('where everybody must have a second factor, who has none sets one up before all else', async ({
  page,
  browser,
  installation,
}) => {
  const link = await invitationFor(page, 'team=must');
  const { page: guest, close } = await visitorPage(browser, installation.url, [UNAUTHORIZED]);
  await accept(guest, link, 'Mona Must', 'mona@example.org');
  await guest.goto('/workers');
  // The admin who says so has one already.
  await installation.db.sql(
    `UPDATE "user" SET two_factor_enabled = true WHERE email = 'admin@example.org'`,
  );
  try {
    await page.goto('/settings/people');
    await page.getByRole('checkbox', { name: /Everybody who signs in with a password/ }).click();
    await expect(page.getByText(/must have a second factor now/)).toBeVisible();
    // The open page hears of it, and what comes next is the setting up alone.
    await expect(guest.getByText(/Your session is over/)).toBeVisible({ timeout: 6_000 });
    await guest.goto('/jobs');
    await expect(guest).toHaveURL(/\/sign-in\/second-factor\?next=%2Fjobs/);
    expect((await guest.request.get('/api/console/jobs')).status()).toBe(401);
    await expectAccessible(guest);
    await guest.getByRole('button', { name: 'Set up a second factor' }).click();
    const key = (await guest.getByText(/^([A-Z2-7]{4} ){9}[A-Z2-7]{4}$/).textContent())!;
    await guest.getByLabel('Code', { exact: true }).fill(await codeFor(key));
    await guest.getByRole('button', { name: 'Confirm' }).click();
    await guest.getByRole('button', { name: 'I have kept them' }).click();
    await guest.waitForURL(/\/jobs$/);

    // Lost: an admin takes it away, on the person's page.
    await page.getByRole('link', { name: 'Mona Must' }).click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Take it away…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take it away' }).click();
    await expect(page.getByText('and set one up when they sign in the next time')).toBeVisible();
  } finally {
    await installation.db.sql('UPDATE installation SET second_factor_required = false');
    await installation.db.sql(
      `UPDATE "user" SET two_factor_enabled = false WHERE email = 'admin@example.org'`,
    );
  }
  await close();
});

test('a page that is open says so when its account is switched off, and an admin ends sessions', async ({
  page,
  browser,
  installation,
}) => {
  const link = await invitationFor(page, 'team=off');
  const { page: guest, close } = await visitorPage(browser, installation.url, [UNAUTHORIZED]);
  await accept(guest, link, 'Otto Off', 'otto@example.org');
  await guest.goto('/queues');
  await page.goto('/settings/people');
  await page.getByRole('link', { name: 'Otto Off' }).click();
  await page.getByRole('button', { name: /^End the session of/ }).click();
  await expect(page.getByText('The session has ended')).toBeVisible();
  const over = guest.getByText(/Your session is over/);
  await expect(over).toBeVisible({ timeout: 5_000 });
  await guest.goto('/queues');
  await signIn(guest, 'otto@example.org');
  await guest.waitForURL(/\/queues$/);
  await page.getByRole('button', { name: 'Switch the account off' }).click();
  await expect(page.getByText(/Otto Off can’t sign in any more/)).toBeVisible();
  await expect(over).toBeVisible({ timeout: 5_000 });
  await guest.goto('/queues');
  await signIn(guest, 'otto@example.org');
  await expect(guest.getByText('This account is switched off')).toBeVisible();
  await close();
});
