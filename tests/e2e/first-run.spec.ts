import { expect, expectAccessible, test } from './fixtures.ts';

test('a script that runs every 10 seconds is watched live on its run page', async ({
  page,
  job,
  installation,
}) => {
  await installation.startWorker();
  const { key, id } = await job({
    key: 'heartbeat',
    schedule: { type: 'cron', lines: ['*/10 * * * * *'], timeZone: 'UTC' },
    work: {
      kind: 'script',
      interpreter: 'sh',
      text: 'echo first; echo warned >&2; until [ -e "$GO" ]; do sleep 0.05; done; echo last',
      environment: [{ name: 'GO', value: `/tmp/punctual-e2e-${installation.db.url.slice(-12)}` }],
    },
  });
  const runId = await nextRunning(installation, id);

  await page.goto(`/runs/${runId}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(key);
  await expect(page.getByText('Running for')).toBeVisible();
  const log = page.getByRole('log');
  await expect(log).toContainText('first');
  await expect(log).toContainText('warned');
  await expect(log).not.toContainText('last');
  await expectAccessible(page);

  const { writeFile, rm } = await import('node:fs/promises');
  const go = `/tmp/punctual-e2e-${installation.db.url.slice(-12)}`;
  await writeFile(go, '');
  // The page hears of it by itself: nothing is reloaded.
  await expect(log).toContainText('last', { timeout: 2_000 });
  await expect(page.getByText('Succeeded', { exact: false }).first()).toBeVisible();
  await rm(go);
  await expectAccessible(page);
});

async function nextRunning(
  { db }: { db: { sql: import('#core/db.ts').Sql } },
  jobId: number,
): Promise<number> {
  let found: { id: number } | undefined;
  await expect
    .poll(
      async () => {
        [found] = await db.sql<{ id: number }>(
          `SELECT id FROM run WHERE is_live AND job_id = $1 AND state = 'running'`,
          [jobId],
        );
        return found?.id;
      },
      { timeout: 20_000, intervals: [50] },
    )
    .toBeDefined();
  return found!.id;
}
