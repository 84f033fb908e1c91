import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { makeJob } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const HOUR_MS = 3_600_000;

const punctual = (...args: string[]) =>
  execa(process.execPath, ['cli/punctual.ts', 'ledger', ...args], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    reject: false,
    env: { DATABASE_URL: web.db().url, TZ: 'UTC' },
  });

test('a period a line, and 1 at the end where they don’t add up, with the command that says more', async () => {
  const begin = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
  const job = await makeJob(web.db(), {
    key: 'from-a-terminal',
    schedule: { type: 'cron', lines: ['*/10 * * * *'], timeZone: 'UTC' },
    createdAt: new Date(begin),
  });
  for (let n = 1; n <= 12; n++) {
    await insertRun(web.db().sql, { jobId: job.id, at: begin + (n * HOUR_MS) / 6 });
  }
  await web
    .db()
    .sql('UPDATE job SET planned_until = now(), next_tick_at = NULL WHERE id = $1', [job.id]);
  const instant = (ms: number) => new Date(ms).toISOString();
  const stretch = ['--from', instant(begin), '--to', instant(begin + 2 * HOUR_MS)];
  const asked = ['from-a-terminal', '--by', 'hour', ...stretch];
  const even = await punctual(...asked);
  expect(even.stdout).toContain('Every tick is accounted for.');
  expect(even.stdout).toMatch(/^20\d\d-\d\d-\d\d \d\d:00 +6 +6 +0 +0 +0 +0 +0 +ok$/m);
  expect(even.exitCode).toBe(0);
  await web
    .db()
    .sql('DELETE FROM run WHERE job_id = $1 AND scheduled_for = $2', [
      job.id,
      instant(begin + HOUR_MS / 2),
    ]);
  const uneven = await punctual(...asked);
  expect(uneven.stdout).toMatch(/ +5 +4 .*MISMATCH$/m);
  expect(uneven.stdout).toContain('npm run punctual -- audit-ticks --job from-a-terminal --from');
  expect(uneven.exitCode).toBe(1);
  const { stdout } = await punctual(...asked, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ by: 'hour', unevenCount: 1, sum: { expected: 11 } });
}, 60_000);

test('what can’t be asked ends with 2 and a sentence', async () => {
  expect(await punctual('no-such-job')).toMatchObject({ exitCode: 2, stdout: '' });
  expect((await punctual('--by', 'week')).stderr).toContain('Choose hour, day, month.');
}, 60_000);
