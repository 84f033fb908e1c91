import type { Page } from '@playwright/test';
import type { Sql } from '#core/db.ts';
import type { TestJob } from '../support/jobs.ts';
import { expectSentence } from './acts.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const MINUTE_MS = 60_000;

/** Twelve occurrences, ten minutes apart; the newest is ten minutes old. */
function dozen() {
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const at = Array.from({ length: 12 }, (_, n) => now - (12 - n) * 10 * MINUTE_MS);
  return {
    at,
    schedule: {
      type: 'dates' as const,
      at: at.map((ms) => new Date(ms).toISOString()),
      timeZone: 'UTC',
    },
  };
}

/** What became of them: the third and the seventh failed, the last four lay in a pause. */
async function withHistory(sql: Sql, job: TestJob, at: readonly number[]): Promise<void> {
  await sql(
    `INSERT INTO run (is_live, job_id, revision, trigger, state, scheduled_for, due_at, attempt, started_at, finished_at, queue, kind, cause)
     SELECT false, $1, 1, 'tick', CASE WHEN n IN (3, 7) THEN 'failed' ELSE 'succeeded' END, t, t, 1, t, t + interval '1 second',
            'default', 'script', CASE WHEN n IN (3, 7) THEN 'exit 3' END
       FROM unnest($2::timestamptz[]) WITH ORDINALITY AS ticks (t, n) WHERE n <= 8`,
    [job.id, at.map((ms) => new Date(ms).toISOString())],
  );
  await sql(
    `INSERT INTO gap (job_id, revision, span, reason, ticks, note, created_by)
     VALUES ($1, 1, tstzrange($2::timestamptz, now() - interval '1 minute'), 'paused', 4, 'deploy', 'Operator')`,
    [job.id, new Date(at[8]! - 1).toISOString()],
  );
  await sql('UPDATE job SET planned_until = now(), next_tick_at = NULL WHERE id = $1', [job.id]);
}

const forTicks = (sql: Sql, job: TestJob) =>
  sql<{ at: Date }>(
    `SELECT for_tick AS at FROM run WHERE job_id = $1 AND trigger = 'backfill' ORDER BY id`,
    [job.id],
  );

const counted = (page: Page) => page.getByRole('region', { name: 'What it would do' });

test('from the ledger: what has no success is counted, started, followed to its end and covered', async ({
  page,
  job,
  worker,
  installation: { db },
}) => {
  const { at, schedule } = dozen();
  const lost = await job({
    key: 'backfill-lost',
    schedule,
    createdAt: new Date(at[0]! - MINUTE_MS),
    work: { kind: 'script', interpreter: 'sh', text: 'echo "for $PUNCTUAL_TICK"' },
  });
  await withHistory(db.sql, lost, at);
  await page.goto('/jobs/backfill-lost');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: /^Backfill/ }).click();
  await page.waitForURL(/\/jobs\/backfill-lost\/backfill/);
  await expect(counted(page).getByText(/^6 runs, of 12 occurrences/)).toBeVisible();
  await expect(counted(page).getByText('in a pause').first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('radio', { name: /^All/ }).check();
  await expect(page.getByRole('button', { name: 'Start 12 runs' })).toBeVisible();
  await page.getByRole('radio', { name: /Those without a success/ }).check();
  await page.getByLabel('Runs a minute').fill('600');
  await page.getByRole('button', { name: 'Start 6 runs' }).click();
  await page.waitForURL(/\/backfill\/\d+$/);
  await expect(page.getByText('No run yet').or(page.getByText('waiting')).first()).toBeVisible();
  await worker();
  await expectSentence(page, /^Done/);
  await expect(page.getByText('6 runs have ended of 6')).toBeVisible();
  expect((await forTicks(db.sql, lost)).map((one) => one.at.getTime())).toEqual(
    [2, 6, 8, 9, 10, 11].map((n) => at[n]),
  );
  await expectAccessible(page);
  // Its run is told the tick that it stands for, and the sums have the gap as covered.
  await page.getByRole('link', { name: 'In the list of runs' }).click();
  await expect(page.getByRole('row')).toHaveCount(7);
  await page.goto('/jobs/backfill-lost');
  await expect(page.getByText(/covered/).first()).toBeVisible();
});

test('picked ones, paused, sped up and cancelled; a page of its own costs the job’s page nothing', async ({
  page,
  job,
  gate,
  worker,
  installation: { db },
}) => {
  const { at, schedule } = dozen();
  const held = await job({
    key: 'backfill-held',
    schedule,
    createdAt: new Date(at[0]! - MINUTE_MS),
    work: { kind: 'script', interpreter: 'sh', text: gate.wait },
  });
  await withHistory(db.sql, held, at);
  await worker();
  await page.goto('/jobs/backfill-held/backfill');
  await page.getByRole('radio', { name: /Pick them/ }).check();
  const list = page.getByRole('group', { name: 'Occurrences' });
  for (const n of [0, 2, 3]) await list.getByRole('checkbox').nth(n).check();
  await page.getByRole('radio', { name: 'Newest first' }).check();
  await page.getByLabel('At once, at most').fill('2');
  await page.getByRole('button', { name: 'Start 3 runs' }).click();
  await page.waitForURL(/\/backfill\/\d+$/);
  await expectSentence(page, /^Under way/);
  await expect(page.getByRole('row').filter({ hasText: 'running' })).toHaveCount(1);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expectSentence(page, /^Paused by/);
  // What waited was taken back; what runs goes on.
  await expect(page.getByRole('row').filter({ hasText: 'queued' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Rate…' }).click();
  await page.getByRole('dialog').getByLabel('Runs a minute').fill('0');
  await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click();
  await expect(page.getByRole('dialog').getByText(/1 to 6,000 runs a minute/)).toBeVisible();
  await page.getByRole('dialog').getByLabel('Runs a minute').fill('6000');
  await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click();
  await expect(page.getByText('6,000 a minute, 2 at once')).toBeVisible();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expectSentence(page, /^Under way/);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: /Also end what has begun/ }).check();
  await dialog.getByRole('button', { name: 'Cancel the backfill' }).click();
  await expectSentence(page, /^Cancelled by/);
  await expect(page.getByRole('link', { name: 'Run the rest again…' })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'cancelled' })).toHaveCount(1);
  const made = await forTicks(db.sql, held);
  expect(made.map((one) => one.at.getTime())).toEqual([at[9]]);
});

test('a viewer sees what was backfilled and may start nothing', async ({ pageAs, job }) => {
  const { at, schedule } = dozen();
  await job({ key: 'backfill-seen', schedule, createdAt: new Date(at[0]! - MINUTE_MS) });
  const page = await pageAs('viewer');
  await page.goto('/jobs/backfill-seen/backfill');
  await expect(page.getByText('No backfill yet')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Start/ })).toBeDisabled();
});
