import type { Page } from '@playwright/test';
import { AutoPauseRule } from '#core/auto-pause/auto-pause-rule.ts';
import { CircuitRule } from '#core/circuits/circuit-rule.ts';
import type { TestJobOverrides } from '../support/jobs.ts';
import { makeRun } from '../support/runs.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const fails = {
  kind: 'script',
  interpreter: 'sh',
  text: 'echo "error: no route" >&2; exit 3',
} as const;
const yearly: TestJobOverrides['schedule'] = {
  type: 'cron',
  lines: ['0 3 29 2 *'],
  timeZone: 'UTC',
};

const line = (page: Page, cause: string) => page.locator(`[data-why="${cause}"]`);

test('an open circuit is explained on the page of its job, and closed there by hand', async ({
  page,
  pageAs,
  job,
  worker,
  installation: { db },
}) => {
  await worker();
  const own = await job({
    key: 'calls-a-host',
    schedule: yearly,
    overlap: 'allow',
    work: fails,
    circuit: CircuitRule.parse({ failures: 2, openMs: 3_600_000 }),
  });
  await page.goto('/jobs/calls-a-host');
  for (let n = 0; n < 2; n++) await makeRun(db, own);
  // It opens while one looks; nothing is reloaded.
  await expect(line(page, 'circuit_open')).toContainText(
    /Its circuit is open until .*, so ticks are skipped until then. It opened after 2 failures within 10\smin, the last one run \d+\./,
    { timeout: 15_000 },
  );
  const skipped = await makeRun(db, own, { trigger: 'tick' });
  await expect
    .poll(() => db.sql(`SELECT skip_reason AS why FROM run WHERE id = $1`, [skipped]))
    .toEqual([{ why: 'circuit_open' }]);
  await page.goto(`/runs/${skipped}`);
  await expect(page.getByText(/the circuit of the job is open until/).first()).toBeVisible();

  const looking = await pageAs('viewer');
  await looking.goto('/jobs/calls-a-host');
  await expect(looking.getByRole('button', { name: 'Close the circuit' })).toBeDisabled();

  await page.goto('/jobs/calls-a-host');
  await expect(page.getByRole('button', { name: 'Close the circuit' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Close the circuit' }).click();
  await expect(line(page, 'circuit_open')).toHaveCount(0);
  const entries = await db.sql(
    `SELECT actor FROM audit_entry WHERE action = 'circuit.close' AND subject = 'job:calls-a-host'`,
  );
  expect(entries).toEqual([{ actor: 'admin' }]);
});

test('a job that Punctual paused says why, with its runs, and is resumed', async ({
  page,
  job,
  worker,
  installation: { db },
}) => {
  await worker();
  const own = await job({
    key: 'fails-in-a-row',
    schedule: yearly,
    overlap: 'allow',
    work: fails,
    autoPause: AutoPauseRule.parse({ inRow: 2 }),
  });
  await page.goto('/jobs/fails-in-a-row');
  for (let n = 0; n < 2; n++) await makeRun(db, own);
  await expect(
    page.getByText(/Paused by Punctual since .*“2 runs in a row went wrong/),
  ).toBeVisible({
    timeout: 15_000,
  });
  await page.getByRole('button', { name: 'Why isn’t it running?' }).click();
  const panel = page.getByRole('dialog', { name: /^Why isn’t/ });
  await expect(panel.getByText(/run [\d,]+ went wrong/).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Resume', exact: true }).first().click();
  // Nothing fell into the pause, so nothing is asked.
  await expect(page.getByText('Paused by Punctual')).toHaveCount(0);
});

test('circuit and pause by failures are edited under "When it fails", and shown in the revision', async ({
  page,
  job,
}) => {
  await job({ key: 'edited-failing', schedule: yearly, work: fails });
  await page.goto('/jobs/edited-failing/edit');
  const section = page.getByRole('region', { name: 'When it fails' });
  await section.getByText('Of this job').click();
  await section.getByLabel('Opens after').fill('3');
  await section.getByLabel('Pause after').fill('four');
  await page.getByRole('button', { name: /^Save/ }).click();
  await expect(section.getByRole('alert')).toBeVisible();
  await section.getByLabel('Pause after').fill('4');
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Save/ }).click();
  await page.waitForURL('**/jobs/edited-failing');
  await page.goto('/jobs/edited-failing/definition');
  await expect(page.getByText('opens after 3 failures within 10 min').first()).toBeVisible();
  await expect(page.getByText('after 4 failed runs in a row').first()).toBeVisible();
});

test('a queue gets a rate, and everything is paused until a time', async ({
  page,
  installation: { db },
}) => {
  await page.goto('/queues');
  await page.getByRole('button', { name: 'Change sync' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Starts, at most').fill('10');
  await dialog.getByLabel('In, seconds').fill('0');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('The stretch of a rate is at least 1 second.')).toBeVisible();
  await dialog.getByLabel('In, seconds').fill('60');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(/10 starts in 1\smin/)).toBeVisible();
  await db.sql(`UPDATE queue SET rate_starts = NULL, rate_ms = NULL`);

  await page.goto('/settings/installation');
  await page.getByRole('button', { name: 'Pause everything…' }).click();
  const pausing = page.getByRole('dialog');
  await pausing.getByLabel('Reason').fill('the storage moves');
  await pausing.getByLabel('Until', { exact: true }).selectOption('for 1 hour');
  await pausing.getByRole('button', { name: 'Pause everything' }).click();
  const banner = page.getByText(
    /Everything is paused since .*, until .*; then it skips what was missed and goes on/,
  );
  await expect(banner.first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Change when it ends…' }).click();
  const changing = page.getByRole('dialog');
  await changing.getByLabel('Until', { exact: true }).selectOption('somebody resumes it');
  await changing.getByRole('button', { name: 'Save' }).click();
  await expect(banner).toHaveCount(0);
  await db.sql(
    `UPDATE installation SET paused_at = NULL, paused_by = NULL, pause_reason = NULL, pause_until = NULL, resume_answer = NULL`,
  );
});
