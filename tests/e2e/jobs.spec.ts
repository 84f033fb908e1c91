import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { expectSentence, triggerAndOpenRun } from './acts.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const everySecond = {
  type: 'interval',
  everyMs: 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
} as const;
const everyDay: JobDefinitionInput['schedule'] = {
  type: 'cron',
  lines: ['0 3 * * *'],
  timeZone: 'Europe/Berlin',
};

test('a paused job starts nothing and says why; resumed, it goes on, and the gap stays', async ({
  page,
  job,
  worker,
}) => {
  await worker();
  const { id } = await job({ key: 'ticks', schedule: everySecond });
  await page.goto('/jobs/ticks');
  await expectSentence(page, /Healthy/);
  await page.getByRole('button', { name: 'More ways to pause' }).click();
  await page.getByRole('menuitem', { name: 'Pause with a reason, or until a time…' }).click();
  await page.getByLabel('Reason').fill('deploy freeze');
  await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
  await expectSentence(page, /Paused by admin.*“deploy freeze”/);
  await expect
    .poll(async () => (await page.request.get(`/api/console/pause?jobIds=${id}`)).json())
    .toMatchObject({
      most: { key: 'ticks', ticks: expect.any(Number) },
      latestAt: expect.any(String),
    });
  await page.getByRole('button', { name: 'Resume', exact: true }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
  await expectSentence(page, /Healthy|Running/);
  await expect(page.getByRole('row', { name: /paused.*“deploy freeze”/ })).toBeVisible();
  await expectAccessible(page);
});

test('a tick that falls into the run before it is skipped, and the ledger says so', async ({
  page,
  job,
  worker,
  gate,
}) => {
  await worker();
  await job({
    key: 'overlaps',
    schedule: everySecond,
    overlap: 'skip',
    work: { kind: 'script', interpreter: 'sh', text: gate.wait },
  });
  await page.goto('/jobs/overlaps');
  const skipped = page.getByRole('row', { name: /skipped/ });
  await expect(skipped.first()).toBeVisible({ timeout: 15_000 });
  await gate.open();
});

test('who saves second sees what the first changed, and chooses', async ({ page, pageAs, job }) => {
  await job({ key: 'edited-twice', schedule: everyDay });
  const other = await pageAs('admin');
  await page.goto('/jobs/edited-twice/edit');
  await other.goto('/jobs/edited-twice/edit');
  await other.getByLabel('Owner').fill('platform');
  await other.getByRole('button', { name: 'Save as revision 2' }).click();
  await expect(other.getByText('saved as revision 2').first()).toBeVisible();

  await page.getByLabel('Owner').fill('payments');
  await page.getByRole('button', { name: 'Save as revision 2' }).click();
  const dialog = page.getByRole('dialog', { name: /saved before you/ });
  await expect(dialog).toContainText('platform');
  await expect(dialog).toContainText('payments');
  await dialog.getByRole('button', { name: 'Take all of mine' }).click();
  await dialog.getByRole('button', { name: 'Save as revision 3' }).click();
  await expect(page.getByText('saved as revision 3').first()).toBeVisible();
});

test('an earlier revision is restored as a new one', async ({ page, job }) => {
  await job({ key: 'goes-back', schedule: everyDay, owner: 'before' });
  await page.goto('/jobs/goes-back/edit');
  await page.getByLabel('Owner').fill('after');
  await page.getByRole('button', { name: 'Save as revision 2' }).click();
  await expect(page.getByText('saved as revision 2').first()).toBeVisible();
  await page.goto('/jobs/goes-back/revisions?revision=1');
  await page.getByRole('button', { name: 'Restore revision 1' }).click();
  await expect(page.getByText('Revision 1 is restored as revision 3')).toBeVisible();
});

test('a viewer sees everything and changes nothing, not even by calling the action itself', async ({
  page,
  pageAs,
  job,
  worker,
  installation: { db, url },
}) => {
  await worker();
  const { id } = await job({ key: 'looked-at', schedule: everyDay });
  const viewer = await pageAs('viewer');
  await viewer.goto('/jobs/looked-at');
  for (const name of ['Trigger', 'Pause', 'Edit']) {
    await expect(viewer.getByRole('button', { name, exact: true })).toBeDisabled();
  }
  await triggerAndOpenRun(page, 'looked-at');
  await expectSentence(page, /Succeeded/);

  await page.goto('/jobs/looked-at');
  const called = page.waitForRequest((request) => 'next-action' in request.headers());
  await page.getByRole('button', { name: 'Trigger', exact: true }).click();
  const request = await called;
  const runs = async () => (await db.sql('SELECT id FROM run WHERE job_id = $1', [id])).length;
  await expect.poll(runs).toBe(2);
  const { 'next-action': action, 'content-type': type, accept } = request.headers();
  const call = (origin: string) =>
    viewer.request.post(request.url(), {
      headers: { 'next-action': action!, 'content-type': type!, accept: accept!, origin },
      data: request.postData() ?? '',
    });
  const answer = await call(url);
  expect(await answer.text()).toContain('"code":"not_allowed"');
  expect(await runs()).toBe(2);
});
