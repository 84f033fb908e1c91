import type { Sql } from '#core/db.ts';
import type { TestJob, TestJobOverrides } from '../support/jobs.ts';
import { insertRun, insertWorker } from '../support/ledger.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const DAY_MS = 86_400_000;
const daily = { type: 'cron' as const, lines: ['0 0 * * *'], timeZone: 'UTC' };
const midnight = () => new Date(Math.ceil(Date.now() / DAY_MS) * DAY_MS);

/** Jobs of a queue of their own that meet at midnight, each run of which takes a minute. */
async function meeting(
  sql: Sql,
  job: (overrides: TestJobOverrides) => Promise<TestJob>,
  queue: string,
  count: number,
): Promise<TestJob[]> {
  await sql(
    `INSERT INTO queue (name, max_running, max_waiting, default_timeout_ms, updated_at) VALUES ($1, 4, 1000, 600000, now())
     ON CONFLICT DO NOTHING`,
    [queue],
  );
  const jobs: TestJob[] = [];
  for (let n = 0; n < count; n++) {
    const made = await job({
      key: `${queue}-${String(n).padStart(2, '0')}`,
      queue,
      schedule: daily,
    });
    const at = Date.now() - 3_600_000;
    await insertRun(sql, { jobId: made.id, trigger: 'manual', at, durationMs: 60_000 });
    jobs.push(made);
  }
  return jobs;
}

test('the forecast tells where jobs wait, who they are, and the same as a table', async ({
  page,
  job,
  installation: { db },
}) => {
  await insertWorker(db.sql, { slots: 40 });
  await meeting(db.sql, job, 'crowd', 12);
  await page.goto('/forecast?queue=crowd');
  await expect(page.getByRole('heading', { name: 'Forecast' })).toBeVisible();
  await expect(page.getByText('longest wait 2 min').first()).toBeVisible();
  const row = page.getByRole('row', { name: /12 jobs/ });
  await expect(row).toContainText('crowd-');
  await expectAccessible(page);
  // The peak is the only column that isn't empty: the first one that the arrow keys come to.
  const chart = page.getByRole('group', { name: /^crowd: runs at once against 4 slots/ });
  await chart.focus();
  for (let step = 0; step < 290; step++) {
    await page.keyboard.press('ArrowRight');
    if ((await chart.getByText(/12 runs start/).count()) > 0) break;
  }
  await expect(chart.getByText(/12 at once, 4 slots; the longest wait is 2\s*min/)).toBeVisible();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('region', { name: /, crowd$/ });
  await expect(panel.getByText('12 jobs start')).toBeVisible();
  await expect(panel.getByRole('link', { name: 'crowd-00' })).toBeVisible();
  await expect(page).toHaveURL(/of=queue/);
  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(panel).toBeHidden();
  await page.getByRole('button', { name: 'As a table' }).click();
  const table = page.getByRole('group', { name: 'crowd', exact: true }).getByRole('table');
  await expect(table.getByRole('row')).toHaveCount(2);
  await expectAccessible(page);
  await page.getByRole('radio', { name: '7 d' }).check();
  await expect(page).toHaveURL(/stretch=7d/);
  await expect(page.getByText(/7 times, first/)).toBeVisible();
});

test('“spread these” moves what meets, all but what is unticked or overtaken, and can be taken back', async ({
  page,
  job,
  installation: { db },
}) => {
  await insertWorker(db.sql, { slots: 40 });
  const jobs = await meeting(db.sql, job, 'peak', 12);
  await page.goto('/forecast?queue=peak');
  await page.getByRole('button', { name: /^Spread what starts at .* in peak/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/Peak of 12 at .* → 2 at/)).toBeVisible();
  await expect(dialog.getByText('Up to 2 of 4 slots may meet')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Save 10 edits' })).toBeVisible();
  await expectAccessible(page);
  const moved = await dialog.getByRole('listitem').getByRole('checkbox').count();
  expect(moved).toBe(10);
  const [unticked, overtaken] = await Promise.all(
    [0, 1].map((n) =>
      dialog
        .locator('fieldset li .font-mono')
        .nth(n * 3)
        .innerText(),
    ),
  );
  await dialog.getByRole('checkbox', { name: new RegExp(`^${unticked}`) }).uncheck();
  const other = jobs.find(({ key }) => key === overtaken)!;
  await db.sql(
    `INSERT INTO revision (job_id, number, definition, created_by) SELECT job_id, 2, definition, 'Colleague' FROM revision WHERE job_id = $1`,
    [other.id],
  );
  await db.sql('UPDATE job SET revision = 2 WHERE id = $1', [other.id]);
  await dialog.getByRole('button', { name: 'Save 9 edits' }).click();
  await expect(dialog.getByText('1 job was not moved')).toBeVisible();
  await expect(dialog.getByText(/Colleague saved revision 2 while you were editing/)).toBeVisible();
  await expect(page.getByText('8 jobs are moved.')).toBeVisible();
  const lines = () =>
    db.sql<{ line: string }>(
      `SELECT DISTINCT v.definition -> 'schedule' -> 'lines' ->> 0 AS line
         FROM job j JOIN revision v ON v.job_id = j.id AND v.number = j.revision WHERE j.id = ANY ($1::int[])`,
      [jobs.map(({ id }) => id)],
    );
  expect((await lines()).length).toBeGreaterThan(6);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('8 jobs are back where they were.')).toBeVisible();
  expect(await lines()).toEqual([{ line: '0 0 * * *' }]);
});

test('who may only look sees the forecast and can’t spread', async ({
  pageAs,
  job,
  installation: { db },
}) => {
  await insertWorker(db.sql, { slots: 40 });
  await meeting(db.sql, job, 'looked-at', 6);
  const page = await pageAs('viewer');
  await page.goto('/forecast?queue=looked-at');
  const spread = page.getByRole('button', { name: /^Spread what starts at .* in looked-at/ });
  await expect(spread).toBeDisabled();
  await expect(spread).toHaveAttribute('title', /^It takes the right to change when jobs run/);
  expect(midnight().getTime()).toBeGreaterThan(Date.now());
});
