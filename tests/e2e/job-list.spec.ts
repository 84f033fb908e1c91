import { expect, expectAccessible, test } from './fixtures.ts';
import { insertRun } from '../support/ledger.ts';

const everyDay = { type: 'cron' as const, lines: ['0 3 * * *'], timeZone: 'Europe/Berlin' };

test('search, filters and order stand in the address, and back takes them away again', async ({
  page,
  job,
}) => {
  await job({ key: 'list-alpha', labels: { team: 'shop' } });
  await job({ key: 'list-beta', labels: { team: 'mail' }, queue: 'reports' });
  await page.goto('/jobs?q=list-');
  // Within the page: what is streamed stands beside it, hidden, for a moment.
  const rows = page.locator('#main tr[data-row]');
  await expect(rows).toHaveCount(2);
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Label', exact: true }).click();
  await page.getByRole('checkbox', { name: 'team=shop' }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/label=team(=|%3D)shop/);
  await expect(rows).toHaveCount(1);
  await page.goBack();
  await expect(rows).toHaveCount(2);

  await page.keyboard.press('/');
  await page.keyboard.type('list-b');
  await expect(page).toHaveURL(/q=list-b/);
  await expect(rows).toHaveCount(1);
  await page.reload();
  await expect(rows).toContainText('list-beta');
});

test('several jobs are paused with one reason, and the note takes it back', async ({
  page,
  job,
  installation: { db },
}) => {
  const jobs = [
    await job({ key: 'bulk-one', schedule: everyDay }),
    await job({ key: 'bulk-two', schedule: everyDay }),
  ];
  const reasons = async () =>
    (
      await db.sql<{ reason: string | null }>(
        'SELECT pause_reason AS reason FROM job WHERE id = ANY ($1::int[])',
        [jobs.map(({ id }) => id)],
      )
    ).map(({ reason }) => reason);
  await page.goto('/jobs?q=bulk-');
  await page.getByRole('checkbox', { name: 'Select all on this page' }).click();
  await page.getByRole('button', { name: 'Pause…' }).click();
  await page.getByLabel('Reason').fill('deploy freeze');
  await page.getByRole('button', { name: 'Pause 2 jobs' }).click();
  await expect(page.getByRole('row', { name: /“deploy freeze”/ })).toHaveCount(2);
  await expect.poll(reasons).toEqual(['deploy freeze', 'deploy freeze']);
  await page.getByRole('button', { name: 'Resume', exact: true }).last().click();
  await expect.poll(reasons).toEqual([null, null]);
  await expect(page.getByRole('row', { name: /“deploy freeze”/ })).toHaveCount(0);
});

test('the list stays while what belongs to chosen rows is on its way', async ({ page, job }) => {
  await job({ key: 'stays-here' });
  await page.goto('/jobs?q=stays-');
  // Keys count once the page has come to life.
  await expect(async () => {
    await page.keyboard.press('k');
    await expect(page.locator('[data-row-link]').first()).toBeFocused({ timeout: 250 });
  }).toPass();
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  await page.route('**/_next/static/chunks/**', async (route) => {
    await opened;
    await route.continue();
  });
  const box = page.getByRole('checkbox', { name: 'Select stays-here' });
  await box.click();
  await expect(box).toBeChecked();
  await expect(page.getByRole('link', { name: 'stays-here' })).toBeVisible();
  open();
  await expect(page.getByRole('region', { name: 'Selected rows' })).toBeVisible();
  await box.click();
  await expect(box).not.toBeChecked();
});

test('rows keep their places while somebody points at them', async ({
  page,
  job,
  installation: { db },
}) => {
  await job({ key: 'still-first' });
  const failing = await job({ key: 'still-second' });
  await page.goto('/jobs?q=still-');
  const keys = () => page.locator('tr[data-row] [data-row-link]').allTextContents();
  await expect.poll(keys).toEqual(['still-first', 'still-second']);
  await page.getByRole('link', { name: 'still-first' }).hover();

  await insertRun(db.sql, {
    jobId: failing.id,
    state: 'failed',
    trigger: 'manual',
    cause: 'exit 1',
  });
  await db.sql(`SELECT pg_notify('punctual_console', $1)`, [
    JSON.stringify({ topic: 'run', ids: [] }),
  ]);
  await expect(page.getByText('The order changed')).toBeVisible();
  expect(await keys()).toEqual(['still-first', 'still-second']);
  await expect(page.getByRole('row', { name: /still-second.*failed at/ })).toBeVisible();
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect.poll(keys).toEqual(['still-second', 'still-first']);
});

test('the overview says what fails and why, and leads to its run', async ({
  page,
  job,
  installation: { db },
}) => {
  const { id } = await job({ key: 'fails-loudly' });
  const runId = await insertRun(db.sql, {
    jobId: id,
    state: 'failed',
    trigger: 'manual',
    cause: 'exit 3: disk full on /backup',
  });
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/failing/);
  const item = page.getByRole('listitem').filter({ hasText: 'fails-loudly' });
  await expect(item).toContainText('disk full on /backup');
  await expectAccessible(page);
  await item.getByRole('link', { name: /Open run/ }).click();
  await expect(page).toHaveURL(new RegExp(`/runs/${runId}$`));
});

test('everything is paused from the palette, each page says so, and resuming ends it', async ({
  page,
  pageAs,
  installation: { db },
}) => {
  await page.goto('/jobs');
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox').fill('pause every');
  await page.getByRole('option', { name: /Pause everything/ }).click();
  await page.getByRole('button', { name: 'Pause everything' }).click();
  await expect(page.getByText(/Say in a few words why/)).toBeVisible();
  await page.getByLabel('Reason').fill('moving house');
  await page.getByRole('button', { name: 'Pause everything' }).click();
  const banner = /Everything is paused since .* by admin: moving house/;
  await expect(page.getByText(banner)).toBeVisible();

  const viewer = await pageAs('viewer');
  await viewer.goto('/workers');
  await expect(viewer.getByText(banner)).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Resume' })).toBeDisabled();
  await expectAccessible(viewer);

  await page.goto('/');
  await page.getByRole('button', { name: 'Resume' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Resume everything' }).click();
  await expect(page.getByText(banner)).toHaveCount(0);
  await expect(viewer.getByText(banner)).toHaveCount(0);
  expect(await db.sql('SELECT FROM installation WHERE paused_at IS NOT NULL')).toEqual([]);
});

test('a schedule without a short form stands in words, whoever draws it', async ({ page, job }) => {
  await job({ key: 'odd-hours', schedule: { ...everyDay, lines: ['*/15 9-17 * * 1-5'] } });
  const words = 'every 15 minutes, between 09:00 and 17:59, Monday through Friday';
  const row = page.getByRole('row', { name: /odd-hours/ });
  await page.goto('/jobs?q=odd-hours');
  await expect(row.getByTitle(`${words}, Europe/Berlin`)).toHaveText(words);

  await page.goto('/runs');
  await page.getByRole('link', { name: /^Jobs/ }).click();
  await expect(row).toContainText(words);
});
