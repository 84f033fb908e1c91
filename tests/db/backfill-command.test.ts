import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { planAll, silent, testPlanner } from '#tests/support/planning.ts';
import { webDatabase } from '#tests/support/web.ts';
import { createBackfiller } from '#worker/backfiller.ts';

const web = webDatabase();
const ROOT = path.resolve(import.meta.dirname, '../..');
const HOUR_MS = 3_600_000;

const punctual = (args: string[]) =>
  execa(process.execPath, ['cli/punctual.ts', 'backfill', ...args], {
    cwd: ROOT,
    reject: false,
    env: { DATABASE_URL: web.db().url, TZ: 'UTC' },
  });

/** Six hourly occurrences, all missed; catching up is switched off. */
async function missed(): Promise<{ job: TestJob; from: string }> {
  const since = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 6 * HOUR_MS;
  const job = await makeJob(web.db(), {
    createdAt: new Date(since + 1_000),
    catchUp: 'none',
    schedule: {
      type: 'dates',
      at: Array.from({ length: 6 }, (_, n) => new Date(since + (n + 1) * HOUR_MS).toISOString()),
      timeZone: 'UTC',
    },
  });
  await planAll(testPlanner(web.db().pool));
  return { job, from: new Date(since).toISOString() };
}

/** A worker's part, until the command has ended. */
async function runsMeanwhile(command: ReturnType<typeof punctual>, bad = 0) {
  const backfiller = createBackfiller({ pool: web.db().pool, logger: silent, intervalMs: 100 });
  let isOver = false;
  void command.then(() => (isOver = true));
  let left = bad;
  while (!isOver) {
    await backfiller.runOnce();
    const rows = await web.db().sql(
      `UPDATE run SET is_live = false, state = $1, attempt = 1, started_at = now(), finished_at = now()
        WHERE is_live AND trigger = 'backfill' AND id = (SELECT min(id) FROM run WHERE is_live AND trigger = 'backfill')
       RETURNING id`,
      [left > 0 ? 'failed' : 'succeeded'],
    );
    left -= rows.length;
  }
  return command;
}

test('a dry run says how many and which, and starts nothing', async () => {
  const { job, from } = await missed();
  const { exitCode, stdout } = await punctual([job.key, '--from', from, '--dry-run']);
  expect(exitCode).toBe(0);
  const [head, outcomes, ...rest] = stdout.replaceAll('\u00a0', ' ').split('\n');
  expect(head).toBe(`${job.key}: 6 of 6 occurrences to run, by revision 1, in about 5 s.`);
  expect(outcomes).toBe('  6 missed: no worker');
  expect(rest[0]).toMatch(/^ {2}\d{4}-\d\d-\d\dT\d\d:00:00\.000Z {2}missed: no worker$/);
  expect(await web.db().sql('SELECT FROM backfill WHERE job_id = $1', [job.id])).toEqual([]);
  const json = await punctual([job.key, '--from', from, '--dry-run', '--reverse', '--json']);
  const preview = JSON.parse(json.stdout) as { runs: number; first: { at: string }[] };
  expect(preview.runs).toBe(6);
  expect(preview.first[0]!.at > preview.first[5]!.at).toBe(true);
});

test('with --wait it ends with 0 when all succeeded, and then finds nothing to do', async () => {
  const { job, from } = await missed();
  const args = [job.key, '--from', from, '--per-minute', '6000'];
  const { exitCode, stdout } = await runsMeanwhile(
    punctual([...args, '--wait', '--reason', 'lost']),
  );
  expect(stdout.split('\n').at(-1)).toMatch(/ {2}done, 6 of 6 \(6 succeeded\)$/);
  expect(exitCode).toBe(0);
  const again = await punctual(args);
  expect(again).toMatchObject({ exitCode: 0 });
  expect(again.stdout).toMatch(/0 of 6 occurrences to run, by revision 1\. Nothing to do\./);
});

test('with --wait it ends with 1 when one failed', async () => {
  const { job, from } = await missed();
  const args = [job.key, '--from', from, '--per-minute', '6000', '--wait', '--json'];
  const { exitCode, stdout } = await runsMeanwhile(punctual(args), 1);
  expect(JSON.parse(stdout.split('\n').at(-1)!)).toMatchObject({
    state: 'done',
    runs: { failed: 1, succeeded: 5 },
  });
  expect(exitCode).toBe(1);
});

test('what can’t be read is a sentence, and ends with 2', async () => {
  const { job } = await missed();
  const wrong = await punctual([job.key, '--from', 'yesterday']);
  expect(wrong).toMatchObject({ exitCode: 2 });
  expect(wrong.stderr).toMatch(/--from yesterday is no instant/);
  const rate = await punctual([job.key, '--from', '24h', '--per-minute', '0']);
  expect(rate).toMatchObject({ exitCode: 2 });
  expect(rate.stderr).toMatch(/1 to 6,000 runs a minute/);
});
