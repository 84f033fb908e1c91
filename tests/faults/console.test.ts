import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildConsole, generateClient } from '../../cli/start/build-console.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../cli/start/embedded-postgres.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { childrenOf, type Started, startPunctual, temporaryFolder } from '#tests/support/start.ts';
import { until } from '#tests/support/wait.ts';

const ADMIN = {
  PUNCTUAL_ADMIN_EMAIL: 'admin@example.com',
  PUNCTUAL_ADMIN_PASSWORD: 'correct horse battery staple',
};
const GIVES_UP_WITHIN_MS = 6_000;

beforeAll(async () => {
  const never = new AbortController().signal;
  await generateClient(never);
  await buildConsole(never);
}, 240_000);

describe('a console that is asked for what isn’t there, or in words that can’t be read', () => {
  test('says 404 or 400, and random bodies of actions change nothing', async () => {
    await using db = await createTestDatabase();
    const browser = await signedInTo(
      await startPunctual(temporaryFolder(), { DATABASE_URL: db.url, ...ADMIN }),
    );
    const { key } = await makeJob(db);

    for (const there of [`/jobs/${key}`, `/jobs/${key}/definition`, `/jobs/${key}/edit`]) {
      expect([there, (await browser.get(there)).status]).toEqual([there, 200]);
    }
    for (const unknown of [
      '/jobs/nope',
      '/jobs/nope/definition',
      '/jobs/nope/edit',
      '/jobs/No%20key',
      '/runs/999999999',
      '/runs/nope',
      '/nope',
    ]) {
      const answer = await browser.get(unknown);
      expect([unknown, answer.status]).toEqual([unknown, 404]);
      expect(await answer.text()).toContain('There is no such page');
    }
    for (const unreadable of ['/jobs/%', '/runs/%ED%A0%80', '/api/runs/%/log?from=tail']) {
      const answer = await browser.get(unreadable);
      expect([unreadable, answer.status]).toEqual([unreadable, 400]);
      expect(await answer.text()).toMatch(/^This address can’t be read/);
    }

    const before = await everything(db.sql);
    for (const [index, [id, address]] of actions().entries()) {
      // Each body for a third of the actions: fault 35 tries many more (tests/faults/survive/input.test.ts).
      for (const body of BODIES.filter((_, at) => at % 3 === index % 3)) {
        const { status } = await browser.act(address.replace('[key]', key), id, body);
        if (status !== 200) expect([id, body, status]).toEqual([id, body, 400]);
      }
      const parts = new FormData();
      parts.append('1_a', '{');
      expect((await browser.act('/jobs', id, parts)).status).toBe(400);
    }
    expect(await everything(db.sql)).toEqual(before);
    // Control: the same way does change something when the body says so.
    const [pause] = actions().find(([, , name]) => name === 'pauseEverything')!;
    expect((await browser.act('/jobs', pause, '[{"reason":"control"}]')).status).toBe(200);
    expect(await everything(db.sql)).not.toEqual(before);
  });
});

describe('a console whose database doesn’t answer', () => {
  test('gives up on a frozen one within seconds, says so, and goes on by itself', async () => {
    const { postgres, browser } = await consoleOn();
    // What a console has to load for its first page isn't the database's silence.
    for (const page of ['/jobs', '/sign-in']) await (await browser.get(page)).text();
    const frozen = [postgres.pid, ...childrenOf(postgres.pid).map(({ pid }) => pid)];
    const signal = (name: NodeJS.Signals) => frozen.forEach((pid) => process.kill(pid, name));
    signal('SIGSTOP');
    try {
      await Promise.all(
        [
          ['/jobs', 500],
          ['/sign-in', 500],
          ['/api/console/jobs', 503],
          ['/api/events', 503],
          ['/api/ready', 503],
        ].map(async ([address, status]) => {
          const askedAt = performance.now();
          const answer = await browser.get(String(address));
          expect([address, answer.status]).toEqual([address, status]);
          await answer.text();
          expect(performance.now() - askedAt).toBeLessThan(GIVES_UP_WITHIN_MS);
        }),
      );
    } finally {
      signal('SIGCONT');
    }
    await answers(browser, '/jobs', 200);
  });

  test('answers reads and streams with 503 while it is stopped, and as before once it is started', async () => {
    const { postgres, folder, browser } = await consoleOn();
    const stream = await browser.get('/api/events');
    expect(stream.status).toBe(200);
    await postgres.stop();
    await answers(browser, '/api/console/jobs', 503);
    for (const address of ['/api/console/shell', '/api/console/runs', '/api/events']) {
      const answer = await browser.get(address);
      expect([address, answer.status]).toEqual([address, 503]);
      await answer.text();
    }
    const refused = await browser.get('/api/console/overview');
    expect(await refused.json()).toMatchObject({
      refusal: { code: 'unavailable', message: expect.stringContaining('database doesn’t answer') },
    });
    expect((await browser.get('/api/health')).status).toBe(200);

    const again = await startEmbeddedPostgres(folder);
    onTestFinished(() => again.stop());
    expect(again.url).toBe(postgres.url);
    await answers(browser, '/api/console/jobs', 200);
    const hears = await browser.get('/api/events');
    expect(hears.status).toBe(200);
    await hears.body?.cancel();
    await stream.body?.cancel();
  });
});

type Browser = {
  get(address: string): Promise<Response>;
  act(address: string, action: string, body: string | FormData): Promise<Response>;
};

async function signedInTo(punctual: Started): Promise<Browser> {
  await punctual.says(/is ready/);
  const origin = `http://localhost:${punctual.port}`;
  const answer = await fetch(`${origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({
      email: ADMIN.PUNCTUAL_ADMIN_EMAIL,
      password: ADMIN.PUNCTUAL_ADMIN_PASSWORD,
    }),
  });
  expect(answer.status).toBe(200);
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  return {
    get: (address) => fetch(`${origin}${address}`, { headers: { cookie }, redirect: 'manual' }),
    act: (address, action, body) =>
      fetch(`${origin}${address}`, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          cookie,
          origin,
          'next-action': action,
          ...(typeof body === 'string' && { 'content-type': 'text/plain;charset=UTF-8' }),
        },
        body,
      }),
  };
}

/** A console on a PostgreSQL of this test's own, which it may stop. */
async function consoleOn(): Promise<{
  postgres: EmbeddedPostgres;
  folder: string;
  browser: Browser;
}> {
  const folder = temporaryFolder();
  const postgres = await startEmbeddedPostgres(folder);
  onTestFinished(() => postgres.stop());
  const punctual = await startPunctual(temporaryFolder(), { DATABASE_URL: postgres.url, ...ADMIN });
  return { postgres, folder, browser: await signedInTo(punctual) };
}

async function answers(browser: Browser, address: string, status: number): Promise<void> {
  await until(
    async () => {
      const answer = await browser.get(address);
      await answer.text();
      return answer.status === status;
    },
    { timeoutMs: 30_000, what: `${status} of ${address}` },
  );
}

/** Every server action of the build: its id, a page that has it, its name. */
function actions(): [id: string, address: string, name: string][] {
  const file = path.resolve(
    import.meta.dirname,
    '../../.next/server/server-reference-manifest.json',
  );
  const { node } = JSON.parse(readFileSync(file, 'utf8')) as {
    node: Record<string, { exportedName: string; workers: Record<string, unknown> }>;
  };
  return Object.entries(node).map(([id, { exportedName, workers }]) => {
    const pages = Object.keys(workers).map(
      (page) => page.replace(/^app/, '').replaceAll(/\/\([^)]*\)|\/page$/g, '') || '/',
    );
    return [id, pages.find((page) => !page.includes('[id]')) ?? '/runs', exportedName];
  });
}

const random = Array.from({ length: 12 }, (_, n) =>
  Array.from({ length: 8 + 5 * n }, (__, m) =>
    String.fromCodePoint(33 + ((n * 7919 + m * m * 104_729) % 90)),
  ).join(''),
);
/** None of them is what any action asks for: its input is nothing or an object. */
const BODIES = [
  ...random,
  ...random.map((text) => JSON.stringify([text, [text], 1])),
  ...random.map((text) => JSON.stringify([`$${text}`])),
  '',
  '[',
  'null',
  '[null]',
  '[[[[]]]]',
  '[1e999]',
  '["$F1"]',
  '["$K1"]',
  '["$0"]',
  '["\\u0000"]',
];

/** How many rows every table has, and what stands in the one row of the installation. */
async function everything(
  sql: <Row extends object>(text: string) => Promise<Row[]>,
): Promise<Record<string, unknown>> {
  const counts: Record<string, unknown> = {};
  for (const table of [
    'job',
    'revision',
    'run',
    'gap',
    'queue',
    'installation',
    'audit_entry',
    '"user"',
    'session',
    'account',
    'invitation',
    'verification',
  ]) {
    const [row] = await sql<{ rows: number; sum: string }>(
      `SELECT count(*)::int AS rows, coalesce(sum(hashtext(t::text)), 0)::text AS sum FROM ${table} t`,
    );
    counts[table] = row;
  }
  return counts;
}
