import type { Page } from '@playwright/test';
import type { Schedule } from '#core/schedules/schedule.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const changes = (page: Page) => page.getByRole('region', { name: 'What changes' });
const ticks = (page: Page) => page.getByRole('region', { name: 'Next 20 ticks' });
const daily: Schedule = { type: 'cron', lines: ['30 2 * * *'], timeZone: 'UTC' };

test('an edit says which ticks vanish and which are new, before it is saved', async ({
  page,
  job,
}) => {
  await job({ key: 'difference', schedule: daily });
  await page.goto('/jobs/difference/edit');
  await expect(ticks(page).getByRole('listitem')).toHaveCount(20);
  await expect(changes(page)).toHaveCount(0);

  await page.getByLabel('Cron line 1').fill('45 2 * * *');
  await expect(changes(page)).toContainText('These 7 ticks vanish, these 7 are new, from');
  await expect(changes(page)).toContainText('02:30');
  await expect(changes(page)).toContainText('None stays as it was.');
  await expect(
    changes(page).getByRole('img', { name: 'Ticks of the next 7 days: 7 as saved, 7 as edited.' }),
  ).toBeVisible();

  // By keys alone: another zoom, and the list that stands behind the picture.
  await changes(page).getByRole('radio', { name: 'Week' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(changes(page)).toContainText('This tick vanishes, this one is new');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(changes(page)).toContainText('These 31 ticks vanish, these 31 are new');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(changes(page).getByRole('listitem')).toHaveCount(62);
  await expect(changes(page).getByRole('listitem').first()).toContainText(/02:30vanishes/);
  await expect(changes(page).getByRole('listitem').nth(1)).toContainText(/02:45new/);
  await expectAccessible(page);

  await page.getByLabel('Cron line 1').fill('30 2 * * *');
  await expect(changes(page)).toHaveCount(0);
});

test('the difference stands below the schedule where there is no room beside it', async ({
  page,
  job,
}) => {
  await job({ key: 'difference-narrow', schedule: daily });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/jobs/difference-narrow/edit');
  await page.getByRole('radio', { name: 'Only when triggered' }).click();
  await expect(changes(page)).toContainText('These 7 ticks vanish, from');
  await expect(ticks(page)).toContainText('None: it runs when somebody triggers it.');
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  await expect.poll(width).toBeLessThanOrEqual(390);
  await page.getByRole('radio', { name: 'At an interval' }).click();
  await page.getByLabel('Every', { exact: true }).fill('1');
  await page.getByLabel('Unit of time').first().selectOption('s');
  await expect(changes(page)).toContainText('7 stay as they were.');
  await expectAccessible(page);
});

test('a calendar has its say through the server', async ({ page, job, installation: { db } }) => {
  const { id } = await job({ key: 'difference-calendar', schedule: daily });
  await db.sql(
    `INSERT INTO calendar (key, name, revision) VALUES ('works', 'Working days', 1) ON CONFLICT DO NOTHING`,
  );
  await db.sql(
    `INSERT INTO calendar_revision (calendar_key, number, name, definition, created_by)
     VALUES ('works', 1, 'Working days', '{"workdays": [], "dates": [], "weekend": [6, 0]}', 'test') ON CONFLICT DO NOTHING`,
  );
  await db.sql(
    `UPDATE revision SET definition = jsonb_set(definition, '{schedule,calendar}',
       '{"key": "works", "revision": 1, "rule": "skip"}') WHERE job_id = $1::int`,
    [id],
  );
  await page.goto('/jobs/difference-calendar/edit');
  await expect(ticks(page)).toContainText('weekly day off');
  await page.getByLabel('Cron line 1').fill('45 2 * * *');
  await expect(changes(page)).toContainText('These 5 ticks vanish, these 5 are new');
});

test('warnings name who starts in the same minute, and go where there is nothing to warn of', async ({
  page,
  job,
  worker,
}) => {
  await worker({ PUNCTUAL_WORKER_SLOTS: '2' });
  // A minute in which no other journey's jobs start.
  const at347 = { ...daily, lines: ['47 3 * * *'] };
  for (const key of ['crowd-one', 'crowd-two']) await job({ key, schedule: at347 });
  await page.goto('/jobs/new');
  const warnings = page.getByRole('region', { name: 'Before you save' });
  await page.getByLabel('Cron line 1').fill('47 3 * * *');
  await expect(warnings).toContainText('2 other jobs start in that minute.');
  await expect(warnings.getByRole('link', { name: 'crowd-one' })).toBeVisible();
  await expect(warnings).toContainText('Move it to minute 48: free.');
  await expectAccessible(page);
  await page.getByLabel('Cron line 1').fill('48 3 * * *');
  await expect(warnings).not.toContainText('in that minute');
  await page.getByLabel('Cron line 1').fill('0 2 29 2 *');
  await expect(warnings).toContainText('Only on 29 February.');
});
