import { startEmbeddedPostgres } from '../../cli/start/embedded-postgres.ts';
import { makeTemplate } from '../support/clone-database.ts';
import { makeJob } from '../support/jobs.ts';
import { startTestPostgres } from '../support/postgres.ts';
import { isAlive } from '../support/start.ts';
import { expectSentence, triggerAndOpenRun } from './acts.ts';
import { expect, openPage, test } from './fixtures.ts';
import { startInstallation } from './installation.ts';

const CUT = /Failed to load resource|net::ERR|ERR_CONNECTION/;

test('a run whose worker is killed is lost, or rescued where it may run twice', async ({
  page,
  job,
  worker,
  gate,
}) => {
  const first = await worker({ PUNCTUAL_WORKER_NAME: 'w-killed' });
  const work = {
    kind: 'script',
    interpreter: 'sh',
    text: `echo "attempt $PUNCTUAL_ATTEMPT"; ${gate.wait}`,
  } as const;
  await job({ key: 'pays-out', work, mayRunTwice: false });
  await job({ key: 'backs-up', work, mayRunTwice: true });
  await triggerAndOpenRun(page, 'pays-out');
  const lost = page.url();
  await expect(page.getByRole('log')).toContainText('attempt 1');
  await triggerAndOpenRun(page, 'backs-up');
  await expect(page.getByRole('log')).toContainText('attempt 1');

  await first.end('SIGKILL');
  await worker({ PUNCTUAL_WORKER_NAME: 'w-rescuer' });
  await expectSentence(page, /Running attempt 2/);
  await gate.open();
  await expectSentence(page, /Succeeded at attempt 2/);
  await page.goto(lost);
  await expectSentence(page, /Lost .*may not run twice/);
});

test('after the stream was cut the log goes on where it was, with nothing missing', async ({
  page,
  job,
  worker,
  gate,
  installation,
  expectedErrors,
}) => {
  expectedErrors.push(CUT);
  await worker();
  await job({
    key: 'writes-on',
    work: {
      kind: 'script',
      interpreter: 'sh',
      text: `i=0; until [ $i -ge 40 ]; do i=$((i+1)); echo "line $i."; sleep 0.1; done; ${gate.wait}; echo end`,
    },
  });
  await triggerAndOpenRun(page, 'writes-on');
  const log = page.getByRole('log');
  await expect(log).toContainText('line 3.');
  await installation.console.end('SIGKILL');
  await expect(page.getByText('Reconnecting…')).toBeVisible();
  await installation.startConsole();
  await expect(log).toContainText('line 40.', { timeout: 20_000 });
  await expect(page.getByText('Reconnecting…')).toBeHidden({ timeout: 20_000 });
  const lines = await log.innerText();
  const shown = [...lines.matchAll(/line (\d+)\./g)].map((match) => Number(match[1]));
  expect(shown.length).toBeGreaterThan(10);
  // A virtual list shows a stretch: within it nothing is missing or twice.
  expect(shown).toEqual(shown.map((_, index) => shown[0]! + index));
  await gate.open();
  await expectSentence(page, /Succeeded/);
});

test('PostgreSQL restarted under everything: the run ends well, and the page follows', async ({
  browser,
  gate,
  expectedErrors,
}) => {
  expectedErrors.push(CUT);
  const server = await startTestPostgres();
  await makeTemplate(server.url);
  const installation = await startInstallation(server.url);
  // The pool of this test reports the cut too; that is no failure of the console's.
  installation.db.pool.on('error', () => {});
  const { page, close } = await openPage(browser, installation, 'admin', expectedErrors);
  await installation.startWorker({
    PUNCTUAL_LEASE_MS: '30000',
    PUNCTUAL_SELF_KILL_MS: '20000',
    PUNCTUAL_HEARTBEAT_MS: '500',
  });
  await makeJob(installation.db, {
    key: 'outlives',
    work: { kind: 'script', interpreter: 'sh', text: `echo before; ${gate.wait}; echo after` },
  });
  await triggerAndOpenRun(page, 'outlives');
  await expect(page.getByRole('log')).toContainText('before');

  process.kill(server.pid, 'SIGINT');
  await expect.poll(() => isAlive(server.pid), { timeout: 15_000 }).toBe(false);
  const again = await startEmbeddedPostgres(server.folder, { fsync: 'off' });
  await gate.open();
  await expect(page.getByRole('log')).toContainText('after', { timeout: 20_000 });
  await expectSentence(page, /Succeeded/);

  await close();
  await installation.stop();
  await again.stop();
  await server.stop();
});
