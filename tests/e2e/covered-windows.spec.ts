import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { Sql } from '#core/db.ts';
import { expectSentence } from './acts.ts';
import { expect, expectAccessible, test as base } from './fixtures.ts';

/** Rows with the time at which they came, in one file; a job that copies them writes another. */
const test = base.extend<{
  rows: {
    arrive: (name: string) => Promise<void>;
    copied: () => Promise<string[]>;
    script: string;
  };
}>({
  // eslint-disable-next-line no-empty-pattern
  rows: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'punctual-rows-'));
    const source = path.join(folder, 'source');
    const target = path.join(folder, 'target');
    await appendFile(source, '');
    await appendFile(target, '');
    await use({
      arrive: (name) => appendFile(source, `${new Date().toISOString()} ${name}\n`),
      copied: async () => (await readFile(target, 'utf8')).trim().split('\n').filter(Boolean),
      script: `awk -v from="$PUNCTUAL_FROM" -v to="$PUNCTUAL_TO" '$1 > from && $1 <= to { print $2 }' ${source} > new
cat new >> ${target}
echo $(($(cat "$PUNCTUAL_STATE") + $(wc -l < new))) > "$PUNCTUAL_STATE"`,
    });
    await rm(folder, { recursive: true });
  },
});

type Stretch = { id: number; from: Date | null; to: Date };

/** What the job's successes covered, oldest first. */
const stretchesOf = (sql: Sql, jobId: number) =>
  sql<Stretch>(
    `SELECT id, covers_from AS "from", covers_to AS "to" FROM run
      WHERE job_id = $1 AND is_live = false AND state = 'succeeded' AND trigger = 'tick' ORDER BY covers_to`,
    [jobId],
  );

/** A page that is still coming to life on a busy machine may not hear the first click. */
async function chooseFromMenu(page: Page, button: string, item: string | RegExp): Promise<void> {
  const choice = page.getByRole('menuitem', { name: item });
  await expect(async () => {
    await page.getByRole('button', { name: button, exact: true }).click({ timeout: 2_000 });
    await expect(choice).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  await choice.click();
}

test('a job whose worker was away copies all that came meanwhile in one run, and its page says so', async ({
  page,
  job,
  worker,
  rows,
  installation: { db },
}) => {
  // It waits for twelve ticks, and starts three workers.
  test.slow();
  const copy = await job({
    key: 'copy-rows',
    schedule: {
      type: 'interval',
      everyMs: 1_000,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
    },
    work: { kind: 'script', text: rows.script },
    mayRunTwice: true,
  });
  await rows.arrive('before');
  // Ticks that are planned ahead would wait as runs: with few of them most of the time away is made up for in one.
  const first = await worker({ PUNCTUAL_PLAN_AHEAD_MS: '1000' });
  await expect.poll(rows.copied, { timeout: 20_000 }).toEqual(['before']);
  await first.end('SIGTERM');
  const stopped = await stretchesOf(db.sql, copy.id);
  const lastBefore = stopped.at(-1)!.to;

  // A row at each of the ticks that nobody is there for.
  const missed = ['a', 'b', 'c', 'd', 'e'];
  for (const [number, name] of missed.entries()) {
    await expect
      .poll(() => Date.now(), { timeout: 10_000 })
      .toBeGreaterThan(lastBefore.getTime() + (number + 1) * 1_000);
    await rows.arrive(name);
  }
  await expect
    .poll(() => Date.now(), { timeout: 10_000 })
    .toBeGreaterThan(lastBefore.getTime() + 12_000);
  const second = await worker({ PUNCTUAL_PLAN_AHEAD_MS: '1000' });
  await expect.poll(rows.copied, { timeout: 20_000 }).toEqual(['before', ...missed]);
  await second.end('SIGTERM');

  const stretches = await stretchesOf(db.sql, copy.id);
  const lengthOf = ({ from, to }: Stretch) => (from ? to.getTime() - from.getTime() : 0);
  const whole = stretches.toSorted((a, b) => lengthOf(a) - lengthOf(b)).at(-1)!;
  expect(lengthOf(whole)).toBeGreaterThan(5_000);
  // No instant lies in two stretches or in none.
  expect(stretches.map(({ from }) => from)).toEqual([
    null,
    ...stretches.slice(0, -1).map(({ to }) => to),
  ]);

  await page.goto(`/runs/${whole.id}`);
  const covers = page.locator('dt', { hasText: 'Covers' }).locator('xpath=following-sibling::dd');
  const clock = (at: Date) =>
    at.toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin', hourCycle: 'h23' });
  await expect(covers).toContainText(clock(whole.from!));
  await expect(covers).toContainText(clock(whole.to));
  await expectAccessible(page);

  // What it keeps counts the rows: shown, edited, and gone on from.
  await page.getByRole('link', { name: /^version \d+$/ }).click();
  const state = page.getByRole('group', { name: 'The state' });
  await expect(state).toHaveText('6');
  await page.getByRole('button', { name: 'Edit', exact: true }).last().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('State').fill('1000');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(/Say why/)).toBeVisible();
  await dialog.getByLabel('Why').fill('recounted by hand');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(state).toHaveText('1000');
  await expect(page.getByText('“recounted by hand”')).toBeVisible();
  await expectAccessible(page);

  await rows.arrive('after');
  await worker();
  await expect(state).toHaveText('1001', { timeout: 20_000 });
  expect(await rows.copied()).toEqual(['before', ...missed, 'after']);
  const entries = await db.sql<{ action: string; reason: string }>(
    `SELECT action, reason FROM audit_entry WHERE subject = 'job:copy-rows' AND action = 'job.state'`,
  );
  expect(entries).toEqual([{ action: 'job.state', reason: 'recounted by hand' }]);
});

test('an earlier version comes back with a reason, and a viewer may only look', async ({
  page,
  pageAs,
  job,
  installation: { db },
}) => {
  const { id } = await job({ key: 'keeps-two' });
  await db.sql(
    `INSERT INTO job_progress (job_id, covered_until, covered_by, state_version) VALUES ($1, now(), 7, 2)`,
    [id],
  );
  await db.sql(
    `INSERT INTO job_state (job_id, version, body, run_id, tick)
     VALUES ($1, 1, 'good', 6, now() - interval '1 hour'), ($1, 2, 'bad', 7, now())`,
    [id],
  );
  await page.goto('/jobs/keeps-two/state');
  const state = page.getByRole('group', { name: 'The state' });
  await expect(state).toHaveText('bad');
  await page.getByRole('button', { name: /Version 1/ }).click();
  await expect(state).toHaveText('good');
  expect(page.url()).toContain('version=1');
  await page.getByRole('button', { name: 'Bring this version back' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Why').fill('the last one was wrong');
  await dialog.getByRole('button', { name: 'Bring this version back' }).click();
  await expect(page.getByRole('button', { name: /Version 3/ })).toContainText('from version 1');
  await expect(state).toHaveText('good');

  const viewer = await pageAs('viewer');
  await viewer.goto('/jobs/keeps-two/state?version=99');
  await expect(viewer.getByText(/Version 99 isn't kept any more/)).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Edit', exact: true }).last()).toBeDisabled();
});

test('a paused job is run as a test, which is marked and leaves the job as it was', async ({
  page,
  job,
  worker,
  installation: { db },
}) => {
  const { id } = await job({
    key: 'try-me',
    work: { kind: 'script', text: 'echo "test: $PUNCTUAL_TEST"; echo left > "$PUNCTUAL_STATE"' },
    schedule: { type: 'cron', lines: ['0 3 * * *'], timeZone: 'UTC' },
  });
  await db.sql(
    `UPDATE job SET paused_at = clock_timestamp(), paused_by = 'Operator' WHERE id = $1`,
    [id],
  );
  await worker();
  await page.goto('/jobs/try-me');
  await chooseFromMenu(page, 'More ways to trigger', 'As a test…');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('checkbox', { name: /Run as a test/ })).toBeChecked();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Run the test' }).click();
  await page.getByRole('button', { name: 'Open the run' }).click();
  await expectSentence(page, /Succeeded.*A test by/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('test');
  await expect(page.getByText('test: 1')).toBeVisible();
  await expect(
    page.getByText('This is a test: the state that it wrote is not kept.'),
  ).toBeVisible();

  await chooseFromMenu(page, 'More', /Run again as a test/);
  await expectSentence(page, /Succeeded.*A test by/);

  await page.goto('/jobs/try-me');
  await expectSentence(page, /Paused/);
  await expect(page.getByRole('row', { name: /test/ })).toHaveCount(2);
  await page.goto('/runs?why=test');
  await expect(page.getByRole('row', { name: /try-me test/ })).toHaveCount(2);
  await page.goto('/jobs/try-me/state');
  await expect(page.getByText('This job keeps nothing between its runs')).toBeVisible();
  await expectAccessible(page);
});
