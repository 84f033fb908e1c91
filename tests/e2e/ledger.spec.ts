import { insertRun } from '../support/ledger.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const everySecond = {
  type: 'interval' as const,
  everyMs: 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};

test('the year of a paused job that fires every second is one row, and opens to its ticks', async ({
  page,
  job,
  installation: { db },
}) => {
  const since = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 365 * DAY_MS);
  const to = new Date(since.getTime() + 364 * DAY_MS);
  const paused = await job({
    key: 'year-of-seconds',
    schedule: everySecond,
    retentionDays: 3_650,
    createdAt: since,
  });
  await db.sql(
    `INSERT INTO gap (job_id, revision, span, reason, note, created_by)
     VALUES ($1, 1, tstzrange($2::timestamptz, $3::timestamptz), 'paused', 'moving house', 'Operator')`,
    [paused.id, since, to],
  );
  await db.sql('UPDATE job SET planned_until = now(), next_tick_at = NULL WHERE id = $1', [
    paused.id,
  ]);
  // A run that stands for one of its ticks.
  const tick = new Date(since.getTime() + 100 * DAY_MS);
  const runId = await insertRun(db.sql, { jobId: paused.id, trigger: 'resume' });
  await db.sql('UPDATE run SET for_tick = $2 WHERE id = $1', [runId, tick]);

  await page.goto(`/jobs/year-of-seconds`);
  const row = page
    .getByRole('table', { name: 'Ledger' })
    .getByRole('row', { name: /31,449,600 ticks/ });
  await expect(row).toContainText('moving house');
  await row.getByRole('button', { name: 'Open' }).click();
  const gap = page.getByRole('region', { name: 'Ticks of this gap' });
  await expect(gap.getByRole('status')).toHaveText(
    '31,449,600 to 31,449,551 of 31,449,600 ticks, the newest first',
  );
  await expect(gap.getByRole('listitem')).toHaveCount(50);
  await expectAccessible(page);
  await gap.getByRole('button', { name: 'Older', exact: true }).click();
  await expect(gap.getByRole('status')).toContainText('31,449,550 to 31,449,501');
  await gap.getByRole('button', { name: 'Newer', exact: true }).click();
  await expect(gap.getByRole('status')).toContainText('31,449,600 to');
  await gap.getByRole('button', { name: 'Oldest' }).click();
  await expect(gap.getByRole('status')).toContainText('50 to 1 of 31,449,600 ticks');
  await expect(gap.getByRole('button', { name: 'Older', exact: true })).toBeDisabled();
  // To the tick that a run stands for, by the reader's own clock.
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Berlin',
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(tick);
  await gap.getByLabel('Jump to a time').fill(local.replace(' ', 'T'));
  await gap.getByRole('button', { name: 'Jump' }).click();
  await expect(gap.getByRole('status')).toContainText('8,640,001 to 8,639,952');
  const first = gap.getByRole('listitem').first();
  await expect(first).toContainText(`run ${runId} stands for it: succeeded`);
  // The address says which gap is open.
  await page.reload();
  await expect(gap.getByRole('status')).toContainText('of 31,449,600 ticks');
  await row.getByRole('button', { name: 'Close' }).click();
  await expect(gap).toBeHidden();

  await page.getByRole('button', { name: 'By hour, day or month' }).click();
  const sums = page.getByRole('region', { name: 'By hour, day or month' });
  await sums.getByRole('radio', { name: 'Month' }).check();
  const table = sums.getByRole('table', { name: 'What became of ticks, by month' });
  await expect(table.getByRole('row').last()).toContainText('All');
  await expectAccessible(page);
});

test('a tick that stands nowhere is told in red, with its job, its hour and the command', async ({
  page,
  job,
  installation: { db },
}) => {
  const begin = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 5 * HOUR_MS;
  const made = await job({
    key: 'one-is-missing',
    schedule: { ...everySecond, everyMs: 600_000 },
    createdAt: new Date(begin),
  });
  for (let at = begin + 600_000; at <= Date.now(); at += 600_000) {
    if (at !== begin + 2 * HOUR_MS + 1_200_000) await insertRun(db.sql, { jobId: made.id, at });
  }
  await db.sql('UPDATE job SET planned_until = now(), next_tick_at = NULL WHERE id = $1', [
    made.id,
  ]);
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'By hour and day' }).click();
  await expect(page).toHaveURL(/\/ledger/);
  await page.getByRole('radio', { name: 'Hour' }).check();
  const main = page.getByRole('main');
  await expect(main.getByRole('link', { name: 'one-is-missing' })).toBeVisible();
  await expect(main.getByText(/one-is-missing: 1 tick stands nowhere/)).toBeVisible();
  const hour = new Date(begin + 2 * HOUR_MS).toISOString().replace('.000Z', 'Z');
  await expect(
    main.getByText(
      new RegExp(`npm run punctual -- audit-ticks --job one-is-missing --from ${hour}`),
    ),
  ).toBeVisible();
  await expect(main.getByRole('img', { name: /doesn't add up/ }).first()).toBeVisible();
  await expectAccessible(page);
  await main.getByRole('link', { name: 'one-is-missing' }).click();
  await expect(page).toHaveURL(/\/jobs\/one-is-missing\?from=/);
});
