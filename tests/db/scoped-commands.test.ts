import { beforeAll, expect, test } from 'vitest';
import { usualGrant } from '#core/auth/usual-grant.ts';
import { punctual } from '#tests/support/command.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { hourly } from '#tests/support/seeds.ts';
import { makeUser, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const AS = 'viewer-of-billing@example.org';
let theirs = 0;

const asViewer = (...args: string[]) => punctual(web.db(), [...args, '--as', AS]);

beforeAll(async () => {
  await makeUser(AS, [usualGrant('viewer', { name: 'team', value: 'billing' })]);
  const createdAt = new Date(Date.now() - 3 * 3_600_000);
  const [billing, payroll] = [
    await makeJob(web.db(), {
      key: 'close-billing',
      labels: { team: 'billing' },
      schedule: hourly,
      createdAt,
    }),
    await makeJob(web.db(), {
      key: 'close-payroll',
      labels: { team: 'payroll' },
      schedule: hourly,
      createdAt,
    }),
  ];
  await insertRun(web.db().sql, { jobId: billing.id, trigger: 'manual' });
  theirs = await insertRun(web.db().sql, { jobId: payroll.id, trigger: 'manual' });
});

test.each([
  ['why', () => ['why', 'close-payroll']],
  ['ledger', () => ['ledger', 'close-payroll']],
  ['logs', () => ['logs', 'close-payroll']],
  ['audit-ticks', () => ['audit-ticks', '--job', 'close-payroll', '--from', '2h']],
  ['backfill', () => ['backfill', 'close-payroll', '--from', '2h', '--dry-run']],
])('a command knows no job of others: %s', async (_name, args) => {
  const { exitCode, stdout, stderr } = await asViewer(...args());
  expect(exitCode).toBe(2);
  expect(stderr).toContain('There is no job close-payroll.');
  expect(stdout).toBe('');
});

test('nor a run', async () => {
  const hidden = await asViewer('logs', String(theirs));
  const unknown = await asViewer('logs', '99999999');
  expect(hidden.exitCode).toBe(2);
  expect(String(hidden.stderr)).toBe(String(unknown.stderr).replace('99999999', String(theirs)));
  const why = await asViewer('why', '--run', String(theirs));
  expect(why.stderr).toContain('There is no such run.');
});

test('sums and recounts are of one’s own jobs', async () => {
  const sums = await asViewer('ledger', '--json');
  expect(JSON.parse(String(sums.stdout))).toMatchObject({ jobs: 1 });
  const audit = await asViewer('audit-ticks', '--from', '2h', '--json');
  expect(String(audit.stdout)).toContain('close-billing');
  expect(String(audit.stdout)).not.toContain('payroll');
});
