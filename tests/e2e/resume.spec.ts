import type { Page } from '@playwright/test';
import type { Sql } from '#core/db.ts';
import type { TestJob } from '../support/jobs.ts';
import { expectSentence } from './acts.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const MINUTE_MS = 60_000;

/** A schedule whose last `ticks` ticks lie in the past, a minute apart; the newest is a minute old. */
function pastTicks(ticks: number) {
  const now = Math.floor(Date.now() / 1_000) * 1_000;
  const at = Array.from({ length: ticks }, (_, n) =>
    new Date(now - (ticks - n) * MINUTE_MS).toISOString(),
  );
  return { type: 'dates' as const, at, timeZone: 'UTC' };
}

/** Pauses jobs straight in the database, as of so long ago. */
async function pauseSince(sql: Sql, jobs: readonly TestJob[], ms: number): Promise<void> {
  const since = new Date(Math.floor(Date.now() / 1_000) * 1_000 - ms).toISOString();
  const ids = jobs.map(({ id }) => id);
  await sql(
    `UPDATE job SET paused_at = $2::timestamptz, paused_by = 'Operator', pause_reason = 'deploy'
      WHERE id = ANY ($1::int[])`,
    [ids, since],
  );
  await sql(
    `INSERT INTO gap (job_id, revision, span, reason, note, created_by)
     SELECT id, 1, tstzrange($2::timestamptz, NULL), 'paused', 'deploy', 'Operator'
       FROM unnest($1::int[]) AS paused (id)`,
    [ids, since],
  );
}

const tickedBy = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS);

const madeOf = (sql: Sql, job: TestJob) =>
  sql<{ at: Date; dueAt: Date }>(
    `SELECT for_tick AS at, due_at AS "dueAt" FROM run WHERE job_id = $1 AND trigger = 'resume' ORDER BY for_tick`,
    [job.id],
  );

async function openResume(page: Page, key: string) {
  await page.goto(`/jobs/${key}`);
  await page.getByRole('button', { name: 'Resume', exact: true }).first().click();
  return page.getByRole('dialog');
}

test('a resumed job asks what becomes of the pause; skipping is chosen, and Enter runs nothing', async ({
  page,
  job,
  installation: { db },
}) => {
  const paused = await job({
    key: 'resume-skip',
    schedule: pastTicks(14),
    createdAt: tickedBy(60),
  });
  await pauseSince(db.sql, [paused], 30 * MINUTE_MS);
  const dialog = await openResume(page, 'resume-skip');
  await expect(dialog.getByText(/^14 occurrences fell into the pause/)).toBeVisible();
  await expect(dialog.getByRole('radio', { name: /Skip all/ })).toBeChecked();
  await expectAccessible(page);
  await dialog.getByRole('radio', { name: /Skip all/ }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expectSentence(page, /Never ran/);
  expect(await madeOf(db.sql, paused)).toEqual([]);
});

test('run the latest: one run, which names its tick', async ({
  page,
  job,
  installation: { db },
}) => {
  const schedule = pastTicks(14);
  const paused = await job({ key: 'resume-latest', schedule, createdAt: tickedBy(60) });
  await pauseSince(db.sql, [paused], 30 * MINUTE_MS);
  const dialog = await openResume(page, 'resume-latest');
  await dialog.getByRole('radio', { name: /Run the latest/ }).check();
  await dialog.getByRole('button', { name: 'Resume and run 1' }).click();
  await expect(page.getByText(/1 run makes up for the pause/)).toBeVisible();
  const made = await madeOf(db.sql, paused);
  expect(made.map(({ at }) => at.toISOString())).toEqual([schedule.at.at(-1)]);
});

test('run all, spread over minutes; once they have begun, the ledger’s sum has them as covered', async ({
  page,
  job,
  worker,
  installation: { db },
}) => {
  const paused = await job({ key: 'resume-all', schedule: pastTicks(5), createdAt: tickedBy(60) });
  await pauseSince(db.sql, [paused], 30 * MINUTE_MS);
  const dialog = await openResume(page, 'resume-all');
  await dialog.getByRole('radio', { name: /Run all 5/ }).check();
  const spread = dialog.getByLabel('Spread over, in minutes');
  await spread.fill('2000');
  await dialog.getByRole('button', { name: 'Resume and run 5' }).click();
  await expect(dialog.getByText('Spread over 0 to 1,440 minutes.')).toBeVisible();
  await spread.fill('0');
  await worker();
  await dialog.getByRole('button', { name: 'Resume and run 5' }).click();
  await expect(page.getByText(/5 runs make up for the pause/)).toBeVisible();
  await expect
    .poll(async () => {
      const [row] = await db.sql<{ runs: number }>(
        `SELECT count(*)::int AS runs FROM run WHERE job_id = $1 AND trigger = 'resume' AND state = 'succeeded'`,
        [paused.id],
      );
      return row!.runs;
    })
    .toBe(5);
  const from = tickedBy(45).toISOString();
  const counts = await page.request.get(
    `/api/console/job-ledger-counts?jobId=${paused.id}&from=${from}`,
  );
  expect(await counts.json()).toMatchObject({ expected: 5, covered: 5, paused: 0, isEven: true });
});

test('pick: only what was ticked runs, on a phone too', async ({
  page,
  job,
  installation: { db },
}) => {
  const schedule = pastTicks(60);
  const paused = await job({ key: 'resume-pick', schedule, createdAt: tickedBy(120) });
  await pauseSince(db.sql, [paused], 90 * MINUTE_MS);
  await page.setViewportSize({ width: 390, height: 844 });
  const dialog = await openResume(page, 'resume-pick');
  await dialog.getByRole('radio', { name: /^Pick/ }).check();
  const boxes = dialog.getByRole('group', { name: /Occurrences/ }).getByRole('checkbox');
  await expect(boxes).toHaveCount(50);
  await dialog.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect(dialog.getByText('Pick at least one occurrence, or skip all.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Show older' }).click();
  await expect(boxes).toHaveCount(60);
  await boxes.nth(2).check();
  await boxes.nth(59).check();
  await expect(dialog.getByText('2 picked')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Resume and run 2' }).click();
  await expect(dialog).toBeHidden();
  const made = await madeOf(db.sql, paused);
  expect(made.map(({ at }) => at.toISOString())).toEqual([schedule.at[0], schedule.at[57]]);
});

test('a year of a per-second job: counted, all of it can’t be chosen, and it resumes', async ({
  page,
  job,
  installation: { db },
}) => {
  const paused = await job({
    key: 'resume-year',
    schedule: {
      type: 'interval',
      everyMs: 1_000,
      anchor: '2020-01-01T00:00:00Z',
      timeZone: 'UTC',
    },
    createdAt: tickedBy(366 * 1_440),
  });
  await pauseSince(db.sql, [paused], 365 * 1_440 * MINUTE_MS);
  const dialog = await openResume(page, 'resume-year');
  await expect(dialog.getByText(/^31,536,\d{3} occurrences fell into the pause/)).toBeVisible();
  await expect(dialog.getByRole('radio', { name: /Run all 31,536/ })).toBeDisabled();
  await expect(dialog.getByText('At most 100 of a job can be run.')).toBeVisible();
  await dialog.getByRole('radio', { name: /Run the latest/ }).check();
  await dialog.getByRole('button', { name: 'Resume and run 1' }).click();
  await expect(dialog).toBeHidden();
  expect(await madeOf(db.sql, paused)).toHaveLength(1);
});

test('several jobs are resumed with one answer', async ({ page, job, installation: { db } }) => {
  const jobs = [
    await job({ key: 'together-one', schedule: pastTicks(3), createdAt: tickedBy(60) }),
    await job({ key: 'together-two', schedule: pastTicks(7), createdAt: tickedBy(60) }),
  ];
  await pauseSince(db.sql, jobs, 30 * MINUTE_MS);
  await page.goto('/jobs?q=together-');
  await page.getByRole('checkbox', { name: 'Select all on this page' }).click();
  await page.getByRole('button', { name: 'Resume', exact: true }).last().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/^10 occurrences fell into the pause of 2 jobs/)).toBeVisible();
  await expect(dialog.getByRole('radio', { name: /^Pick/ })).toHaveCount(0);
  await dialog.getByRole('radio', { name: /Run the latest of each/ }).check();
  await dialog.getByRole('button', { name: 'Resume and run 2' }).click();
  await expect(page.getByText('2 jobs are resumed; 2 runs make up for the pause')).toBeVisible();
  for (const one of jobs) expect(await madeOf(db.sql, one)).toHaveLength(1);
});

test('a pause until a time says so, can be prolonged, and ends by itself with its answer', async ({
  page,
  job,
  worker,
  installation: { db },
}) => {
  const timed = await job({
    key: 'timed',
    schedule: {
      type: 'interval',
      everyMs: 1_000,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
    },
  });
  await page.goto('/jobs/timed');
  await page.getByRole('button', { name: 'More ways to pause' }).click();
  await page.getByRole('menuitem', { name: 'Pause with a reason, or until a time…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('migration');
  await dialog.getByLabel('Until').selectOption({ label: 'a time' });
  await dialog.getByLabel('Resumes at').fill('2020-01-01T00:00');
  await dialog.getByRole('radio', { name: 'run the latest' }).check();
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await expect(dialog.getByText('Choose a time that lies ahead.')).toBeVisible();
  await dialog.getByLabel('Until').selectOption({ label: 'for 1 hour' });
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await expectSentence(page, /Paused by admin.*“migration”.*until .*; then it runs the latest/);

  await page.getByRole('button', { name: 'More about this pause' }).click();
  await page.getByRole('menuitem', { name: 'Change when it ends…' }).click();
  await dialog.getByLabel('Until').selectOption({ label: 'for 4 hours' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(/The pause lasts until/)).toBeVisible();
  const [row] = await db.sql<{ inMs: number }>(
    `SELECT (extract(epoch FROM pause_until - now()) * 1000)::int AS "inMs" FROM job WHERE id = $1`,
    [timed.id],
  );
  expect(row!.inMs).toBeGreaterThan(3.9 * 3_600_000);

  // Its time comes.
  await db.sql(`UPDATE job SET pause_until = now() + interval '1 second' WHERE id = $1`, [
    timed.id,
  ]);
  await worker();
  await expectSentence(page, /Healthy|Running/);
  await expect
    .poll(() => madeOf(db.sql, timed), { timeout: 15_000 })
    .toEqual([{ at: expect.any(Date), dueAt: expect.any(Date) }]);
  const [entry] = await db.sql<{ actor: string; after: { answer: string } }>(
    `SELECT actor, after FROM audit_entry WHERE action = 'job.resume' AND subject = 'job:timed'`,
  );
  expect(entry).toMatchObject({
    actor: expect.stringMatching(/^Punctual, for /),
    after: { answer: 'latest' },
  });
});
