import { expectSentence } from './acts.ts';
import { expect, expectAccessible, test } from './fixtures.ts';

test('a script that runs every 10 seconds is watched live on its run page', async ({
  page,
  job,
  worker,
  gate,
  installation: { db },
}) => {
  await worker();
  const { key, id } = await job({
    key: 'heartbeat',
    schedule: { type: 'cron', lines: ['*/10 * * * * *'], timeZone: 'UTC' },
    work: {
      kind: 'script',
      interpreter: 'sh',
      text: `echo first; echo warned >&2; ${gate.wait}; echo last`,
    },
  });
  const running = async () => {
    const [run] = await db.sql<{ id: number }>(
      `SELECT id FROM run WHERE is_live AND job_id = $1 AND state = 'running'`,
      [id],
    );
    return run?.id;
  };
  await expect.poll(running, { timeout: 20_000, intervals: [50] }).toBeDefined();

  await page.goto(`/runs/${await running()}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(key);
  await expectSentence(page, /Running for .*By its schedule/);
  const log = page.getByRole('log');
  await expect(log).toContainText('first');
  await expect(log).toContainText('warned');
  await expect(log).not.toContainText('last');
  await expectAccessible(page);

  await gate.open();
  await expect(log).toContainText('last', { timeout: 2_000 });
  await expectSentence(page, /Succeeded in/);
  await expectAccessible(page);
});
