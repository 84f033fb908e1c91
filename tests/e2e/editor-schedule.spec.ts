import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';

const line = (page: Page) => page.getByLabel('Cron line 1');
const ticks = (page: Page) => page.getByRole('region', { name: 'Next 20 ticks' });

async function chooseZone(page: Page, zone: string): Promise<void> {
  await page.getByLabel('Time zone', { exact: true }).click();
  await page.getByPlaceholder('A city or a zone').fill(zone);
  await page.getByRole('option', { name: zone }).click();
}

test('a job is made with a line of Quartz, and read back as it was written', async ({ page }) => {
  await page.goto('/jobs/new');
  await page.getByLabel('Key', { exact: true }).fill('made-with-quartz');
  await page.getByRole('radio', { name: 'Script' }).click();
  await page.getByRole('textbox', { name: 'Script' }).fill('true');
  await line(page).fill('30 2 * * *');
  await expect(page.getByText('daily at 02:30').first()).toBeVisible();

  await page.getByLabel('Written as').selectOption('quartz');
  await expect(page.getByText('has 5 fields. Write 6 fields').first()).toBeVisible();
  await line(page).fill('0 30 2 ? * SUN#9');
  await line(page).blur();
  const problem = page.getByRole('group', { name: 'Cron lines' }).getByRole('alert');
  await expect(problem).toContainText('#9');
  await expect(line(page)).toHaveAttribute('aria-invalid', 'true');
  await line(page).fill('0 30 2 ? * SUN');
  await expect(problem).toHaveCount(0);
  await expect(page.getByText('read as 30 2 * * 0')).toBeVisible();
  await expect(ticks(page).first()).toContainText('02:30');

  // What was typed for a crontab is still there, and so is the line of Quartz.
  await page.getByLabel('Written as').selectOption('unix');
  await expect(line(page)).toHaveValue('30 2 * * *');
  await page.getByLabel('Written as').selectOption('quartz');
  await expect(line(page)).toHaveValue('0 30 2 ? * SUN');

  await expect(page.getByRole('button', { name: 'More about when' })).toHaveAttribute(
    'aria-expanded',
    'false',
  );
  await chooseZone(page, 'Europe/Berlin');
  await page.getByRole('button', { name: 'More about when' }).press('Enter');
  await expect(
    page.getByText(/02:30 does not run\..*02:30 runs at UTC\+1\./).first(),
  ).toBeVisible();
  await page.getByRole('radio', { name: 'By a rule of its own' }).click();
  await expect(
    page.getByRole('radio', { name: /Run as much later.*02:30 runs at 03:30/ }),
  ).toBeVisible();
  await page.getByRole('radio', { name: /Run when the missing hour ends/ }).click();
  await page.getByLabel('At most', { exact: true }).fill('3');
  await expect(ticks(page).first().getByRole('listitem').filter({ hasText: '02:30' })).toHaveCount(
    3,
  );
  await expectAccessible(page);

  await page.getByRole('radio', { name: /Yes: start it again/ }).click();
  await page.getByRole('button', { name: 'Make the job' }).click();
  await page.waitForURL('**/jobs/made-with-quartz');
  await page.goto('/jobs/made-with-quartz/definition');
  const main = page.locator('#main');
  await expect(main.getByText('0 30 2 ? * SUN')).toBeVisible();
  await expect(main.getByText('Quartz', { exact: true })).toBeVisible();
  await expect(main.getByText('missing times run when the missing hour ends')).toBeVisible();

  await page.goto('/jobs/made-with-quartz/edit');
  await expect(line(page)).toHaveValue('0 30 2 ? * SUN');
  await expect(page.getByLabel('Written as')).toHaveValue('quartz');
  await expect(page.getByLabel('At most', { exact: true })).toHaveValue('3');
  await expect(page.getByText('Unsaved changes')).toHaveCount(0);
});

test('single dates are typed on the clock of the zone', async ({ page, job }) => {
  await job({ key: 'on-dates' });
  await page.goto('/jobs/on-dates/edit');
  await page.getByRole('radio', { name: 'At single dates' }).click();
  const dates = page.getByRole('textbox', { name: 'Dates' });
  await dates.fill('2037-03-29 09:00\nsoon');
  await dates.blur();
  await expect(page.getByText('“soon” is no date with a time.')).toBeVisible();
  await dates.fill('2037-03-29 09:00\n2037-12-24 18:30');
  await expect(ticks(page).first()).toContainText('18:30');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save as revision 2' }).click();
  await page.waitForURL('**/jobs/on-dates');
  await page.goto('/jobs/on-dates/edit');
  await expect(dates).toHaveValue('2037-03-29 09:00\n2037-12-24 18:30');
});
