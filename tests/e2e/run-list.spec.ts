import { insertRun } from '../support/ledger.ts';
import { sentence, triggerAndOpenRun } from './acts.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const MINUTE_MS = 60_000;

test('runs are found by outcome, words and time, and the address shows a colleague the same', async ({
  page,
  job,
  installation,
}) => {
  const { id: jobId } = await job({ key: 'found-again' });
  for (let n = 1; n <= 8; n++) {
    await insertRun(installation.db.sql, {
      jobId,
      at: Date.now() - n * 20 * MINUTE_MS,
      ...(n <= 3 && { state: 'failed', cause: n === 1 ? 'disk full on /backup' : 'exit 2' }),
    });
  }
  await page.goto('/runs?job=found-again');
  await expect(sentence(page)).toContainText('8 runs match in the last 24 hours. 3 failed');
  await expect(page.getByRole('row')).toHaveCount(9);

  await page.getByRole('button', { name: 'State', exact: true }).click();
  await page.getByRole('checkbox', { name: 'failed' }).click();
  await page.keyboard.press('Escape');
  await expect(sentence(page)).toContainText('3 runs match');
  await expect(page.getByRole('row')).toHaveCount(4);
  await page.reload();
  await expect(page.getByRole('row')).toHaveCount(4);
  await expectAccessible(page);

  await page.getByRole('searchbox').fill('DISK');
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(page.getByRole('row').last()).toContainText('disk full on /backup');
  await page.goBack();
  await expect(page.getByRole('row')).toHaveCount(4);

  // The chart is the filter by time, by keys as well.
  await page.getByRole('slider', { name: 'Beginning of the time shown' }).press('End');
  await expect(page).toHaveURL(/from=/);
  await expect(page.getByText('No run matches').last()).toBeVisible();
  await page.getByRole('button', { name: 'Clear all filters' }).click();
  await expect(page).toHaveURL(/\/runs$/);
});

test('chosen runs are tried again at once, by keys', async ({
  page,
  job,
  worker,
  installation,
}) => {
  const { id: jobId } = await job({ key: 'tried-again', overlap: 'allow' });
  for (const minutes of [5, 6]) {
    await insertRun(installation.db.sql, {
      jobId,
      state: 'failed',
      cause: 'exit 1',
      at: Date.now() - minutes * MINUTE_MS,
    });
  }
  await worker();
  await page.goto('/runs?job=tried-again&state=failed');
  await expect(page.getByRole('row')).toHaveCount(3);
  // Keys count once the page has come to life: `k` puts the cursor on the first row and keeps it there.
  await expect(async () => {
    await page.keyboard.press('k');
    await expect(page.locator('[data-row-link]').first()).toBeFocused({ timeout: 250 });
  }).toPass();
  for (const key of ['x', 'j', 'x']) await page.keyboard.press(key);
  const bar = page.getByRole('region', { name: 'Selected rows' });
  await expect(bar).toContainText('2 selected');
  await expect(bar.getByRole('button', { name: 'Cancel' })).toBeDisabled();
  await bar.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByText('2 runs started again')).toBeVisible();
  await expect(bar).toBeHidden();

  // The list hears of them by itself.
  await page.goto('/runs?job=tried-again');
  await expect(sentence(page)).toContainText('2 failed, 2 succeeded');
  await expect(page.getByRole('row')).toHaveCount(5);
});

test('a viewer sees the runs and what an admin could do', async ({ pageAs, job, installation }) => {
  const { id: jobId } = await job({ key: 'seen-by-a-viewer' });
  await insertRun(installation.db.sql, { jobId, state: 'failed', cause: 'exit 1' });
  const page = await pageAs('viewer');
  await page.goto('/runs?job=seen-by-a-viewer');
  await page.getByRole('checkbox', { name: /^Select run/ }).click();
  const retry = page.getByRole('button', { name: 'Retry' });
  await expect(retry).toBeDisabled();
  await expect(retry).toHaveAttribute('title', /admin/);
});

test('a log of 30,000 lines opens at its end, is searched, and every line has an address', async ({
  page,
  job,
  worker,
}) => {
  await worker();
  await job({
    key: 'long-log',
    work: {
      kind: 'script',
      interpreter: 'sh',
      text: `seq 1 30000 | sed -e 's/^/row /' -e 's/^row 21000$/error: needle in row 21000/'`,
    },
  });
  await triggerAndOpenRun(page, 'long-log');
  const log = page.getByRole('log');
  await expect(log).toContainText('row 30000', { timeout: 20_000 });
  // What isn't near the view isn't in the page.
  expect(await log.locator('[data-line]').count()).toBeLessThan(300);

  await page.getByRole('searchbox', { name: 'Find in the log' }).fill('NEEDLE');
  await expect(page.getByText('0 of 1')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('1 of 1')).toBeVisible();
  await expect(log.locator('mark')).toHaveText('needle');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'First error' }).click();
  await expect(log.locator('[data-line="21000"]')).toBeInViewport();

  await page.goto(`${page.url().split('#')[0]}#L12345`);
  await expect(log.locator('[data-line="12345"]')).toBeInViewport();
  await expectAccessible(page);
});
