import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import {
  type Browser,
  type BrowserContext,
  expect,
  type Page,
  test as base,
} from '@playwright/test';
import { hashPassword } from 'better-auth/crypto';
import type { Grant } from '#core/auth/grants.ts';
import { usualGrant } from '#core/auth/usual-grant.ts';
import type { Role } from '#core/auth/permission-table.ts';
import { makeJob, type TestJob, type TestJobOverrides } from '../support/jobs.ts';
import {
  AUTH_SECRET,
  type Installation,
  type RunningProcess,
  startInstallation,
} from './installation.ts';

export { expect } from '@playwright/test';
export const PASSWORD = 'correct horse battery staple';

type Fixtures = {
  /** A page of a signed-in admin. */
  page: Page;
  /** Another reader's page, in a browser context of its own; by a role for everything, or by what was granted. */
  pageAs: (role: Role | Grant) => Promise<Page>;
  /** Starts a worker that is gone after the test. */
  worker: (environment?: Readonly<Record<string, string>>) => Promise<RunningProcess>;
  /** Holds a script until the test opens it: `wait` is the line of shell that does. */
  gate: { wait: string; open: () => Promise<void> };
  /** Puts a job straight into the database, with a key of its own. */
  job: (overrides: TestJobOverrides) => Promise<TestJob>;
  /** What a test provokes and therefore may see in the browser's console. */
  expectedErrors: RegExp[];
};
type WorkerFixtures = { installation: Installation };

export const test = base.extend<Fixtures, WorkerFixtures>({
  installation: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const installation = await startInstallation();
      await use(installation);
      await installation.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  // eslint-disable-next-line no-empty-pattern
  expectedErrors: async ({}, use) => use([]),

  // `job` stands here so that its jobs go only when no page looks at them any more.
  page: async ({ browser, installation, expectedErrors, job: _job }, use) => {
    await withPage(browser, installation, 'admin', expectedErrors, use);
  },

  pageAs: async ({ browser, installation, expectedErrors, job: _job }, use) => {
    const closing: (() => Promise<void>)[] = [];
    await use(async (role) => {
      const { page, close } = await openPage(browser, installation, role, expectedErrors);
      closing.push(close);
      return page;
    });
    for (const close of closing) await close();
  },

  worker: async ({ installation }, use) => {
    const started: RunningProcess[] = [];
    await use(async (environment) => {
      const worker = await installation.startWorker(environment);
      started.push(worker);
      return worker;
    });
    await Promise.all(started.map((worker) => worker.end('SIGKILL')));
  },

  // eslint-disable-next-line no-empty-pattern
  gate: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'punctual-gate-'));
    const file = path.join(folder, 'open');
    await use({
      // The folder goes after the test, and with it whoever still waits.
      wait: `until [ -e ${file} ]; do [ -d ${folder} ] || exit 9; sleep 0.05; done`,
      open: () => writeFile(file, ''),
    });
    await rm(folder, { recursive: true });
  },

  job: async ({ installation }, use) => {
    const made: number[] = [];
    await use(async (overrides) => {
      const job = await makeJob(installation.db, overrides);
      made.push(job.id);
      return job;
    });
    // What the next test sees has no ticks of this one.
    await installation.db.sql(
      'UPDATE job SET deleted_at = clock_timestamp(), next_tick_at = NULL WHERE id = ANY ($1::int[])',
      [made],
    );
  },
});

/** A page that nobody is signed in on, on any installation; it fails on errors like the others. */
export async function visitorPage(
  browser: Browser,
  url: string,
  expectedErrors: readonly RegExp[] = [],
) {
  const context = await browser.newContext({ ...READER, baseURL: url });
  return watchedPage(context, expectedErrors);
}

const READER = { timezoneId: 'Europe/Berlin', locale: 'en-GB' };

async function withPage(
  browser: Browser,
  installation: Installation,
  role: Role,
  expectedErrors: readonly RegExp[],
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const { page, close } = await openPage(browser, installation, role, expectedErrors);
  await use(page);
  await close();
}

export async function openPage(
  browser: Browser,
  installation: Installation,
  role: Role | Grant,
  expectedErrors: readonly RegExp[],
) {
  const context = await browser.newContext({ ...READER, baseURL: installation.url });
  await signIn(context, installation, role);
  return watchedPage(context, expectedErrors);
}

async function watchedPage(context: BrowserContext, expectedErrors: readonly RegExp[]) {
  const page = await context.newPage();
  const goTo = page.goto.bind(page);
  page.goto = async (address, options) => {
    const answer = await goTo(address, options);
    if (options?.waitUntil !== 'commit') await hasComeToLife(page);
    return answer;
  };
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} ${message.location().url}`);
  });
  const close = async () => {
    await context.close();
    const unexpected = errors.filter((text) => !expectedErrors.some((known) => known.test(text)));
    expect(unexpected, 'errors in the browser’s console').toEqual([]);
  };
  return { page, close };
}

/** Puts a session straight into the database and its cookie into the browser. */
async function signIn(
  context: BrowserContext,
  { db, url }: Installation,
  given: Role | Grant,
): Promise<void> {
  const grant = typeof given === 'string' ? usualGrant(given) : given;
  const name = [grant.role, ...(grant.label ? ['of', grant.label.value] : [])].join('-');
  const email = `${name}@example.org`;
  const [user] = await db.sql<{ id: string }>(
    `INSERT INTO "user" (id, name, email, grants) VALUES ($1, $2, $3, $4)
     ON CONFLICT (email) DO UPDATE SET grants = excluded.grants RETURNING id`,
    [randomUUID(), name, email, JSON.stringify([grant])],
  );
  const hasPassword = await db.sql('SELECT 1 FROM account WHERE user_id = $1', [user!.id]);
  if (hasPassword.length === 0) {
    await db.sql(
      `INSERT INTO account (id, user_id, account_id, provider_id, password)
       VALUES ($1, $2, $2, 'credential', $3)`,
      [randomUUID(), user!.id, await hashPassword(PASSWORD)],
    );
  }
  const token = randomBytes(24).toString('base64url');
  await db.sql(
    `INSERT INTO session (id, user_id, token, expires_at) VALUES ($1, $2, $3, now() + interval '1 day')`,
    [randomUUID(), user!.id, token],
  );
  const signature = createHmac('sha256', AUTH_SECRET).update(token).digest('base64');
  await context.addCookies([
    { name: 'punctual.session', value: encodeURIComponent(`${token}.${signature}`), url },
    // Who is signed in was here before: the page needn't be made again to learn the reader's zone.
    { name: 'timezone', value: READER.timezoneId, url },
  ]);
}

/** Fails when the page has anything that keeps somebody from using it (WCAG 2.2 A and AA). */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await accessProblems(page)).toEqual([]);
}

/** What keeps somebody from using the page: the rule and the elements. */
export async function accessProblems(page: Page): Promise<string[]> {
  await hasComeToRest(page);
  // No page has frames of others: the rules needn't be gathered in a page of their own, which takes a second.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}

/** React has taken the page over: what is pressed before has a journey of its own (early-acts.spec.ts). */
async function hasComeToLife(page: Page): Promise<void> {
  const isAlive = () =>
    [...document.querySelectorAll('button')].every((button) =>
      Object.keys(button).some((key) => key.startsWith('__reactProps$')),
    );
  await page.waitForFunction(isAlive, undefined, { timeout: 10_000 });
}

// Half faded in, any words are too pale to be read; a page that was just followed to gets its title last, and what begins
// to move with what was just shown does so some frames later.
async function hasComeToRest(page: Page): Promise<void> {
  await page.waitForFunction(() => document.title !== '');
  await page.evaluate(async () => {
    const moving = () =>
      document.getAnimations().filter(({ effect, playState }) => {
        const endMs = effect?.getComputedTiming().endTime;
        return playState === 'running' && Number.isFinite(endMs);
      });
    for (let calm = 0; calm < 4; calm++) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      if (moving().length === 0) continue;
      calm = 0;
      // One that is called off is over as well.
      await Promise.allSettled(moving().map((animation) => animation.finished));
    }
  });
}
