import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { pauseJobs } from '#core/jobs/pause-jobs.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { admin, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const ROOT = path.resolve(import.meta.dirname, '../..');

const punctual = (args: string[], environment: Record<string, string> = {}) =>
  execa(process.execPath, ['cli/punctual.ts', ...args], {
    cwd: ROOT,
    reject: false,
    env: { DATABASE_URL: web.db().url, TZ: 'Europe/Berlin', ...environment },
  });

test('says the answer first, then every cause with what would mend it', async () => {
  const job = await makeJob(web.db(), {
    schedule: {
      type: 'interval',
      everyMs: 86_400_000,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
    },
  });
  valueOf(await pauseJobs(admin, { jobIds: [job.id], reason: 'deploy freeze' }));
  const { exitCode, stdout } = await punctual(['why', job.key]);
  const lines = stdout.replaceAll('\u00a0', ' ').split('\n');
  expect(exitCode).toBe(0);
  expect(lines[0]).toMatch(
    /^Paused by Test since \d\d:\d\d: “deploy freeze”\. No tick starts until somebody resumes it\.$/,
  );
  expect(lines).toContain('1. The job is paused');
  expect(lines).toContain('   → Resume');
  expect(lines).toContain('2. No worker is alive');
  expect(lines).toContain('   → npm run worker');
  expect(stdout).toMatch(/^ {3}Database +takes writes$/m);
  expect(lines.at(-1)).toBe('Times are in Europe/Berlin.');
});

test('with --json gives the causes as data, with their words', async () => {
  const job = await makeJob(web.db());
  const { stdout } = await punctual(['why', job.key, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    job: { key: job.key },
    sentence: 'No worker is alive, so nothing starts. Start one with npm run worker.',
    causes: [
      {
        key: 'no_worker',
        tone: 'stops',
        title: 'No worker is alive',
        actions: [{ key: 'start_worker', command: 'npm run worker' }, { key: 'open_workers' }],
      },
      { key: 'manual_only', tone: 'fine' },
    ],
  });
});

test('ends with 2 and a sentence where it can’t answer', async () => {
  const job = await makeJob(web.db(), { key: 'nightly-backup' });
  const mistyped = await punctual(['why', 'nightly-bakcup']);
  expect(mistyped).toMatchObject({ exitCode: 2, stdout: '' });
  expect(mistyped.stderr).toContain(`Did you mean ${job.key}?`);
  expect((await punctual(['why'])).stderr).toMatch(/^Name a job: punctual why nightly-backup\./);
  expect((await punctual(['why', '--run', '4711'])).stderr).toMatch(/^There is no such run\./);
  const nowhere = await punctual(['why', job.key], {
    DATABASE_URL: '',
    PUNCTUAL_DIRECT_DATABASE_URL: '',
    PUNCTUAL_DATA_DIR: '/nowhere/at-all',
  });
  expect(nowhere.exitCode).toBe(2);
  expect(nowhere.stderr).toMatch(/^Punctual isn’t running on \/nowhere\/at-all/);
});
