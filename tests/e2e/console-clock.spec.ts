import { expect, openPage, test } from './fixtures.ts';
import { makeJob } from '../support/jobs.ts';
import { startInstallation } from './installation.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A module that puts the process's clock an hour ahead. */
const AHEAD = `data:text/javascript,${encodeURIComponent(`
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) {
      if (given.length === 0) super(Real.now() + ${HOUR_MS});
      else super(...given);
    }
    static now() {
      return Real.now() + ${HOUR_MS};
    }
    static parse = Real.parse;
    static UTC = Real.UTC;
  };`)}`;

test('a console whose clock is an hour ahead tells times by the database’s', async ({
  browser,
}) => {
  const installation = await startInstallation(undefined, () =>
    Promise.resolve({ NODE_OPTIONS: `--import=${AHEAD}` }),
  );
  const { db } = installation;
  await installation.startWorker();
  // Ticks in 5, 55 and 105 minutes.
  const anchor = new Date(Date.now() + 5 * MINUTE_MS + 20_000).toISOString();
  const schedule = { type: 'interval', everyMs: 50 * MINUTE_MS, anchor, timeZone: 'UTC' } as const;
  const { id } = await makeJob(db, { key: 'by-which-clock', schedule });
  const { page, close } = await openPage(browser, installation, 'admin', []);
  await page.goto('/jobs/by-which-clock');
  await expect(page.locator('time', { hasText: /^in\s[45]\smin$/ }).first()).toBeVisible();
  const ticks = await page.request.get(`/api/console/job-ticks?jobId=${id}&limit=1`);
  expect(await ticks.json()).toMatchObject({ ticks: [{ at: anchor }] });
  await page.goto('/jobs');
  await expect(page.getByRole('row', { name: /by-which-clock/ })).toContainText(/in\s[45]\smin/);
  await close();
  await installation.stop();
});
