import { gzipSync } from 'node:zlib';
import type { APIRequestContext } from '@playwright/test';
import { insertRun } from '../support/ledger.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const BUDGET_KB = 200;
// React and Next are 132 kB of each page. The editor is the one form of the console that keeps drafts, lists of lines
// and problems at their fields (react-hook-form, 15 kB, and 18 kB of fields).
const EDITOR_BUDGET_KB = 216;

test('no page loads more scripts than its budget', async ({ page, job, installation: { db } }) => {
  const { id: jobId } = await job({ key: 'weighed' });
  await db.sql(
    "INSERT INTO calendar (key, name, revision) VALUES ('weighed', 'Weighed', 1) ON CONFLICT DO NOTHING",
  );
  await db.sql(
    `INSERT INTO calendar_revision (calendar_key, number, name, definition, created_by)
     VALUES ('weighed', 1, 'Weighed', '{}', 'Test') ON CONFLICT DO NOTHING`,
  );
  const runId = await insertRun(db.sql, { jobId, state: 'succeeded', trigger: 'manual' });
  const budgets: Record<string, number> = {
    '/': BUDGET_KB,
    '/jobs': BUDGET_KB,
    '/jobs/weighed': BUDGET_KB,
    '/jobs/weighed/definition': BUDGET_KB,
    '/jobs/weighed/next': BUDGET_KB,
    '/jobs/weighed/revisions': BUDGET_KB,
    '/jobs/weighed/state': BUDGET_KB,
    '/jobs/weighed/backfill': BUDGET_KB,
    '/jobs/weighed/edit': EDITOR_BUDGET_KB,
    '/jobs/new': EDITOR_BUDGET_KB,
    '/runs': BUDGET_KB,
    '/forecast': BUDGET_KB,
    '/ledger': BUDGET_KB,
    [`/runs/${runId}`]: BUDGET_KB,
    '/queues': BUDGET_KB,
    '/calendars': BUDGET_KB,
    '/calendars/new': BUDGET_KB,
    '/calendars/weighed': BUDGET_KB,
    '/calendars/weighed/edit': BUDGET_KB,
    '/calendars/blackouts': BUDGET_KB,
    '/calendars/blackouts/new': BUDGET_KB,
    '/workers': BUDGET_KB,
    '/health': BUDGET_KB,
    '/settings': BUDGET_KB,
    '/settings/people': BUDGET_KB,
    '/settings/channels': BUDGET_KB,
    '/settings/secrets': BUDGET_KB,
    '/settings/audit': BUDGET_KB,
    '/settings/installation': BUDGET_KB,
  };
  const tooHeavy: string[] = [];
  for (const [path, budgetKb] of Object.entries(budgets)) {
    const kb = await scriptsOf(page.request, path);
    console.log(`${kb.toFixed(1).padStart(6)} kB of ${budgetKb}  ${path}`);
    if (kb > budgetKb) tooHeavy.push(`${path}: ${kb.toFixed(1)} kB, at most ${budgetKb}`);
  }
  expect(tooHeavy).toEqual([]);
});

/**
 * The scripts that a page asks for as it is sent, in kB (gzip): those that it runs and those that it loads ahead, but
 * not the ones for browsers without modules. What it asks for later, when somebody acts, doesn't count.
 */
async function scriptsOf(request: APIRequestContext, path: string): Promise<number> {
  const response = await request.get(path, { maxRetries: 1 });
  expect(response.status(), path).toBe(200);
  const html = await response.text();
  const tags = [...html.matchAll(/<(?:script|link)\b[^>]*>/g)].map(([tag]) => tag);
  const addresses = tags
    .filter((tag) => !/\bnomodule\b/i.test(tag))
    .filter((tag) => tag.startsWith('<script') || /\bas="script"/.test(tag))
    .flatMap((tag) => /\b(?:src|href)="([^"]+)"/.exec(tag)?.[1] ?? []);
  // None found would pass for light.
  expect(addresses.length, path).toBeGreaterThan(3);
  const sizes = [...new Set(addresses)].map(
    // A line that was quiet for 5 s may be closed by the server as it is used again.
    async (address) =>
      gzipSync(await (await request.get(address, { maxRetries: 1 })).body()).length,
  );
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0) / 1_000;
}

test('a tip stands in a landmark of the page', async ({ page, job, installation: { db } }) => {
  const { id: jobId } = await job({ key: 'tipped' });
  await insertRun(db.sql, { jobId, state: 'succeeded', trigger: 'manual' });
  await page.goto('/jobs?q=tipped');
  const bar = page.locator('tr[data-row] a[data-bar]').last();
  // Before the page has come to life nobody hears of the focus.
  await expect(async () => {
    await bar.blur();
    await bar.focus();
    await expect(page.getByRole('tooltip')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expectAccessible(page);
});

test.describe('the words of the console', () => {
  test.use({ expectedErrors: [/net::ERR_FAILED .*\/words\//] });

  test('are no part of a page, are kept for good, and are asked for again when they don’t come', async ({
    page,
  }) => {
    const html = await (await page.request.get('/jobs')).text();
    const address = /<link rel="preload"[^>]* href="(\/words\/[^"]+)"/.exec(html)?.[1];
    expect(address).toMatch(/^\/words\/en-[0-9a-f]{16}\.json$/);
    const words = await page.request.get(address!);
    expect(words.headers()['cache-control']).toContain('immutable');
    expect(html.length).toBeLessThan((await words.body()).length);
    const ofAnotherVersion = await page.request.get('/words/en-0.json');
    expect(ofAnotherVersion.headers()['cache-control']).toContain('no-store');
    let asked = 0;
    await page.route('**/words/**', (route) => (++asked <= 3 ? route.abort() : route.continue()));
    // It waits until the page has come to life.
    await page.goto('/jobs');
    expect(asked).toBeGreaterThan(3);
  });
});
