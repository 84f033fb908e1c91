import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { insertAuditEntries } from '#core/audit/audit.sql.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

test('a change appears by itself, unfolds, is found by its reason, and is exported', async ({
  page,
  pageAs,
  job,
}) => {
  const schedule: Schedule = { type: 'cron', lines: ['0 6 1 * *'], timeZone: 'UTC' };
  await job({ key: 'month-close', schedule });
  await job({ key: 'week-close', schedule });
  await page.goto('/settings/audit');
  await expect(page.getByRole('searchbox', { name: 'Text in an entry' })).toBeVisible();

  const operator = await pageAs('operator');
  await pause(operator, 'month-close', 'the auditors asked, ticket 4711');
  await pause(operator, 'week-close', 'with the other one');
  const entry = page.getByRole('row').filter({ hasText: 'ticket 4711' });
  await expect(entry).toContainText('operator');
  await expect(entry).toContainText('paused month-close');

  await entry.getByRole('button', { name: /^Details of entry/ }).click();
  const details = page.getByRole('row').filter({ hasText: 'operator@example.org' });
  await expect(details).toContainText('job.pause');
  await expect(details).toContainText('“the auditors asked, ticket 4711”');
  await expectAccessible(page);

  await changeQueue(await pageAs('admin'), 'reports', '7');
  const change = page.getByRole('row').filter({ hasText: 'changed the queue reports' }).first();
  await change.getByRole('button', { name: /^Details of entry/ }).click();
  await expect(page.getByRole('deletion').filter({ hasText: /^was \d+$/ })).toBeVisible();
  await expect(page.getByRole('insertion').filter({ hasText: 'is 7' })).toBeVisible();

  await page.getByRole('searchbox', { name: 'Text in an entry' }).fill('TICKET 4711');
  await expect(page.getByRole('row').filter({ hasText: 'week-close' })).toHaveCount(0);
  await expect(entry).toBeVisible();
  await expect(page).toHaveURL(/text=TICKET/);

  await page.getByRole('button', { name: 'Export' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Lines of JSON' }).click();
  const file = await (await downloading).path();
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  const exported = lines.map((line) => JSON.parse(line) as { action: string; subject: string });
  expect(exported.at(-1)).toMatchObject({
    action: 'job.pause',
    subject: 'job:month-close',
    actor: 'operator',
    reason: 'the auditors asked, ticket 4711',
  });
  // That it was taken away stands in the trail as well, with what was looked for.
  await expect(page.getByRole('row').filter({ hasText: 'exported the audit trail' })).toBeVisible();
});

async function changeQueue(page: Page, queue: string, atOnce: string): Promise<void> {
  await page.goto('/queues');
  await page.getByRole('button', { name: `Change ${queue}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('At once').fill(atOnce);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`Queue ${queue} is changed`)).toBeVisible();
}

async function pause(page: Page, key: string, reason: string): Promise<void> {
  await page.goto(`/jobs/${key}`);
  await page.getByRole('button', { name: 'More ways to pause' }).click();
  await page.getByRole('menuitem', { name: 'Pause with a reason' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText(`${key} is paused.`)).toBeVisible();
}

test('a row that was changed by hand is named, on the page and in a terminal', async ({
  page,
  worker,
  installation: { db },
}) => {
  await insertAuditEntries(db.sql, [
    {
      actor: 'Ada',
      action: 'queue.change',
      subject: 'queue:reports',
      before: { maxRunning: 3 },
      after: { maxRunning: 4 },
      reason: '',
      address: null,
    },
  ]);
  await worker();
  await page.goto('/settings/audit');
  await expect(page.getByText(/entr(y|ies), sealed up to/)).toBeVisible();
  await page.getByRole('button', { name: /^Check/ }).click();
  await expect(page.getByText('as it was written').first()).toBeVisible();

  const [entry] = await db.sql<{ id: number }>('SELECT min(entry_id) AS id FROM audit_seal');
  const change = (actor: string) =>
    db.sql(`UPDATE audit_entry SET actor = $2 WHERE id = $1`, [entry!.id, actor]);
  const [was] = await db.sql<{ actor: string }>('SELECT actor FROM audit_entry WHERE id = $1', [
    entry!.id,
  ]);
  await expect(change('Somebody else')).rejects.toThrow(/only added to/);
  // Who owns the tables can switch that off.
  await db.sql('ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stands');
  await change('Somebody else');
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(page.getByText('The trail isn’t as it was written')).toBeVisible();
  await expect(page.getByText(new RegExp(`^Entry ${entry!.id} was changed`))).toBeVisible();
  await expectAccessible(page);
  const verify = () =>
    promisify(execFile)(
      process.execPath,
      [path.resolve(import.meta.dirname, '../../cli/punctual.ts'), 'audit', 'verify'],
      { env: { ...process.env, DATABASE_URL: db.url } },
    ).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
    );
  const found = await verify();
  expect(found.code).toBe(1);
  expect(found.stdout).toContain(`Entry ${entry!.id} (seal 1) was changed`);

  await change(was!.actor);
  await db.sql('ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_stands');
  expect((await verify()).code).toBe(0);
});
