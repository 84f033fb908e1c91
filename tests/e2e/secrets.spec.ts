import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { foundIn } from '../support/secret-writings.ts';
import { triggerAndOpenRun } from './acts.ts';
import { expect, expectAccessible, test } from './fixtures.ts';
import type { Installation } from './installation.ts';

const VALUE = 'c0rrect-h0rse/b4ttery+st4ple';

let server: Server;
let received: { headers: IncomingHttpHeaders }[] = [];
/** Answers with what it was asked, as careless endpoints do. */
test.beforeAll(async () => {
  server = createServer((request, response) => {
    received.push({ headers: request.headers });
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(`you are ${request.headers.authorization}\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
test.afterAll(() => server.close());
test.beforeEach(({ installation }) => {
  received = [];
  return installation.db.sql('DELETE FROM secret').then(() => {});
});

const receiver = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;

async function added(page: Page, name: string): Promise<void> {
  await add(page, name, VALUE);
  await expect(page.getByText(`${name} is added`)).toBeVisible();
}

async function add(page: Page, name: string, value: string): Promise<void> {
  await page.goto('/settings/secrets');
  await page.getByRole('button', { name: 'Add a secret' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Value').fill(value);
  await dialog.getByRole('button', { name: 'Save' }).click();
}

async function everyRow({ db }: Installation): Promise<string> {
  const tables = await db.sql<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
  );
  const rows: string[] = [];
  for (const { name } of tables) {
    const found = await db.sql<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    rows.push(...found.map(({ row }) => row));
  }
  return rows.join('\n');
}

test('a secret is made, used in a header, cut out of the log, and in no row', async ({
  page,
  worker,
  installation,
}) => {
  await worker({ PUNCTUAL_HTTP_ALLOW: receiver() });
  await page.goto('/settings/secrets');
  await expect(page.getByText('No secrets yet')).toBeVisible();
  await add(page, 'lower', 'short');
  await expect(page.getByText(/A secret’s name has capitals/)).toBeVisible();
  await expect(page.getByText(/A secret has at least 6 characters/)).toBeVisible();
  await expectAccessible(page);
  await added(page, 'API_TOKEN');
  const row = page.getByRole('row', { name: /API_TOKEN/ });
  await expect(row).toContainText('no job');
  await expectAccessible(page);

  await page.goto('/jobs/new');
  await page.getByLabel('Key', { exact: true }).fill('with-secret');
  await page.getByRole('textbox', { name: 'Address' }).fill(`http://${receiver()}/`);
  await page.getByRole('button', { name: 'Add a header' }).click();
  await page.getByLabel('Header 1', { exact: true }).fill('Authorization');
  const header = page.getByLabel('Value 1', { exact: true });
  await header.fill('Bearer {{secret.API_TOKN}}');
  await page.getByRole('radio', { name: 'Only when triggered' }).check();
  await page.getByRole('radio', { name: /Yes: start it again/ }).click();
  await page.getByRole('button', { name: 'Make the job' }).click();
  await expect(page.getByText('There is no secret API_TOKN').first()).toBeVisible();

  await header.fill('Bearer ');
  await page.getByRole('combobox', { name: 'Secrets' }).click();
  await page.getByRole('option', { name: 'API_TOKEN' }).click();
  await expect(header).toHaveValue('Bearer {{secret.API_TOKEN}}');
  await page.getByRole('button', { name: 'Make the job' }).click();
  await page.waitForURL('**/jobs/with-secret');

  await triggerAndOpenRun(page, 'with-secret');
  await expect(page.getByText('you are Bearer •••').first()).toBeVisible();
  expect(received.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${VALUE}`]);
  const rows = await everyRow(installation);
  expect(rows).toContain('you are Bearer •••');
  expect(foundIn(rows, VALUE)).toEqual([]);

  await page.goto('/settings/secrets');
  await row.getByRole('button', { name: /What can be done/ }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('One job uses it');
  await expect(dialog.getByRole('link', { name: 'with-secret' })).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Delete the secret' }).click();
  await expect(page.getByText('API_TOKEN is deleted')).toBeVisible();
  await page.goto('/jobs/with-secret');
  await triggerAndOpenRun(page, 'with-secret');
  await expect(page.getByText(/the secret API_TOKEN isn’t there any more/).first()).toBeVisible();
  expect(received).toHaveLength(1);
});

test('narrowing who may use a secret says first whose runs would fail', async ({ page, job }) => {
  await added(page, 'SHARED');
  await job({
    key: 'shares-it',
    work: {
      kind: 'script',
      text: 'true',
      environment: [{ name: 'TOKEN', value: '{{secret.SHARED}}' }],
    },
  });
  await page.reload();
  const row = page.getByRole('row', { name: /SHARED/ });
  await expect(row.getByRole('link', { name: 'shares-it' })).toBeVisible();
  await row.getByRole('button', { name: /What can be done/ }).click();
  await page.getByRole('menuitem', { name: 'Change who may use it…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Only these jobs' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('Name at least one job or label')).toBeVisible();
  await dialog.getByLabel('Labels').fill('team=billing');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(/shares-it uses it and couldn’t any more/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Save all the same' }).click();
  await expect(row).toContainText('team=billing');
});

test('who may not, is told who may; an editor sees names alone', async ({ page, pageAs }) => {
  await added(page, 'SEEN');
  const viewer = await pageAs('viewer');
  await viewer.goto('/settings/secrets');
  await expect(viewer.getByText(/It takes an editor’s role/)).toBeVisible();
  const editor = await pageAs('editor');
  await editor.goto('/settings/secrets');
  await expect(editor.getByRole('row', { name: /SEEN/ })).toBeVisible();
  await expect(editor.getByRole('button', { name: 'Add a secret' })).toBeDisabled();
  await expect(editor.getByRole('button', { name: /What can be done/ })).toBeDisabled();
});

test('a key that doesn’t fit: every page says so, and nothing of secrets can be changed', async ({
  page,
  installation,
}) => {
  await added(page, 'SEALED');
  await installation.db.sql(`UPDATE secret SET key_id = 'another'`);
  await page.goto('/jobs');
  await expect(page.getByText(/The key doesn’t open 1 secret\./)).toBeVisible();
  await page.getByRole('link', { name: 'Secrets' }).click();
  await page.waitForURL('**/settings/secrets');
  await expect(page.getByText('The key doesn’t open 1 secret').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add a secret' })).toBeDisabled();
  await expectAccessible(page);
});
