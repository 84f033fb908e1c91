import type { Page } from '@playwright/test';
import { usualGrant } from '#core/auth/usual-grant.ts';
import { insertRun } from '../support/ledger.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const everyHour = {
  type: 'interval',
  everyMs: 3_600_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
} as const;
const ofBilling = usualGrant('viewer', { name: 'team', value: 'billing' });

/** Another team's words, in keys, causes, owners and notes. */
const THEIRS = /payroll/i;

async function isMine(page: Page, address: string): Promise<void> {
  const answer = await page.goto(address);
  expect(answer?.status(), address).toBe(200);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await page.content(), address).not.toMatch(THEIRS);
}

test('whoever may look at one label’s jobs walks through every page and meets no others', async ({
  installation,
  pageAs,
  job,
  worker,
  expectedErrors,
}) => {
  expectedErrors.push(/404 \(Not Found\)/);
  await worker();
  const own = await job({
    key: 'billing-sync',
    schedule: everyHour,
    labels: { team: 'billing' },
    createdAt: new Date(Date.now() - 3 * 3_600_000),
  });
  const theirs = await job({
    key: 'payroll-close',
    schedule: everyHour,
    owner: 'Payroll',
    labels: { team: 'payroll' },
    createdAt: new Date(Date.now() - 3 * 3_600_000),
  });
  const { sql } = installation.db;
  const ownRun = await insertRun(sql, {
    jobId: own.id,
    state: 'failed',
    trigger: 'manual',
    cause: 'exit 3',
  });
  const theirRun = await insertRun(sql, {
    jobId: theirs.id,
    state: 'failed',
    trigger: 'manual',
    cause: 'payroll is closed',
  });
  const page = await pageAs(ofBilling);

  for (const address of [
    '/',
    '/jobs',
    '/jobs/billing-sync',
    '/jobs/billing-sync/definition',
    '/jobs/billing-sync/revisions',
    '/jobs/billing-sync/next',
    '/jobs/billing-sync/state',
    '/jobs/billing-sync/backfill',
    '/jobs/billing-sync/edit',
    '/jobs/new',
    '/runs',
    `/runs/${ownRun}`,
    '/ledger',
    '/queues',
    '/calendars',
    '/calendars/blackouts',
    '/settings',
    '/settings/installation',
    '/settings/people',
  ]) {
    await isMine(page, address);
  }
  await page.goto('/jobs');
  await expect(page.getByRole('link', { name: 'billing-sync' })).toBeVisible();
  await expectAccessible(page);
  await page.goto('/runs');
  await expect(page.getByRole('row', { name: /billing-sync/ }).first()).toBeVisible();

  // What is about the whole installation says who may.
  for (const [address, words] of [
    ['/forecast', 'Forecast'],
    ['/workers', 'Workers'],
  ] as const) {
    await isMine(page, address);
    await expect(page.getByRole('heading', { name: words, exact: true })).toBeVisible();
    await expect(page.getByText('It takes a viewer’s role for everything.')).toBeVisible();
    await expect(page.getByRole('link', { name: `${words} not for your roles` })).toBeVisible();
    await expectAccessible(page);
  }

  // What is another's is as what never was, by every way.
  for (const address of ['/jobs/payroll-close', '/jobs/payroll-close/edit', `/runs/${theirRun}`]) {
    expect((await page.goto(address))?.status(), address).toBe(404);
    await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  }
  const answer = await page.request.get(`/api/runs/${theirRun}/log?from=tail`);
  expect(answer.status()).toBe(404);
  await page.goto('/jobs');
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog').getByRole('combobox').fill('payroll');
  await expect(page.getByRole('dialog')).toContainText(/Nothing|No /);
  await expect(page.getByRole('option', { name: /payroll/ })).toHaveCount(0);
});
