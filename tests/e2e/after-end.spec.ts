import { expectSentence } from './acts.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

test('a job that counts from the end of its last run: made, seen to run twice, its next tick moves', async ({
  page,
  worker,
  installation: { db },
}) => {
  await worker();
  await page.goto('/jobs/new');
  await page.getByLabel('Key', { exact: true }).fill('after-its-end');
  await page.getByRole('radio', { name: 'Script' }).click();
  await page.getByRole('textbox', { name: 'Script' }).fill('true');
  await page.getByRole('radio', { name: 'At an interval' }).click();
  await page.getByRole('radio', { name: 'The end of the last run' }).click();
  await expect(page.getByText('So long after each run has ended, however it ends')).toBeVisible();
  await expect(page.getByLabel('In step with')).toHaveCount(0);
  await expect(page.getByLabel('Missed', { exact: true })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Next 20 ticks' }).first()).toContainText(
    'Each comes when the interval has passed since the run before ended',
  );
  await page.getByRole('button', { name: 'More about when' }).click();
  await expect(page.getByLabel('Starts', { exact: true })).toBeVisible();
  await expect(page.getByLabel('Spread over')).toHaveCount(0);
  const every = page.getByRole('textbox', { name: 'Every' });
  await every.fill('8');
  await every.locator('xpath=../..').getByRole('combobox').selectOption('s');
  await expectAccessible(page);
  await page.getByRole('radio', { name: /Yes: start it again/ }).click();
  await page.getByRole('button', { name: 'Make the job' }).click();
  await page.waitForURL('**/jobs/after-its-end');

  // Nothing is reloaded: the page says by itself what comes, and that it has come.
  await expect(page.getByText('8 s after each run’s end').first()).toBeVisible();
  await expectSentence(page, /Healthy/);
  const next = page.getByRole('row', { name: /planned/ });
  const nextTime = async () =>
    (await next.count()) === 0 ? undefined : /\d\d:\d\d:\d\d/.exec(await next.innerText())?.[0];
  await expect.poll(nextTime).toBeDefined();
  const first = await nextTime();
  const ledger = page.getByRole('table').filter({ has: page.getByText('Why it ran') });
  await expect(ledger.getByRole('row', { name: /succeeded/ }).nth(1)).toBeVisible({
    timeout: 30_000,
  });
  await expect
    .poll(async () => {
      const now = await nextTime();
      return now !== undefined && now !== first;
    })
    .toBe(true);
  const ticks = await db.sql<{ at: Date; endedAt: Date }>(
    `SELECT r.scheduled_for AS at, r.finished_at AS "endedAt" FROM run r JOIN job j ON j.id = r.job_id
      WHERE j.key = 'after-its-end' AND r.trigger = 'tick' AND NOT r.is_live ORDER BY r.scheduled_for`,
  );
  expect(ticks[1]!.at.getTime()).toBe(ticks[0]!.endedAt.getTime() + 8_000);

  await page.goto('/jobs/after-its-end/next');
  await expect(page.getByText('only the next one is known')).toBeVisible();
  await page.goto('/jobs?q=after-its-end');
  await expect(page.getByTitle('8 s after each run’s end, UTC')).toBeVisible();
  await expectAccessible(page);
});

test('resumed, it is asked whether the run that came due in the pause comes at once', async ({
  page,
  job,
  worker,
  installation: { db },
}) => {
  await worker();
  const { id } = await job({
    key: 'rested',
    schedule: { type: 'interval', from: 'end', everyMs: 600_000, timeZone: 'UTC' },
  });
  await page.goto('/jobs/rested');
  await expectSentence(page, /Healthy/);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expectSentence(page, /Paused by/);
  // An hour goes by.
  await db.sql(`UPDATE job SET last_end_at = now() - interval '1 hour' WHERE id = $1`, [id]);
  await db.sql(
    `UPDATE run SET finished_at = now() - interval '1 hour' WHERE NOT is_live AND job_id = $1`,
    [id],
  );
  await page.reload();
  await page.getByRole('button', { name: 'Resume', exact: true }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(
    'came due in the pause. Skipped, it comes a whole interval after',
  );
  await expect(dialog.getByRole('radio', { name: 'Pick' })).toHaveCount(0);
  await expectAccessible(page);
  await dialog.getByRole('radio', { name: /Run the latest/ }).click();
  await dialog.getByRole('button', { name: 'Resume and run 1' }).click();
  await expect(page.getByText(/1 run makes up for the pause/).first()).toBeVisible();
  await expect
    .poll(async () => (await db.sql('SELECT FROM run WHERE job_id = $1', [id])).length)
    .toBe(2);
});
