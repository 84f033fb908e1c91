import { processesOfWorker } from '../support/processes.ts';
import { expectSentence, triggerAndOpenRun } from './acts.ts';
import { expect, test } from './fixtures.ts';

test('a job of each kind runs, and its page shows what it answered', async ({
  page,
  job,
  worker,
  installation,
}) => {
  await worker();
  await job({
    key: 'asks-health',
    work: { kind: 'http', method: 'GET', url: `${installation.url}/api/health` },
  });
  await job({
    key: 'greets',
    work: { kind: 'command', program: 'echo', args: ['from a', 'command'] },
  });
  await job({
    key: 'counts',
    work: {
      kind: 'script',
      interpreter: 'node',
      text: `import { writeFileSync } from 'node:fs'; console.log('counted', 6 * 7); writeFileSync(process.env.PUNCTUAL_RESULT, 'the answer');`,
    },
  });

  await triggerAndOpenRun(page, 'asks-health');
  await expectSentence(page, /Succeeded in .*Triggered by admin/);
  await expect(page.getByRole('log')).toContainText('200');

  await triggerAndOpenRun(page, 'greets');
  await expectSentence(page, /Succeeded/);
  await expect(page.getByRole('log')).toContainText('from a command');

  await triggerAndOpenRun(page, 'counts');
  await expectSentence(page, /Succeeded/);
  await expect(page.getByRole('log')).toContainText('counted 42');
  await expect(page.getByText('the answer')).toBeVisible();
});

test('a run that fails is tried again as its rule says, each attempt with its wait', async ({
  page,
  job,
  worker,
}) => {
  await worker();
  await job({
    key: 'fails-always',
    work: {
      kind: 'script',
      interpreter: 'sh',
      text: 'echo "try $PUNCTUAL_ATTEMPT"; echo "disk full on /backup" >&2; exit 3',
    },
    retry: { backoff: 'fixed', maxAttempts: 3, delayMs: 300 },
  });
  await triggerAndOpenRun(page, 'fails-always');
  await expectSentence(page, /Failed after 3 attempts/);
  for (const attempt of ['attempt 1', 'attempt 2', 'attempt 3']) {
    await expect(page.getByText(attempt, { exact: true }).first()).toBeVisible();
  }
  await expect(page.getByText('disk full on /backup').first()).toBeVisible();
});

test('a run that takes longer than its timeout is ended and says so', async ({
  page,
  job,
  worker,
}) => {
  await worker();
  await job({
    key: 'sleeps',
    work: { kind: 'script', interpreter: 'sh', text: 'echo begun; sleep 300' },
    timeoutMs: 1_000,
  });
  await triggerAndOpenRun(page, 'sleeps');
  await expectSentence(page, /Timed out after/);
  await expect(page.getByRole('log')).toContainText('begun');
});

test('cancelling ends a run with its grandchildren, within seconds', async ({
  page,
  job,
  worker,
}) => {
  const { pid } = await worker();
  await job({
    key: 'has-grandchildren',
    work: {
      kind: 'script',
      interpreter: 'sh',
      text: `(setsid sh -c 'trap "" TERM; sleep 300 & wait' &) ; sh -c 'sleep 300 & wait' & echo begun; wait; sleep 300`,
    },
  });
  await triggerAndOpenRun(page, 'has-grandchildren');
  await expect(page.getByRole('log')).toContainText('begun');
  expect((await processesOfWorker(pid)).length).toBeGreaterThan(3);

  await page.getByRole('button', { name: 'Cancel' }).click();
  await expectSentence(page, /Cancelled by admin/);
  await expect.poll(() => processesOfWorker(pid)).toEqual([]);
});
