import type { Page } from '@playwright/test';
import { expect, expectAccessible, PASSWORD, test } from './fixtures.ts';

async function fillNewJob(page: Page, key: string): Promise<void> {
  await page.goto('/jobs/new');
  await page.getByLabel('Key', { exact: true }).fill(key);
  await page.getByRole('radio', { name: 'Script' }).click();
  await page.getByRole('textbox', { name: 'Script' }).fill('echo made by hand');
  await page.getByLabel('Cron line 1').fill('30 2 * * *');
}

const answer = (page: Page) => page.getByRole('radio', { name: /Yes: start it again/ });
const save = (page: Page) => page.getByRole('button', { name: 'Make the job' });

test('a job is made: its ticks show as one types, and each problem stands at its field', async ({
  page,
}) => {
  await fillNewJob(page, 'made-in-editor');
  await expect(page.getByText('daily at 02:30').first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Next 20 ticks' })).toContainText('02:30');

  await page.getByLabel('Cron line 1').fill('30 25 * * *');
  await page.getByLabel('Key', { exact: true }).fill('No spaces');
  await save(page).click();
  const key = page.getByLabel('Key', { exact: true });
  await expect(key).toBeFocused();
  await expect(page.getByText('Use 1 to 64 lower-case letters')).toBeVisible();
  await expect(page.getByText('The hour "25" is out of range')).toBeVisible();
  await expect(page.getByText("Choose one: Punctual doesn't guess this.")).toBeVisible();
  await expectAccessible(page);

  await key.fill('made-in-editor');
  await page.getByLabel('Cron line 1').fill('30 2 * * *');
  await answer(page).click();
  await save(page).click();
  await page.waitForURL('**/jobs/made-in-editor');
  await expect(page.getByText('Never ran.')).toBeVisible();
});

test('a problem that is found by leaving its field doesn’t take the click from where one went', async ({
  page,
}) => {
  await page.goto('/jobs/new');
  await page.getByRole('button', { name: 'Add a parameter' }).click();
  const name = page.getByLabel('Name of parameter 1');
  const problem = page.getByText('has only letters, digits and underscores');
  // What checks the form has come by then.
  await name.fill('a b');
  await name.press('Tab');
  await expect(problem).toBeVisible();
  await name.fill('a');
  await expect(problem).toHaveCount(0);

  await page.getByLabel('Description of parameter 1').fill('x'.repeat(501));
  // It comes after the page, and moves what is below.
  await expect(page.getByText('Insert a secret')).toBeVisible();
  const hasDefault = page.getByRole('checkbox', { name: 'has a default' });
  const before = await hasDefault.boundingBox();
  await hasDefault.hover();
  await page.mouse.down();
  await twoFrames(page);
  expect(await hasDefault.boundingBox()).toEqual(before);
  await page.mouse.up();
  await expect(hasDefault).toBeChecked();
  await expect(page.getByText('Use at most 500 characters.')).toBeVisible();
});

/** What a press brings about has been drawn. */
const twoFrames = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );

test('a key that is taken is told at its field, and nothing that was typed is lost', async ({
  page,
  job,
}) => {
  await job({ key: 'taken-key' });
  await fillNewJob(page, 'taken-key');
  await answer(page).click();
  await save(page).click();
  await expect(
    page.getByText('There is already a job with the key taken-key').first(),
  ).toBeVisible();
  await expect(page.getByLabel('Key', { exact: true })).toBeFocused();
  await expect(page.getByRole('textbox', { name: 'Script' })).toHaveValue('echo made by hand');
});

test('what was typed survives a closed tab', async ({ page }) => {
  await fillNewJob(page, 'left-behind');
  await page.close({ runBeforeUnload: true });
  const again = await page.context().newPage();
  await again.goto('/jobs/new');
  await expect(again.getByText(/You have an unsaved draft from/)).toBeVisible();
  await again.getByRole('button', { name: 'Go on with it' }).click();
  await expect(again.getByLabel('Key', { exact: true })).toHaveValue('left-behind');
  await expect(again.getByRole('textbox', { name: 'Script' })).toHaveValue('echo made by hand');
  await again.getByRole('button', { name: 'Discard' }).click();
  await again.reload();
  await expect(again.getByLabel('Key', { exact: true })).toHaveValue('');
  await expect(again.getByText(/You have an unsaved draft from/)).toHaveCount(0);
});

test.describe('with a session that is over', () => {
  test.use({ expectedErrors: [/status of 401/] });

  test('one signs in again where one is, and the save goes on', async ({ page }) => {
    await fillNewJob(page, 'signed-out-meanwhile');
    await answer(page).click();
    await page.context().clearCookies({ name: 'punctual.session' });
    await save(page).click();
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await dialog.getByLabel('Password').fill('not the password');
    await dialog.getByRole('button', { name: 'Sign in and save' }).click();
    await expect(dialog.getByText("don't belong together")).toBeVisible();
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Sign in and save' }).click();
    await page.waitForURL('**/jobs/signed-out-meanwhile');
  });
});

test('a saved edit can be undone from where it is told', async ({ page, job }) => {
  await job({ key: 'edited-and-back', owner: 'before' });
  await page.goto('/jobs/edited-and-back/edit');
  await page.getByLabel('Owner').fill('after');
  await expect(page.getByText('1 change: owner.')).toBeVisible();
  await page.getByRole('button', { name: 'Save as revision 2' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Revision 1 is the current one again')).toBeVisible();
  await page.goto('/jobs/edited-and-back/definition');
  await expect(page.locator('#main').getByText('before', { exact: true })).toBeVisible();
});

test('somebody who may only look is told so instead of a form', async ({ pageAs, job }) => {
  await job({ key: 'not-yours' });
  const viewer = await pageAs('viewer');
  await viewer.goto('/jobs/not-yours/edit');
  await expect(viewer.getByRole('heading', { name: 'You may not change jobs' })).toBeVisible();
  await expect(viewer.getByRole('link', { name: 'To the job' })).toBeVisible();
});
