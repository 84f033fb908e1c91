import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { makeRun } from '../support/runs.ts';
import { expect, expectAccessible, test } from './fixtures.ts';
import type { Installation } from './installation.ts';

const TOKEN = 'B0ZZZZZZZ-very-secret-token';

type Received = { path: string; body: string };
let server: Server;
let received: Received[] = [];
let health = 500;

/** Takes messages at /hook, answers 500 at /down and never at /hangs; /health is what jobs ask. */
test.beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? '';
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (path.startsWith('/health')) return void response.writeHead(health).end();
      const body = Buffer.concat(chunks).toString('utf8');
      // Of its own troubles Punctual tells as well, and other journeys give it some.
      if (!body.includes('Punctual itself')) received.push({ path, body });
      if (path.startsWith('/hangs')) return;
      if (path.startsWith('/down')) return void response.writeHead(500).end('the robot is down');
      response.writeHead(200, { 'content-type': 'text/plain' }).end('taken');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
test.afterAll(() => {
  server.closeAllConnections();
  server.close();
});
test.beforeEach(async ({ installation: { db } }) => {
  received = [];
  health = 500;
  await db.sql('TRUNCATE message, incident, channel');
  await db.sql(
    `UPDATE installation SET message_rule = '{"channels": [], "on": ["failed", "lost", "missed", "auto_paused", "recovered"], "remindHours": null}'`,
  );
});

const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
const at = (path: string) => `http://${host()}${path}`;
const events = () => received.map(({ body }) => (JSON.parse(body) as { event: string }).event);
const asksHealth = () => ({ kind: 'http' as const, method: 'GET' as const, url: at('/health') });

async function makeWebhook(page: Page, key: string, url: string): Promise<void> {
  await page.goto('/settings/channels');
  await page.getByRole('button', { name: 'New channel' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Kind').selectOption('Webhook');
  await dialog.getByLabel('Name', { exact: true }).fill(key);
  await dialog.getByLabel('Address').fill(url);
  await dialog.getByRole('button', { name: 'Make the channel' }).click();
  await expect(page.getByText(`${key} is made`)).toBeVisible();
}

async function tellByDefault(page: Page, key: string): Promise<void> {
  await page.getByLabel(key, { exact: true }).check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('What is told by default is saved')).toBeVisible();
}

test('a failure reaches somebody, and so does its end; the address is in no row', async ({
  page,
  job,
  worker,
  installation,
}) => {
  test.slow();
  await makeWebhook(page, 'ops', at(`/hook/${TOKEN}`));
  await tellByDefault(page, 'ops');
  await expectAccessible(page);
  const failing = await job({ key: 'asks-health', work: asksHealth(), overlap: 'allow' });
  await worker({ PUNCTUAL_HTTP_ALLOW: host(), PUNCTUAL_URL: installation.url });

  const run = await makeRun(installation.db, failing);
  await expect.poll(events, { timeout: 20_000 }).toEqual(['opened']);
  const message = JSON.parse(received[0]!.body) as { title: string; text: string; url: string };
  expect(message.title).toBe('asks-health failed');
  expect(message.text).toContain('answered 500 Internal Server Error');
  expect(message.url).toBe(`${installation.url}/runs/${run}`);
  await page.goto(message.url);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.goto('/jobs/asks-health');
  await expect(page.getByRole('note', { name: 'Who was told' })).toContainText(/^Told .*: ops\./);

  health = 200;
  await makeRun(installation.db, failing);
  await expect.poll(events, { timeout: 20_000 }).toEqual(['opened', 'recovered']);
  await expect(page.getByRole('note', { name: 'Who was told' })).toBeHidden();

  await page.goto('/settings/channels');
  await page.getByRole('button', { name: 'Show the messages' }).click();
  await expect(page.getByText('asks-health works again')).toBeVisible();
  await expectAccessible(page);
  const rows = await everyRow(installation);
  expect(rows).toContain('asks-health');
  expect(rows).not.toContain(TOKEN);
});

test('500 failures are one message, and one when it works again', async ({
  page,
  job,
  worker,
  installation,
}) => {
  test.slow();
  await makeWebhook(page, 'ops', at('/hook'));
  await tellByDefault(page, 'ops');
  const failing = await job({ key: 'fails-a-lot', work: asksHealth(), overlap: 'allow' });
  await installation.db.sql('UPDATE queue SET max_running = 100');
  for (let n = 0; n < 500; n++) await makeRun(installation.db, failing);
  await worker({ PUNCTUAL_HTTP_ALLOW: host() });
  const failed = async () => {
    const [row] = await installation.db.sql<{ runs: number }>('SELECT runs FROM incident');
    return row?.runs;
  };
  await expect.poll(failed, { timeout: 90_000 }).toBe(500);
  await expect.poll(events, { timeout: 20_000 }).toEqual(['opened']);
  health = 200;
  await makeRun(installation.db, failing);
  await expect.poll(events, { timeout: 20_000 }).toEqual(['opened', 'recovered']);
  expect(received[1]!.body).toContain('500 runs ended badly');
});

test('a test shows the real answer: taken, 500, refused, and none at all', async ({
  page,
  worker,
}) => {
  test.slow();
  await worker({ PUNCTUAL_HTTP_ALLOW: `${host()},127.0.0.1:1` });
  for (const [key, url] of [
    ['takes', at('/hook')],
    ['is-down', at('/down')],
    ['nobody-there', 'http://127.0.0.1:1/hook'],
    ['inside', 'http://169.254.169.254/latest'],
    ['hangs', at('/hangs')],
  ] as const) {
    await makeWebhook(page, key, url);
  }
  const answer = async (key: string) => {
    const row = page.getByRole('row').filter({ hasText: key });
    await row.getByRole('button', { name: 'Send a test' }).click();
    return page.getByRole('dialog', { name: `Test of ${key}` });
  };
  const close = (dialog: Awaited<ReturnType<typeof answer>>) =>
    dialog.getByRole('button', { name: 'Close' }).last().click();

  const taken = await answer('takes');
  await expect(taken.getByText('It was taken')).toBeVisible({ timeout: 20_000 });
  await expect(taken.getByText(/Status 200/)).toBeVisible();
  await expect(taken.getByText('taken', { exact: true })).toBeVisible();
  await expectAccessible(page);
  await close(taken);

  const down = await answer('is-down');
  await expect(down.getByText('answered 500 Internal Server Error')).toBeVisible({
    timeout: 20_000,
  });
  await expect(down.getByText('the robot is down')).toBeVisible();
  await close(down);

  const nobody = await answer('nobody-there');
  await expect(nobody.getByText(/refused the connection/)).toBeVisible({ timeout: 20_000 });
  await close(nobody);

  const inside = await answer('inside');
  await expect(inside.getByText(/is an internal address/)).toBeVisible({ timeout: 20_000 });
  await close(inside);

  const hanging = await answer('hangs');
  await expect(hanging.getByText('Sending…')).toBeVisible({ timeout: 20_000 });
  await expect(hanging.getByText(/didn’t answer within 15 s/)).toBeVisible({ timeout: 30_000 });
  await close(hanging);
  await expect(page.getByRole('row').filter({ hasText: 'hangs' })).toContainText('not delivered');
});

test('a job names its own channels, a colleague sees and changes nothing, a deletion says who is hit', async ({
  page,
  pageAs,
  job,
  installation,
}) => {
  await makeWebhook(page, 'team', at('/hook'));
  await job({ key: 'names-a-channel', work: asksHealth() });
  await page.goto('/jobs/names-a-channel/edit');
  await page.getByRole('radio', { name: 'These channels' }).check();
  await page.getByLabel('team').check();
  await page.getByRole('button', { name: /^Save/ }).first().click();
  await page.waitForURL((url) => !url.pathname.endsWith('/edit'));
  await page.goto('/jobs/names-a-channel/definition');
  await expect(page.getByRole('definition').filter({ hasText: 'team' })).toBeVisible();

  const viewer = await pageAs('viewer');
  await viewer.goto('/settings/channels');
  await expect(viewer.getByText('1 job that names it')).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Send a test' })).toBeDisabled();
  await expect(viewer.getByRole('button', { name: 'New channel' })).toBeDisabled();
  await expect(viewer.getByRole('button', { name: 'Show the messages' })).toBeHidden();

  await page.goto('/settings/channels');
  await page.getByRole('button', { name: 'What to do with team' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/1 job names it alone/)).toBeVisible();
  await expect(dialog.getByText('names-a-channel')).toBeVisible();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No channel yet')).toBeVisible();
  expect(await installation.db.sql('SELECT key FROM channel')).toEqual([]);
});

test('the overview says when messages don’t arrive', async ({ page, job, worker }) => {
  await makeWebhook(page, 'is-down', at('/down'));
  await tellByDefault(page, 'is-down');
  const failing = await job({ key: 'unheard', work: asksHealth() });
  await worker({ PUNCTUAL_HTTP_ALLOW: host() });
  await page.goto(`/jobs/${failing.key}`);
  await page.getByRole('button', { name: 'Trigger', exact: true }).click();
  await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1);
  await page.goto('/');
  await expect(page.getByText(/\d messages? could not be delivered in the last day/)).toBeVisible();
  await page.getByRole('link', { name: 'Look at the channels' }).click();
  await expect(page.getByText(/\d messages? not delivered in a day/)).toBeVisible();
});

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
