import { insertRun } from '../support/ledger.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const HOUR_MS = 3_600_000;
const hourly = { type: 'cron' as const, lines: ['0 * * * *'], timeZone: 'Europe/Berlin' };

test('a run is triggered with parameters, which are checked where they are typed', async ({
  page,
  job,
  installation,
}) => {
  const { id } = await job({
    key: 'asks-for-a-day',
    parameters: [
      { name: 'day', type: 'text', description: 'Which day to refund' },
      { name: 'limit', type: 'number', default: 100 },
    ],
  });
  await page.goto('/jobs/asks-for-a-day');
  await expect(page.getByText('Nothing has run yet')).toBeVisible();
  await page.getByRole('button', { name: 'Trigger', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('limit').fill('many');
  await dialog.getByRole('button', { name: 'Trigger' }).click();
  await expect(dialog.getByText('day has no default: give a value.')).toBeVisible();
  await expect(dialog.getByText('limit is a number.')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel('day').fill('2027-03-23');
  await dialog.getByLabel('limit').fill('7');
  await dialog.getByRole('button', { name: 'Trigger' }).click();
  await expect(page.getByText('asks-for-a-day is triggered.').first()).toBeVisible();
  const runs = await installation.db.sql<{ parameters: unknown }>(
    'SELECT parameters FROM run WHERE job_id = $1',
    [id],
  );
  expect(runs).toEqual([{ parameters: { day: '2027-03-23', limit: 7 } }]);
  await expect(
    page.getByRole('table', { name: 'Ledger' }).getByRole('row', { name: /by admin/ }),
  ).toBeVisible();
});

test('the edges of the chart choose the ledger’s time, and back works', async ({
  page,
  job,
  installation,
}) => {
  const first = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 20 * HOUR_MS;
  const { id } = await job({
    key: 'has-history',
    schedule: hourly,
    createdAt: new Date(first - HOUR_MS / 2),
  });
  for (let hour = 0; hour <= 20; hour++) {
    await insertRun(installation.db.sql, {
      jobId: id,
      at: first + hour * HOUR_MS,
      state: hour === 15 ? 'failed' : 'succeeded',
      durationMs: 3_000 + hour,
      cause: hour === 15 ? 'exit 2: disk full' : null,
    });
  }
  // As a planner and a worker would have left it.
  const began = new Date(first - HOUR_MS / 2).toISOString();
  await installation.db.sql('UPDATE revision SET created_at = $2 WHERE job_id = $1', [id, began]);
  await installation.db.sql('UPDATE job SET planned_until = now() WHERE id = $1', [id]);
  await page.goto('/jobs/has-history');
  await expect(page.getByText(/expected 21/)).toBeVisible();
  await expect(page.getByLabel('It adds up: every tick is accounted for.')).toBeVisible();
  await expectAccessible(page);

  const from = page.getByRole('slider', { name: 'Ledger from' });
  await from.focus();
  for (let step = 0; step < 5; step++) await from.press('ArrowRight');
  await expect(page.getByText(/expected 16/)).toBeVisible();
  const to = page.getByRole('slider', { name: 'Ledger up to' });
  const edge = (await to.boundingBox())!;
  const left = (await from.boundingBox())!;
  await page.mouse.move(edge.x + edge.width / 2, edge.y + 30);
  await page.mouse.down();
  await page.mouse.move((edge.x + left.x) / 2, edge.y + 30, { steps: 8 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*&to=/);
  const ledger = page.getByRole('table', { name: 'Ledger' });
  await expect(ledger.getByRole('row', { name: /failed/ })).toHaveCount(0);
  await page.goBack();
  await expect(page.getByText(/expected 16/)).toBeVisible();
  await expect(ledger.getByRole('row', { name: /failed.*disk full/ })).toBeVisible();
});

test('a copy begins paused, and a job is deleted by typing its key', async ({ page, job }) => {
  await job({ key: 'to-be-copied', schedule: hourly });
  await page.goto('/jobs/to-be-copied');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await page.waitForURL('**/jobs/to-be-copied-copy/edit');
  await page.goto('/jobs/to-be-copied-copy');
  await expect(page.getByText(/Paused.*Copy of to-be-copied/).first()).toBeVisible();

  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Type to-be-copied-copy to delete it').fill('to-be-copied');
  await dialog.getByRole('button', { name: 'Delete the job' }).click();
  await expect(dialog.getByText('Nothing was changed')).toBeVisible();
  await dialog.getByLabel('Type to-be-copied-copy to delete it').fill('to-be-copied-copy');
  await dialog.getByRole('button', { name: 'Delete the job' }).click();
  await page.waitForURL('**/jobs');
  await page.goto('/jobs/to-be-copied-copy');
  // Within the page: what is streamed stands beside it, hidden, for a moment.
  await expect(page.locator('#main').getByText(/Its history stays/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Trigger' })).toHaveCount(0);
});

test('the focus comes back to the menu’s button, from the menu and from its dialog', async ({
  page,
  job,
}) => {
  await job({ key: 'keeps-the-focus', schedule: hourly });
  await page.goto('/jobs/keeps-the-focus');
  const more = page.getByRole('button', { name: 'More', exact: true });
  await more.click();
  await expect(page.getByRole('menu', { name: 'More' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(more).toBeFocused();
  // A second click on the button closes its menu.
  await more.click();
  await expect(page.getByRole('menu')).toBeVisible();
  await more.click();
  await expect(page.getByRole('menu')).toHaveCount(0);
  // Twice, since the dialog's script comes with the first time, after the menu has gone.
  for (const _time of ['first', 'second']) {
    await more.click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByLabel('Type keeps-the-focus to delete it')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(more).toBeFocused();
  }
});

test('notes are shown as text and links, and nothing of them runs', async ({ page, job }) => {
  await job({
    key: 'has-notes',
    notes:
      '## When it fails\n\nSee [the page](https://example.com/a), never [this](javascript:alert(1)).\n\n<img src=x onerror="document.title=1"><b>bold</b>',
    runbookUrl: 'https://example.com/runbook',
  });
  await page.goto('/jobs/has-notes/definition');
  await expect(page.getByRole('heading', { name: 'When it fails', level: 3 })).toBeVisible();
  await expect(page.getByRole('link', { name: 'the page', exact: true })).toHaveAttribute(
    'href',
    'https://example.com/a',
  );
  await expect(page.getByRole('link', { name: 'this', exact: true })).toHaveCount(0);
  await expect(page.locator('main img')).toHaveCount(0);
  await expect(page.locator('a[href^="javascript"]')).toHaveCount(0);
  await expectAccessible(page);
});
