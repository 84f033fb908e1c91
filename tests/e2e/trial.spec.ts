import type { Page } from '@playwright/test';
import type { Sql } from '#core/db.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const trial = (page: Page) => page.getByRole('region', { name: 'Trial' });

/** Ended runs of a revision, as its workers would have left them. */
async function ended(sql: Sql, jobId: number, revision: number, runs: number, state: string) {
  await sql(
    `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, attempt, worker_id, started_at,
                      finished_at, queue, kind)
     SELECT false, $1::int, $2::int, 'manual', $4::text, now() + n * interval '1 ms', now(), 1, 1, now(),
            now() + interval '1 s', 'default', 'script'
       FROM generate_series(1, $3::int) AS n`,
    [jobId, revision, runs, state],
  );
}

async function tryNewScript(page: Page, key: string): Promise<void> {
  await page.goto(`/jobs/${key}/edit`);
  await expect(page.getByRole('region', { name: 'Next 20 ticks' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Script' }).fill('echo tried');
  await page.getByRole('button', { name: 'Try on some runs…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Try revision 2 on some of the runs' });
  await dialog.getByRole('radio', { name: '25 of 100 runs' }).click();
  await dialog.getByLabel('Compare after').fill('4');
  await dialog.getByRole('button', { name: 'Begin the trial' }).click();
  await expect(dialog.getByText('Give a whole number from 5 to 1000.')).toBeVisible();
  await dialog.getByLabel('Compare after').fill('10');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Begin the trial' }).click();
  await page.waitForURL(`**/jobs/${key}`);
}

test('a revision is tried on some runs, and goes back by hand', async ({ page, job }) => {
  await job({ key: 'tried-by-hand' });
  await tryNewScript(page, 'tried-by-hand');
  await expect(trial(page)).toContainText('Revision 2 is on trial: 0 of 10 runs, none failed.');
  await expect(trial(page)).toContainText('It takes 25 of 100 runs');
  await expectAccessible(page);
  await page.goto('/jobs/tried-by-hand/revisions');
  await expect(page.getByText('on trial', { exact: true })).toBeVisible();
  await trial(page).getByRole('button', { name: 'Go back to 1' }).click();
  await expect(page.getByText('Back to what it was, as revision 3.')).toBeVisible();
  await expect(trial(page)).toContainText('ended by');
  await expect(
    page.getByText(/Goes back to revision 1: its trial was ended by hand/),
  ).toBeVisible();
});

test('a revision that fails goes back by itself while one watches', async ({
  page,
  job,
  worker,
  installation: { db },
}) => {
  const { id } = await job({ key: 'tried-badly' });
  await ended(db.sql, id, 1, 20, 'succeeded');
  await tryNewScript(page, 'tried-badly');
  await expect(trial(page)).toContainText('Revision 1: 20 runs, none failed');
  await ended(db.sql, id, 2, 4, 'failed');
  await worker();
  await expect(trial(page)).toContainText('it failed more often than chance explains', {
    timeout: 30_000,
  });
});

test('what holds for all runs can’t be tried, and is saved for all', async ({ page, job }) => {
  await job({ key: 'untriable' });
  await page.goto('/jobs/untriable/edit');
  // What is ahead comes when the page can be used.
  await expect(page.getByRole('region', { name: 'Next 20 ticks' })).toBeVisible();
  await page.getByLabel('Still running').selectOption('queue_all');
  await page.getByRole('button', { name: 'Try on some runs…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/can’t be tried on some of the runs/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Begin the trial' }).click();
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Save as revision 2' }).click();
  await page.waitForURL('**/jobs/untriable');
  await expect(trial(page)).toHaveCount(0);
});
