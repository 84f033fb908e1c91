import path from 'node:path';
import { triggerAndOpenRun } from './acts.ts';
import { expect, expectAccessible, test } from './fixtures.ts';
import { type Company, makeCompany } from './company.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../docs/screenshots');
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

test('every screen, light and dark, on a desk and on a phone', async ({
  page,
  browser,
  installation,
  worker,
}) => {
  await worker({ PUNCTUAL_WORKER_NAME: 'w-a1' });
  await worker({ PUNCTUAL_WORKER_NAME: 'w-b1', PUNCTUAL_WORKER_QUEUES: 'reports,archive' });
  const company = await makeCompany(installation.db, installation.url);
  await triggerAndOpenRun(page, company.retried);
  const failed = new URL(page.url()).pathname;
  await expect(page.locator('main header p').first()).toContainText('Failed', { timeout: 30_000 });
  await untilWellGrown(installation.db.sql);

  for (const [name, address] of Object.entries(screensOf(company, failed))) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.goto(address);
        await expect(page.locator('main h1')).toBeVisible();
        await page.evaluate(() => document.fonts.ready);
        await test.step(`${name}, ${size}, ${colorScheme}`, () => expectAccessible(page));
        const isWide = await page.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        );
        expect(isWide, `${name} is wider than a ${size}`).toBe(false);
        await page.screenshot({ path: path.join(FOLDER, `${name}-${size}-${colorScheme}.png`) });
      }
    }
  }

  const signedOut = await browser.newContext({ baseURL: installation.url });
  const entry = await signedOut.newPage();
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await entry.setViewportSize(viewport);
      await entry.emulateMedia({ colorScheme });
      await entry.goto('/sign-in');
      await expectAccessible(entry);
      await entry.screenshot({ path: path.join(FOLDER, `sign-in-${size}-${colorScheme}.png`) });
    }
  }
  await signedOut.close();
});

const screensOf = ({ healthy, busy }: Company, failedRun: string) => ({
  overview: '/',
  jobs: '/jobs',
  job: `/jobs/${healthy}`,
  next: `/jobs/${healthy}/next`,
  definition: `/jobs/${healthy}/definition`,
  revisions: `/jobs/${healthy}/revisions`,
  edit: `/jobs/${busy}/edit`,
  'new-job': '/jobs/new',
  runs: '/runs',
  run: failedRun,
  queues: '/queues',
  workers: '/workers',
  account: '/settings',
  people: '/settings/people',
  installation: '/settings/installation',
});

/** Waits until the ledger holds enough to be looked at. */
async function untilWellGrown(sql: import('#core/db.ts').Sql): Promise<void> {
  const finished = async () => {
    const [row] = await sql<{ runs: number }>(
      'SELECT count(*)::int AS runs FROM run WHERE NOT is_live',
    );
    return row!.runs;
  };
  await expect.poll(finished, { timeout: 90_000, intervals: [500] }).toBeGreaterThan(80);
}
