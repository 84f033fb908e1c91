import { describe, expect, test } from 'vitest';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { duplicateJob } from '#core/jobs/duplicate-job.ts';
import { editJob, restoreRevision } from '#core/jobs/edit-job.ts';
import { ledgerCounts } from '#core/jobs/ledger-counts.ts';
import { readJobLedger } from '#core/jobs/ledger.ts';
import { readJobChart, readNextTicks } from '#core/jobs/next-ticks.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import { listRevisions, readDefinition, readJob } from '#core/jobs/read-job.ts';
import { listJobs } from '#core/jobs/reads.ts';
import { readLog } from '#core/logs/logs.ts';
import type { Outcome } from '#core/outcome.ts';
import { listRuns } from '#core/runs/reads.ts';
import { cancelRuns } from '#core/runs/cancel-by-hand.ts';
import { retryRuns, runAgain } from '#core/runs/retry-by-hand.ts';
import { triggerJob, triggerJobs } from '#core/runs/trigger.ts';
import { makeJob } from '../support/jobs.ts';
import { insertRun } from '../support/ledger.ts';
import { admin, webDatabase } from '../support/web.ts';

const { db } = webDatabase();

/** Beyond Postgres's `integer`. */
const TOO_BIG = 3_000_000_000;
const NUL = 'a\0b';

async function rows() {
  return db().sql(
    `SELECT (SELECT count(*) FROM job) AS jobs, (SELECT count(*) FROM revision) AS revisions,
            (SELECT count(*) FROM run) AS runs, (SELECT count(*) FROM audit_entry) AS entries`,
  );
}

describe('input that the database itself would refuse', () => {
  test('is refused by every write with a sentence, and nothing is changed', async () => {
    const { id: jobId, definition } = await makeJob(db(), { key: 'there' });
    const before = await rows();
    const attempts: Promise<Outcome<unknown>>[] = [
      editJob(admin, { jobId: TOO_BIG, basedOnRevision: 1, definition, note: '' }),
      editJob(admin, { jobId, basedOnRevision: TOO_BIG, definition, note: '' }),
      restoreRevision(admin, { jobId, basedOnRevision: 1, revision: TOO_BIG }),
      duplicateJob(admin, { jobId: TOO_BIG }),
      deleteJob(admin, { jobId: TOO_BIG, confirmKey: 'there' }),
      pauseJobs(admin, { jobIds: [jobId, TOO_BIG], reason: 'x' }),
      resumeJobs(admin, { jobIds: [TOO_BIG] }),
      triggerJob(admin, { jobId: TOO_BIG }),
      triggerJobs(admin, { jobIds: [TOO_BIG] }),
      retryRuns(admin, { runIds: [2 ** 53] }),
      runAgain(admin, { runId: 2 ** 53, parameters: {} }),
      cancelRuns(admin, { runIds: [2 ** 53] }),
    ];
    for (const attempt of attempts) await expectRefused(attempt);
    expect(await rows()).toEqual(before);
  });

  test('is refused by every read with a sentence', async () => {
    const { id: jobId } = await makeJob(db(), { key: 'read' });
    const runId = await insertRun(db().sql, { jobId, state: 'succeeded', at: Date.now() });
    const attempts: Promise<Outcome<unknown>>[] = [
      readJob(admin, NUL),
      listRevisions(admin, NUL),
      readDefinition(admin, NUL),
      readDefinition(admin, 'read', TOO_BIG),
      listJobs(admin, { search: NUL }),
      listJobs(admin, { cursor: Buffer.from(JSON.stringify([1, NUL])).toString('base64url') }),
      listRuns(admin, { text: NUL }),
      listRuns(admin, { workerId: TOO_BIG }),
      listRuns(admin, { cursor: 'o9999999999999999.1' }),
      readNextTicks(admin, { jobId: TOO_BIG }),
      readJobChart(admin, { jobId: TOO_BIG }),
      readJobLedger(admin, { jobId: TOO_BIG }),
      readJobLedger(admin, { jobId, cursor: 'o9999999999999999.1' }),
      ledgerCounts(admin, { jobId, from: '-271821-04-20T00:00:00Z' }),
      readLog(admin, { runId, at: { from: 'line', line: 1e12 } }),
    ];
    for (const attempt of attempts) await expectRefused(attempt);
  });
});

async function expectRefused(attempt: Promise<Outcome<unknown>>): Promise<void> {
  const outcome = await attempt;
  expect(outcome.ok).toBe(false);
  if (outcome.ok) return;
  expect(outcome.refusal.code).toMatch(/^(invalid|not_found)$/);
  expect(outcome.refusal.message).toMatch(/^There is no|^This |^No |^Give |has no revision/);
}
