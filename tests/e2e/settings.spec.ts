import { expect, PASSWORD, test, visitorPage } from './fixtures.ts';

test('a second person comes by invitation, as what was said, and can be made admin', async ({
  page,
  browser,
  installation,
}) => {
  await page.goto('/settings/people');
  await page.getByRole('button', { name: 'Invite a person' }).click();
  await page.getByRole('button', { name: 'Make the link' }).click();
  const link = await page.getByLabel('Link', { exact: true }).inputValue();
  await page.getByRole('button', { name: 'Done' }).click();

  const { page: guest, close } = await visitorPage(browser, installation.url, [
    // What is still open in the tab when the account is switched off.
    /401 \(Unauthorized\)/,
  ]);
  await guest.goto(link);
  await guest.getByLabel('Name').fill('Second Person');
  await guest.getByLabel('Email').fill('second-person@example.org');
  await guest.getByLabel('Password').fill(PASSWORD);
  await guest.getByRole('button', { name: 'Create account' }).click();
  await guest.waitForURL(`${installation.url}/`);
  await guest.goto('/settings/people');
  await expect(guest.getByText('You may not see this')).toBeVisible();

  // The list hears of the new account by itself.
  const grants = page.getByRole('button', { name: 'Change what Second Person may do' });
  await expect(grants).toHaveText('Viewer');
  await grants.click();
  await page.getByRole('dialog').getByRole('radio', { name: 'Admin' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved what Second Person may do')).toBeVisible();
  await expect(grants).toHaveText('Admin');
  await guest.goto('/settings/people');
  await expect(guest.getByRole('button', { name: 'Invite a person' })).toBeVisible();

  await page.getByRole('button', { name: 'What can be done with Second Person' }).click();
  await page.getByRole('menuitem', { name: 'Switch the account off' }).click();
  await expect(page.getByText(/Second Person can’t sign in any more/)).toBeVisible();
  await guest.goto('/settings');
  await expect(guest).toHaveURL(/\/sign-in/);
  await close();
});

test('everything is paused with a reason that every page shows, and resumed', async ({
  page,
  pageAs,
}) => {
  const viewer = await pageAs('viewer');
  await viewer.goto('/workers');
  await page.goto('/settings/installation');
  await page.getByRole('button', { name: 'Pause everything…' }).click();
  await page.getByLabel('Reason').fill('moving the database');
  await page.getByRole('dialog').getByRole('button', { name: 'Pause everything' }).click();
  await expect(viewer.getByText(/Everything is paused.*moving the database/)).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Resume' })).toBeDisabled();
  await page.getByRole('button', { name: 'Resume everything' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Resume everything' }).click();
  await expect(page.getByText(/^Everything is resumed/)).toBeVisible();
  await expect(viewer.getByText('Everything is paused')).toBeHidden();
});

test('a queue’s limit is changed where it is seen; what isn’t allowed stands at its field', async ({
  page,
}) => {
  await page.goto('/queues');
  await page.getByRole('button', { name: 'Change archive' }).click();
  await page.getByLabel('At once').fill('0');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('At least 1 run at once.')).toBeVisible();
  await page.getByLabel('At once').fill('4');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Queue archive is changed')).toBeVisible();
  await expect(page.getByRole('row', { name: /archive/ })).toContainText('0 of 4');
});

test('a drained worker takes no more runs until it is taken back', async ({ page, worker }) => {
  await worker({ PUNCTUAL_WORKER_NAME: 'w-drained' });
  await page.goto('/workers');
  const row = page.getByRole('row', { name: /w-drained/ });
  await row.getByRole('button', { name: 'Drain' }).click();
  await expect(row).toContainText('draining');
  await row.getByRole('button', { name: 'Take back' }).click();
  await expect(row).toContainText('alive');
});
