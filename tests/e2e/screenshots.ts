import path from 'node:path';
import type { Page } from '@playwright/test';
import { triggerAndOpenRun } from './acts.ts';
import { accessProblems, expect, test, visitorPage } from './fixtures.ts';
import { type Company, makeCompany } from './company.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../docs/screenshots');
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

test('every screen, light and dark, on a desk and on a phone', async ({
  page,
  browser,
  installation,
  worker,
}) => {
  const company = await makeCompany(installation.db, installation.url);
  await worker({ PUNCTUAL_WORKER_NAME: 'w-a1' });
  await worker({ PUNCTUAL_WORKER_NAME: 'w-b1', PUNCTUAL_WORKER_QUEUES: 'reports,archive' });
  await triggerAndOpenRun(page, company.retried);
  const failed = new URL(page.url()).pathname;
  await expect(page.locator('main header p').first()).toContainText('Failed', { timeout: 30_000 });
  await untilSomethingRuns(installation.db.sql);

  // All screens are written and looked at before it fails: one flaw doesn't hide the others.
  const flaws: string[] = [];
  for (const [name, address] of Object.entries(screensOf(company, failed))) {
    flaws.push(...(await shoot(page, name, address)));
  }
  const signedOut = await visitorPage(browser, installation.url);
  flaws.push(...(await shoot(signedOut.page, 'sign-in', '/sign-in')));
  await signedOut.close();
  expect(flaws).toEqual([]);
});

/** Writes the screen in both sizes and themes. @returns what is wrong with it */
async function shoot(page: Page, name: string, address: string): Promise<string[]> {
  const flaws: string[] = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const shown = `${name}-${size}-${colorScheme}`;
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(address);
      await expect(page.locator('main h1').first()).toBeVisible();
      await expect(page.locator('main .animate-breathe')).toHaveCount(0);
      await page.evaluate(() => document.fonts.ready);
      const problems = await accessProblems(page);
      const isWide = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      );
      if (isWide) problems.push('wider than the screen');
      flaws.push(...problems.map((problem) => `${shown}: ${problem}`));
      await page.screenshot({ path: path.join(FOLDER, `${shown}.png`) });
    }
  }
  return flaws;
}

const screensOf = ({ healthy, busy }: Company, failedRun: string) => ({
  overview: '/',
  jobs: '/jobs',
  job: `/jobs/${healthy}`,
  next: `/jobs/${healthy}/next`,
  definition: `/jobs/${healthy}/definition`,
  revisions: `/jobs/${healthy}/revisions`,
  backfill: `/jobs/${healthy}/backfill`,
  edit: `/jobs/${busy}/edit`,
  'new-job': '/jobs/new',
  runs: '/runs',
  run: failedRun,
  queues: '/queues',
  workers: '/workers',
  health: '/health',
  account: '/settings',
  people: '/settings/people',
  installation: '/settings/installation',
});

/** Waits until a run that takes a while has begun. */
async function untilSomethingRuns(sql: import('#core/db.ts').Sql): Promise<void> {
  const running = async () => {
    const [row] = await sql<{ runs: number }>(
      "SELECT count(*)::int AS runs FROM run_live WHERE state = 'running'",
    );
    return row!.runs;
  };
  await expect.poll(running, { timeout: 90_000, intervals: [500] }).toBeGreaterThan(0);
}
