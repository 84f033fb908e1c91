import { expect, test } from 'vitest';
import { ledgerCounts } from '#core/jobs/ledger-counts.ts';
import { readJobLedger } from '#core/jobs/ledger.ts';
import { readJobChart, readNextTicks } from '#core/jobs/next-ticks.ts';
import { listRevisions, readDefinition, readJob } from '#core/jobs/read-job.ts';
import { findInLog, readLog, streamLogText } from '#core/logs/logs.ts';
import type { Outcome } from '#core/outcome.ts';
import { readRun } from '#core/runs/read-run.ts';
import { admin, webDatabase } from '../support/web.ts';

webDatabase();

const NOBODYS = 99_999_999;

test.each<[string, () => Promise<Outcome<unknown>>]>([
  ['a job', () => readJob(admin, 'nope')],
  ['its revisions', () => listRevisions(admin, 'nope')],
  ['one revision', () => readDefinition(admin, 'nope', 1)],
  ['its ledger', () => readJobLedger(admin, { jobId: NOBODYS })],
  ['its counts', () => ledgerCounts(admin, { jobId: NOBODYS, from: '2026-01-01T00:00:00Z' })],
  ['its next ticks', () => readNextTicks(admin, { jobId: NOBODYS })],
  ['its chart', () => readJobChart(admin, { jobId: NOBODYS })],
  ['a run', () => readRun(admin, NOBODYS)],
  ['its log', () => readLog(admin, { runId: NOBODYS, at: { from: 'tail' } })],
  ['a search in its log', () => findInLog(admin, { runId: NOBODYS, text: 'x' })],
  ['its log as text', () => streamLogText(admin, NOBODYS, { times: true })],
])('%s that there never was isn’t found', async (_what, read) => {
  expect(await read()).toMatchObject({ ok: false, refusal: { code: 'not_found' } });
});
