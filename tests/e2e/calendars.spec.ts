import type { Page } from '@playwright/test';
import type { Sql } from '#core/db.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const DAY_MS = 86_400_000;
const WEDNESDAY = 3;
const SATURDAY = 6;

/** A weekday at least so many days ahead, `2026-12-24`. */
function dateOn(weekday: number, daysAhead: number): string {
  const first = new Date(Date.now() + daysAhead * DAY_MS);
  const ahead = (weekday - first.getUTCDay() + 7) % 7;
  return new Date(first.getTime() + ahead * DAY_MS).toISOString().slice(0, 10);
}

const worked = dateOn(SATURDAY, 7);
const inventory = dateOn(WEDNESDAY, 4);
const closed = dateOn(WEDNESDAY, 11);

const calendarFile = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//Works//EN',
  ...event(`DTSTART;VALUE=DATE:${inventory.replaceAll('-', '')}`, 'SUMMARY:Inventory'),
  ...event(
    `DTSTART:${inventory.replaceAll('-', '')}T090000Z`,
    `DTEND:${inventory.replaceAll('-', '')}T100000Z`,
    'SUMMARY:Meeting',
  ),
  ...event(
    `DTSTART;VALUE=DATE:${inventory.replaceAll('-', '')}`,
    'RRULE:FREQ=YEARLY;BYYEARDAY=100',
    'SUMMARY:Day one hundred',
  ),
  'END:VCALENDAR',
  '',
].join('\r\n');

function event(...lines: string[]): string[] {
  return ['BEGIN:VEVENT', `UID:${lines.join()}`, ...lines, 'END:VEVENT'];
}

async function choose(page: Page, label: string, search: string, option: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).click();
  await page.getByPlaceholder(search).fill(option);
  await page.getByRole('option', { name: option, exact: true }).click();
}

const yearOf = (date: string) => date.slice(0, 4);

/** The first revision of a calendar of Bavaria in which the works close one day. */
async function insertCalendar(db: { sql: Sql }, key: string): Promise<void> {
  const definition = {
    holidays: { country: 'DE', region: 'BY' },
    dates: [{ date: inventory, name: 'Inventory' }],
  };
  await db.sql('INSERT INTO calendar (key, name, revision) VALUES ($1, $1, 1)', [key]);
  await db.sql(
    `INSERT INTO calendar_revision (calendar_key, number, name, definition, created_by)
     VALUES ($1, 1, $1, $2, 'Test')`,
    [key, JSON.stringify(definition)],
  );
}

const weekly: Schedule = { type: 'cron', lines: ['0 9 * * 3'], timeZone: 'UTC' };
const rolled = `instead of ${inventory} (Inventory)`;

test('a calendar is made of a country, own days and a file, and nothing typed is lost', async ({
  page,
}) => {
  await page.goto('/calendars');
  await expect(page.getByRole('heading', { name: 'Calendars' })).toBeVisible();
  await page.getByRole('link', { name: 'New calendar' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Works in Bavaria');
  await expect(page.getByLabel('Key', { exact: true })).toHaveValue('works-in-bavaria');
  await choose(page, 'Holidays of', 'A country or its code', 'Germany');
  await choose(page, 'Region', 'A region or its code', 'Bayern');

  // What can't be read is told at its field, and stays as it was typed.
  const daysOff = page.getByLabel('Days off', { exact: true });
  await daysOff.fill('24.12.2026 Closed');
  await page.getByRole('button', { name: 'Make the calendar' }).click();
  await expect(
    page.getByRole('alert').filter({ hasText: 'Line 1, “24.12.2026 Closed”' }),
  ).toBeVisible();
  await expect(daysOff).toBeFocused();
  await expect(daysOff).toHaveValue('24.12.2026 Closed');
  await daysOff.fill('');

  await page.getByLabel('Make-up workdays').fill(`${worked} Stocktaking`);
  await page
    .getByLabel('Read a calendar file (.ics)')
    .first()
    .setInputFiles({
      name: 'works.ics',
      mimeType: 'text/calendar',
      buffer: Buffer.from(calendarFile),
    });
  await expect(page.getByText('1 day of works.ics added to the days off.')).toBeVisible();
  await expect(page.getByText('1 event at a time of day left out')).toBeVisible();
  await expect(page.getByText('1 event left out that repeats', { exact: false })).toContainText(
    'Day one hundred',
  );
  await expect(daysOff).toHaveValue(`${inventory} Inventory`);
  const year = page.getByRole('region', { name: 'Year' });
  if (yearOf(worked) !== (await year.getByRole('heading').textContent())) {
    await year.getByRole('button', { name: 'Next year' }).click();
  }
  await expect(year.getByRole('listitem').filter({ hasText: 'Stocktaking' })).toContainText(
    'worked, though a weekly day off',
  );
  // What was typed before is dimmed until the year follows.
  await expect(year).not.toHaveAttribute('aria-busy');
  await expectAccessible(page);

  // The form is left and opened again: nothing that was typed is lost.
  await page.getByLabel('Why, for the record').fill('For the works');
  await page.getByRole('link', { name: 'Queues' }).click();
  await expect(page.getByRole('heading', { name: 'Queues' })).toBeVisible();
  await page.goto('/calendars/new');
  await expect(page.getByText('What you typed before and didn’t save is back.')).toBeVisible();
  await expect(page.getByLabel('Make-up workdays')).toHaveValue(`${worked} Stocktaking`);
  await page.getByRole('button', { name: 'Make the calendar' }).click();
  await page.waitForURL('**/calendars/works-in-bavaria');
  await expect(page.getByRole('heading', { name: 'Works in Bavaria' })).toBeVisible();
  await expect(
    page.getByText('Holidays of Germany, Bayern; Saturday and Sunday off'),
  ).toBeVisible();
  await page.goto(`/calendars/works-in-bavaria?year=${yearOf(inventory)}`);
  await expect(year.getByRole('listitem').filter({ hasText: 'Inventory' })).toBeVisible();
  await expect(page.getByText('“For the works”')).toBeVisible();
  await expectAccessible(page);
});

test('a job takes a calendar, and its tick on a day off rolls to the next business day', async ({
  page,
  job,
  installation: { db },
}) => {
  await insertCalendar(db, 'rolling');
  const { key } = await job({ key: 'rolled', schedule: weekly });
  await page.goto(`/jobs/${key}/edit`);
  await page.getByRole('button', { name: 'More about when' }).click();
  await page.getByLabel('Calendar', { exact: true }).selectOption('rolling');
  await expect(page.getByText('Holidays of Germany, Bayern', { exact: false })).toBeVisible();
  const ticks = page.getByRole('region', { name: /^Next \d+ ticks/ }).first();
  await expect(ticks.getByRole('listitem').filter({ hasText: 'Inventory' })).toBeVisible();
  await page.getByRole('radio', { name: /Move to the next business day/ }).click();
  await expect(ticks.getByText(rolled)).toBeVisible();

  await page.getByRole('radio', { name: /Only on certain business days/ }).click();
  await page.getByLabel('Business days', { exact: true }).fill('0, 40');
  await page.getByLabel('Business days', { exact: true }).blur();
  await expect(page.getByText('Business days of the month are numbers from 1')).toBeVisible();
  await page.getByRole('radio', { name: /Move to the next business day/ }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save as revision 2' }).click();
  await page.waitForURL(`**/jobs/${key}`);
  await expect(page.getByText('moved to the next business day (rolling)').first()).toBeVisible();
  await page.goto(`/jobs/${key}/next`);
  await expect(page.locator('#main').getByText(rolled).first()).toBeVisible();
});

test('before a calendar is edited it says who changes, and in use it isn’t deleted', async ({
  page,
  job,
  installation: { db },
}) => {
  await insertCalendar(db, 'edited');
  const { id, key } = await job({ key: 'follower', schedule: weekly });
  await db.sql(
    `UPDATE revision SET definition = jsonb_set(definition, '{schedule,calendar}', $2) WHERE job_id = $1`,
    [id, JSON.stringify({ key: 'edited', revision: 1, rule: 'next' })],
  );
  await db.sql('UPDATE job SET calendar = $2 WHERE id = $1', [id, 'edited']);
  await page.goto('/calendars/edited');
  await expect(page.getByRole('region', { name: 'Jobs that use it' })).toContainText(key);
  // The words stand before the keys are heard.
  await expect(async () => {
    await page.keyboard.press('e');
    await page.waitForURL('**/calendars/edited/edit', { timeout: 1_000 });
  }).toPass();
  await page
    .getByLabel('Days off', { exact: true })
    .fill(`${inventory} Inventory\n${closed} Closed`);
  const effects = page.getByRole('region', { name: 'What saving changes' });
  await expect(effects).toContainText(
    '1 job uses it; in the next 90 days 1 tick vanishes and 1 is new, of 1 job.',
  );
  await expect(effects.getByRole('link', { name: key })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save as revision 2' }).click();
  await page.waitForURL('**/calendars/edited');
  const revisions = page.getByRole('region', { name: 'Revisions' });
  await expect(revisions).toContainText('Revision 2');
  await expect(revisions).toContainText('Days off added');
  await expect(revisions).toContainText('(Closed)');

  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(dialog.getByRole('alert')).toContainText(key);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

test('a calendar that nobody uses is deleted, and a viewer may only look', async ({
  page,
  pageAs,
}) => {
  await page.goto('/calendars/new');
  await page.getByLabel('Name', { exact: true }).fill('Weekends only');
  await page.getByLabel('Key', { exact: true }).fill('blackouts');
  await page.getByRole('button', { name: 'Make the calendar' }).click();
  await expect(page.getByText('The console uses the address /calendars/blackouts')).toBeVisible();
  await page.getByLabel('Key', { exact: true }).fill('weekends-only');
  await page.getByRole('button', { name: 'Make the calendar' }).click();
  await page.waitForURL('**/calendars/weekends-only');

  const viewer = await pageAs('viewer');
  await viewer.goto('/calendars/weekends-only');
  await expect(viewer.getByRole('button', { name: 'Edit' })).toBeDisabled();
  await expect(viewer.getByRole('button', { name: 'Delete' })).toBeDisabled();
  await viewer.goto('/calendars/weekends-only/edit');
  await expect(viewer.getByText('Your role doesn’t change calendars')).toBeVisible();
  await viewer.goto('/calendars');
  await expect(viewer.getByRole('row').filter({ hasText: 'Weekends only' })).toContainText(
    'No holidays; Saturday and Sunday off',
  );

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL('**/calendars');
  await expect(page.getByRole('row').filter({ hasText: 'Weekends only' })).toHaveCount(0);
});
