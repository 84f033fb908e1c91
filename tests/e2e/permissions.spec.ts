import type { Page } from '@playwright/test';
import type { Grant } from '#core/auth/grants.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { expectSentence, triggerAndOpenRun } from './acts.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

const everyDay: Schedule = { type: 'cron', lines: ['0 6 * * *'], timeZone: 'UTC' };
const SCRIPT = { kind: 'script', interpreter: 'sh', text: 'true' } as const;
const HTTP = { kind: 'http', url: 'https://example.org/ping' } as const;

const grant = (role: Grant['role'], extra: Grant['extra'] = []): Grant => ({
  role,
  label: null,
  extra: ['log:read', ...extra],
});
const ofBilling = (role: Grant['role']): Grant => ({
  ...grant(role),
  label: { name: 'team', value: 'billing' },
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test('an operator’s day: trigger, pause, resume, cancel and retry, and no edit', async ({
  pageAs,
  job,
  worker,
  gate,
}) => {
  await worker();
  await job({ key: 'nightly-report', schedule: everyDay, work: SCRIPT });
  await job({ key: 'long-import', work: { ...SCRIPT, text: gate.wait } });
  await job({ key: 'fails-once', work: { ...SCRIPT, text: 'exit 3' } });
  const operator = await pageAs(grant('operator'));

  await triggerAndOpenRun(operator, 'nightly-report');
  await expectSentence(operator, /Succeeded/);
  await operator.goto('/jobs/nightly-report');
  await button(operator, 'Pause').click();
  await expectSentence(operator, /Paused by operator/);
  // No tick fell into it, so that nothing is asked.
  await button(operator, 'Resume').first().click();
  await expect(button(operator, 'Pause')).toBeVisible();

  await triggerAndOpenRun(operator, 'long-import');
  await expectSentence(operator, /Running/);
  await button(operator, 'Cancel').click();
  await expectSentence(operator, /Cancelled/);

  await triggerAndOpenRun(operator, 'fails-once');
  await expectSentence(operator, /Failed/);
  await button(operator, 'Retry').click();
  await operator.waitForURL(/\/runs\/\d+$/);

  await operator.goto('/jobs/nightly-report');
  const edit = button(operator, 'Edit');
  await expect(edit).toBeDisabled();
  await expect(edit).toHaveAttribute('title', /It takes an editor’s role/);
  // A key that is pressed before the page has come to life is nobody's.
  await expect(async () => {
    await operator.keyboard.press('e');
    await expect(operator.getByText('It takes an editor’s role').last()).toBeVisible({
      timeout: 1_000,
    });
  }).toPass();
  expect(operator.url()).toContain('/jobs/nightly-report');
  await operator.goto('/jobs/nightly-report/edit');
  await expect(operator.getByRole('heading', { name: 'You may not change jobs' })).toBeVisible();
  await operator.goto('/jobs/new');
  await expect(operator.getByRole('heading', { name: 'You may not change jobs' })).toBeVisible();
});

test('rights for one label hold for the jobs that carry it, and the page says on how many', async ({
  page,
  pageAs,
  job,
  installation,
}) => {
  const billing = await job({ key: 'invoices', labels: { team: 'billing' }, work: SCRIPT });
  await job({ key: 'parcels', labels: { team: 'shipping' }, work: SCRIPT });
  const operator = await pageAs(ofBilling('operator'));
  // Sees everything, acts on its own alone.
  await installation.db.sql(
    `UPDATE "user" SET grants = grants || $1::jsonb WHERE email = 'operator-of-billing@example.org'`,
    [JSON.stringify([grant('viewer')])],
  );
  await operator.goto('/jobs');
  await operator.getByRole('checkbox', { name: 'Select invoices' }).check({ force: true });
  await operator.getByRole('checkbox', { name: 'Select parcels' }).check({ force: true });
  await operator.getByRole('button', { name: 'Trigger 1 of 2' }).click();
  await expect(operator.getByText('invoices is triggered').last()).toBeVisible();
  const runs = await installation.db.sql<{ jobId: number }>(
    `SELECT job_id AS "jobId" FROM run WHERE is_live IN (true, false) AND requested_by = 'operator-of-billing'`,
  );
  expect(runs.map(({ jobId }) => jobId)).toEqual([billing.id]);

  await operator.goto('/jobs/parcels');
  await expect(button(operator, 'Trigger')).toBeDisabled();
  await operator.keyboard.press('t');
  await expect(operator.getByText('It takes an operator’s role').last()).toBeVisible();
  await operator.goto('/jobs/invoices');
  await expect(button(operator, 'Trigger')).toBeEnabled();
  await expectAccessible(operator);

  // What an admin takes away is gone with the next click.
  await page.goto('/settings/people');
  await page.getByRole('button', { name: 'Change what operator-of-billing may do' }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByRole('button', { name: 'Take the role Operator for team=billing away' })
    .click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved what operator-of-billing may do')).toBeVisible();
  await button(operator, 'Trigger').click();
  await expect(operator.getByText(/It takes an operator’s role for this job/).last()).toBeVisible();
});

test('an editor without the right to hosts edits a script’s notes, and not the script', async ({
  pageAs,
  job,
}) => {
  await job({ key: 'tidy-up', work: SCRIPT });
  const editor = await pageAs(grant('editor'));
  await editor.goto('/jobs/tidy-up/edit');
  await expect(editor.getByRole('textbox', { name: 'Script' })).toBeDisabled();
  await expect(editor.getByText('right to change what runs on hosts').first()).toBeVisible();
  await expectAccessible(editor);
  await editor.getByRole('textbox', { name: 'Notes' }).fill('Runs at night.');
  await editor.getByRole('button', { name: 'Save as revision 2' }).click();
  await editor.waitForURL(/\/jobs\/tidy-up$/);
  await expect(editor.getByText('tidy-up is saved as revision 2').last()).toBeVisible();

  await editor.goto('/jobs/new');
  await expect(editor.getByRole('radio', { name: /^Script/ })).toBeDisabled();
  await expect(editor.getByRole('radio', { name: /^HTTP/ })).toBeEnabled();
});

test('an operator who may change when jobs run moves a schedule and nothing else', async ({
  pageAs,
  job,
  installation,
}) => {
  const moved = await job({ key: 'morning-mail', schedule: everyDay, work: HTTP });
  const operator = await pageAs(grant('operator', ['job:write_when']));
  await operator.goto('/jobs/morning-mail');
  await operator.getByRole('link', { name: 'Edit' }).click();
  await expect(operator.getByRole('textbox', { name: 'Key' })).toBeDisabled();
  await expect(operator.getByRole('textbox', { name: 'Owner' })).toBeDisabled();
  const line = operator.getByRole('textbox', { name: /Cron/ }).first();
  await expect(line).toBeEnabled();
  await line.fill('30 6 * * *');
  await expectAccessible(operator);
  await operator.getByRole('button', { name: 'Save as revision 2' }).click();
  await operator.waitForURL(/\/jobs\/morning-mail$/);
  const [revision] = await installation.db.sql<{ lines: string[]; by: string }>(
    `SELECT definition -> 'schedule' -> 'lines' AS lines, created_by AS by FROM revision
      WHERE job_id = $1 AND number = 2`,
    [moved.id],
  );
  expect(revision).toEqual({ lines: ['30 6 * * *'], by: 'operator' });
});

test('what is typed stays when the right to save it is gone meanwhile', async ({
  pageAs,
  job,
  installation,
}) => {
  await job({ key: 'reminders', schedule: everyDay, work: HTTP });
  const editor = await pageAs(grant('editor'));
  await editor.goto('/jobs/reminders/edit');
  await editor.getByRole('textbox', { name: 'Owner' }).fill('accounts');
  await installation.db.sql(
    `UPDATE "user" SET grants = $1::jsonb WHERE email = 'editor@example.org'`,
    [JSON.stringify([grant('viewer')])],
  );
  await editor.getByRole('button', { name: 'Save as revision 2' }).click();
  await expect(editor.getByText(/It takes an editor’s role for this job/).first()).toBeVisible();
  await expect(editor.getByRole('textbox', { name: 'Owner' })).toHaveValue('accounts');
});
