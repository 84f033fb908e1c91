import { makeJob, type TestJobOverrides } from '../support/jobs.ts';
import type { TestDatabase } from '../support/clone-database.ts';

/** Keys of jobs to look at. */
export type Company = { healthy: string; busy: string; retried: string };

const every = (seconds: number) =>
  ({
    type: 'interval',
    everyMs: seconds * 1_000,
    anchor: '2026-01-01T00:00:00Z',
    timeZone: 'Europe/Berlin',
  }) as const;
const script = (text: string) => ({ kind: 'script', interpreter: 'sh', text }) as const;

/** The jobs of a small company, whose history a real worker makes within a minute. */
export async function makeCompany(db: TestDatabase, url: string): Promise<Company> {
  const jobs: TestJobOverrides[] = [
    {
      key: 'nightly-backup',
      schedule: every(3),
      work: script('echo "dump of 14 tables"; sleep 0.3; echo "wrote 3.2 GB to /backup"'),
      labels: { team: 'infra' },
      owner: 'platform',
      runbookUrl: 'https://example.org/runbooks/backup',
      notes: '# Backup\nEvery table, with a check of the archive at the end.',
    },
    {
      key: 'health-check',
      schedule: every(2),
      work: { kind: 'http', method: 'GET', url: `${url}/api/health` },
      labels: { team: 'infra' },
    },
    {
      key: 'invoice-pdf',
      schedule: every(5),
      work: script(
        'echo "rendering 212 invoices"; echo "connect ECONNREFUSED 10.0.4.12:5432" >&2; exit 1',
      ),
      labels: { team: 'billing' },
      queue: 'reports',
    },
    {
      key: 'check-certificates',
      schedule: every(7),
      work: script('echo "certs.internal"; sleep 30'),
      timeoutMs: 1_500,
      labels: { team: 'infra' },
    },
    {
      key: 'rebuild-search',
      schedule: every(4),
      work: script('echo "indexing"; sleep 6; echo "1,204,331 documents"'),
      overlap: 'skip',
      labels: { team: 'shop' },
      queue: 'reports',
    },
    {
      key: 'reconcile-payments-of-yesterday-eu-central',
      schedule: { type: 'cron', lines: ['*/10 * * * * *'], timeZone: 'Europe/Berlin' },
      work: script('sleep 1; echo "0 differences"'),
      labels: { team: 'finance' },
      queue: 'archive',
    },
    {
      key: 'export-ledger',
      schedule: { type: 'cron', lines: ['5 * * * *', '0 6 * * 1-5'], timeZone: 'Europe/Berlin' },
      work: script(
        'echo "month 2027-03"; echo "relation \\"ledger_2027_03\\" does not exist" >&2; exit 3',
      ),
      retry: { backoff: 'fixed', maxAttempts: 3, delayMs: 1_500 },
      labels: { team: 'finance' },
    },
    { key: 'send-newsletter', work: { kind: 'command', program: 'echo', args: ['sent'] } },
  ];
  for (const job of jobs) await makeJob(db, { mayRunTwice: true, ...job });
  return { healthy: 'nightly-backup', busy: 'rebuild-search', retried: 'export-ledger' };
}
