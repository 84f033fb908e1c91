import { makeJob, type TestJobOverrides } from '../support/jobs.ts';
import type { TestDatabase } from '../support/clone-database.ts';
import { type Past, writeHistory } from './history.ts';

/** Keys of jobs to look at. */
export type Company = { healthy: string; busy: string; retried: string };

const every = (seconds: number) =>
  ({
    type: 'interval',
    everyMs: seconds * 1_000,
    anchor: '2026-01-01T00:00:00Z',
    timeZone: 'Europe/Berlin',
  }) as const;
const cron = (line: string) => ({
  type: 'cron' as const,
  lines: [line],
  timeZone: 'Europe/Berlin',
});
const script = (text: string) => ({ kind: 'script', interpreter: 'sh', text }) as const;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * The jobs of a small company that has run for a week. To be made before a worker starts, which goes on with them.
 */
export async function makeCompany(db: TestDatabase, url: string): Promise<Company> {
  const jobs: [TestJobOverrides, Past?][] = [
    [
      {
        key: 'hourly-backup',
        schedule: cron('30 * * * *'),
        work: script('echo "dump of 14 tables"; sleep 0.3; echo "wrote 3.2 GB to /backup"'),
        labels: { team: 'infra' },
        owner: 'platform',
        runbookUrl: 'https://example.org/runbooks/backup',
        notes: '# Backup\nEvery table, with a check of the archive at the end.',
      },
      {
        tookMs: 41_000,
        oneIn: 60,
        bad: { state: 'failed', cause: 'exit 1: no space left on /backup', tookMs: 9_000 },
      },
    ],
    [
      {
        key: 'health-check',
        schedule: every(60),
        work: { kind: 'http', method: 'GET', url: `${url}/api/health` },
        labels: { team: 'infra' },
      },
      { tookMs: 24 },
    ],
    [
      {
        key: 'invoice-pdf',
        schedule: every(300),
        work: script(
          'echo "rendering 212 invoices"; echo "connect ECONNREFUSED 10.0.4.12:5432" >&2; exit 1',
        ),
        labels: { team: 'billing' },
        queue: 'reports',
      },
      {
        tookMs: 2_600,
        badForMs: 35 * MINUTE_MS,
        bad: { state: 'failed', cause: 'exit 1: connect ECONNREFUSED 10.0.4.12:5432', tookMs: 900 },
      },
    ],
    [
      {
        key: 'check-certificates',
        schedule: every(1_200),
        work: script('echo "certs.internal"; sleep 30'),
        timeoutMs: 1_500,
        labels: { team: 'infra' },
      },
      {
        tookMs: 700,
        badForMs: 90 * MINUTE_MS,
        bad: { state: 'timed_out', cause: 'timed out after 1.5 s', tookMs: 1_500 },
      },
    ],
    [
      {
        key: 'rebuild-search',
        schedule: every(60),
        work: script('echo "indexing"; sleep 48; echo "1,204,331 documents"'),
        overlap: 'skip',
        labels: { team: 'shop' },
        queue: 'reports',
      },
      { tookMs: 48_000 },
    ],
    [
      {
        key: 'reconcile-payments-of-yesterday-eu-central',
        schedule: every(600),
        work: script('sleep 1; echo "0 differences"'),
        labels: { team: 'finance' },
        queue: 'archive',
      },
      {
        tookMs: 1_100,
        oneIn: 200,
        bad: { state: 'failed', cause: 'exit 2: 3 differences', tookMs: 1_200 },
      },
    ],
    [
      {
        key: 'export-ledger',
        schedule: { type: 'cron', lines: ['5 * * * *', '0 6 * * 1-5'], timeZone: 'Europe/Berlin' },
        work: script(
          'echo "month 2027-03"; echo "relation \\"ledger_2027_03\\" does not exist" >&2; exit 3',
        ),
        retry: { backoff: 'fixed', maxAttempts: 3, delayMs: 1_500 },
        labels: { team: 'finance' },
      },
      { tookMs: 6_400 },
    ],
    [{ key: 'send-newsletter', work: { kind: 'command', program: 'echo', args: ['sent'] } }],
  ];
  const since = new Date(Date.now() - 8 * DAY_MS);
  for (const [job, past] of jobs) {
    const made = await makeJob(db, { mayRunTwice: true, createdAt: since, ...job });
    if (past) await writeHistory(db.sql, made, since, past);
  }
  return { healthy: 'hourly-backup', busy: 'rebuild-search', retried: 'export-ledger' };
}
