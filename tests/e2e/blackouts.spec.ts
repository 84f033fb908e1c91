import { expect, expectAccessible, test } from './fixtures.ts';

const everySecond = {
  type: 'interval' as const,
  everyMs: 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};

test.afterEach(async ({ installation: { db } }) => {
  await db.sql('UPDATE blackout SET deleted_at = now() WHERE deleted_at IS NULL');
});

/** As a datetime-local input of a reader in Berlin has it. */
function berlin(ms: number): string {
  return new Date(ms).toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' }).replace(' ', 'T');
}

test('a window that holds: who is hit is told before, the job says so, and at its end one run stands for all', async ({
  page,
  job,
  worker,
  installation: { db },
}) => {
  // At the moment of its end a tick may begin by itself, which is then an earlier run.
  const held = await job({ key: 'black-held', schedule: everySecond, overlap: 'allow' });
  await worker();
  await page.goto('/calendars/blackouts');
  await expect(page.getByRole('heading', { name: 'No blackout yet' })).toBeVisible();
  await page.getByRole('link', { name: 'New blackout' }).first().click();
  await page.getByLabel('Name').fill('Database maintenance');
  await expect(page.getByRole('radio', { name: /Hold them/ })).toBeChecked();
  const now = Date.now();
  await page.getByLabel('From').fill(berlin(now - 60_000).slice(0, 16));
  await page.getByLabel('To', { exact: true }).fill(berlin(now + 3_600_000).slice(0, 16));
  await page.getByRole('combobox', { name: 'Jobs' }).click();
  await page.getByPlaceholder('Find a job').fill('black-held');
  await page.getByRole('option', { name: 'black-held' }).click();
  const answer = page.getByRole('region', { name: 'Who is hit' });
  await expect(answer.getByText('1 job is hit.')).toBeVisible();
  await expect(
    answer.getByText(/3,\d\d\d ticks become no run, and 1 run starts at the end/),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Make the blackout' }).click();

  const rowOfIt = page.getByRole('row', { name: /Database maintenance/ });
  await expect(
    page.getByRole('region', { name: 'On now' }).and(page.locator('section')),
  ).toBeVisible();
  await expect(rowOfIt).toContainText('holds');
  await expectAccessible(page);

  // The ticks that fall in it stand in one row of the ledger, held.
  await page.goto('/jobs/black-held');
  await expect(page.getByText('held by Database maintenance').first()).toBeVisible();
  await expect(page.getByText(/blackout Database maintenance/).first()).toBeVisible();

  await page.goto('/calendars/blackouts');
  await rowOfIt.getByRole('button', { name: 'End now' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/the latest tick of each job runs at once/)).toBeVisible();
  await dialog.getByRole('button', { name: 'End now' }).click();
  await expect(page.getByText('Database maintenance has ended.')).toBeVisible();
  await expect(rowOfIt).toContainText('ended early by');
  await page.goto('/jobs/black-held');
  await expect(page.getByText(/covered by run/).first()).toBeVisible();
  const [row] = await db.sql<{ gaps: number }>(
    "SELECT count(*)::int AS gaps FROM gap WHERE job_id = $1 AND reason = 'held' AND NOT to_cover",
    [held.id],
  );
  expect(row!.gaps).toBe(1);
});

test('a weekly one over a label is edited and deleted; a viewer may only look', async ({
  page,
  pageAs,
  job,
}) => {
  await job({ key: 'black-report', schedule: everySecond, labels: { team: 'black' } });
  await page.goto('/calendars/blackouts/new');
  await page.getByRole('button', { name: 'Make the blackout' }).click();
  await expect(page.getByText('Give the blackout a name').first()).toBeVisible();
  await page.getByLabel('Name').fill('Busy hours');
  await page.getByRole('radio', { name: /Skip them/ }).check();
  await page.getByRole('radio', { name: 'Every week' }).check();
  await page.getByLabel('Monday').check();
  await page.getByRole('radio', { name: 'Labels' }).check();
  await page.getByRole('combobox', { name: 'Labels' }).click();
  await page.getByRole('option', { name: 'team=black' }).click();
  await expect(page.getByText(/In the next 14 days/)).toBeVisible();
  await page.getByRole('button', { name: 'Make the blackout' }).click();

  const rowOfIt = page.getByRole('row', { name: /Busy hours/ });
  await expect(rowOfIt).toContainText('Mon, Sat, and Sun, 22:00 to 06:00 of the next day');
  await expect(rowOfIt).toContainText('jobs with team=black');
  await rowOfIt.getByRole('link', { name: 'Busy hours' }).click();
  await page.getByLabel('Monday').uncheck();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(rowOfIt).toContainText('Sat and Sun, 22:00 to 06:00');

  const viewer = await pageAs('viewer');
  await viewer.goto('/calendars/blackouts');
  await expect(viewer.getByRole('button', { name: 'New blackout' }).first()).toBeDisabled();
  await expect(viewer.getByRole('button', { name: 'Delete Busy hours' })).toBeDisabled();
  await viewer.goto('/calendars/blackouts/new');
  await expect(
    viewer.getByRole('heading', { name: 'Your role doesn’t make blackouts' }),
  ).toBeVisible();

  await page.getByRole('button', { name: 'Delete Busy hours' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'No blackout yet' })).toBeVisible();
});

test('while a blackout of all jobs is on, every page says so', async ({
  page,
  installation: { db },
}) => {
  const to = new Date(Date.now() + 3_600_000).toISOString();
  await db.sql(
    `INSERT INTO blackout (name, effect, times, scope, created_by, ends_at)
     VALUES ('Release freeze', 'skip', $1::jsonb, '{"type":"all"}', 'Test', $2::timestamptz)`,
    [JSON.stringify({ type: 'once', from: new Date(Date.now() - 60_000).toISOString(), to }), to],
  );
  await page.goto('/runs');
  await expect(
    page.getByText(/The blackout “Release freeze” leaves the ticks of all jobs out until/),
  ).toBeVisible();
  await expectAccessible(page);
});
