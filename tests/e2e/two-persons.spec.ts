import type { Schedule } from '#core/schedules/schedule.ts';
import { expect, test } from './fixtures.ts';

const everyDay: Schedule = { type: 'cron', lines: ['0 6 * * *'], timeZone: 'UTC' };

test('an edit waits for a second person, who sees the difference and allows it', async ({
  page,
  pageAs,
  job,
}) => {
  await job({ key: 'month-end', schedule: everyDay, labels: { team: 'billing' } });
  await page.goto('/settings/installation');
  await page.getByRole('textbox', { name: 'Labels' }).fill('team=billing');
  await page
    .getByRole('region', { name: 'Edits by two persons' })
    .getByRole('button', { name: 'Save' })
    .click();
  await expect(page.getByText('Edits of jobs with 1 label wait for a second person')).toBeVisible();

  const editor = await pageAs('editor');
  await editor.goto('/jobs/month-end/edit');
  await editor.getByLabel('Owner').fill('accounts');
  await editor.getByRole('button', { name: 'Save as revision 2' }).click();
  await editor.waitForURL(/\/jobs\/month-end\/proposal$/);
  await expect(editor.getByText('until then revision 1 runs')).toBeVisible();
  await expect(editor.getByRole('button', { name: 'Allow it' })).toHaveCount(0);
  await expect(editor.getByRole('button', { name: 'Take it back' })).toBeVisible();

  await page.goto('/');
  await page
    .getByRole('region', { name: 'Edits that wait for a second person' })
    .getByRole('link', { name: 'Look at it month-end' })
    .click();
  await expect(page.getByText('accounts')).toBeVisible();
  await page.getByRole('button', { name: 'Refuse…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Refuse…' }).click();
  await expect(page.getByText('Say why, for whoever proposed it.')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Allow it' }).click();
  await page.waitForURL(/\/jobs\/month-end$/);
  await expect(page.getByText('Revision 2 is saved')).toBeVisible();
  // Whoever proposed it sees by itself that it was decided.
  await expect(editor.getByText('No edit of this job waits')).toBeVisible();
  await page.goto('/jobs/month-end/revisions');
  await expect(page.getByText('editor and admin')).toBeVisible();

  await page.goto('/settings/installation');
  await page.getByRole('textbox', { name: 'Labels' }).fill('');
  await page
    .getByRole('region', { name: 'Edits by two persons' })
    .getByRole('button', { name: 'Save' })
    .click();
  await expect(page.getByText('No edit waits for a second person')).toBeVisible();
});
