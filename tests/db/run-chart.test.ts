import { beforeAll, expect, test } from 'vitest';
import { readRunChart } from '#core/runs/run-chart.ts';
import { listRuns } from '#core/runs/reads.ts';
import { makeJob } from '../support/jobs.ts';
import { insertRun } from '../support/ledger.ts';
import { viewer, webDatabase } from '../support/web.ts';

const { db } = webDatabase();
const HOUR_MS = 3_600_000;
const now = Date.now();
const hoursAgo = (hours: number) => new Date(now - hours * HOUR_MS).toISOString();
let jobKey: string;

beforeAll(async () => {
  const job = await makeJob(db());
  jobKey = job.key;
  for (const [hours, state] of [
    [0.5, 'failed'],
    [1.5, 'succeeded'],
    [5.25, 'failed'],
    [5.3, 'succeeded'],
    [20, 'timed_out'],
    [40, 'failed'],
  ] as const) {
    await insertRun(db().sql, { jobId: job.id, state, at: now - hours * HOUR_MS });
  }
});

async function chart(input: Parameters<typeof readRunChart>[1]) {
  const outcome = await readRunChart(viewer, { jobKey, ...input });
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value;
}

test('counts the last day by outcome, in quarters of an hour up to now', async () => {
  const found = await chart({});
  expect(found.total).toEqual({ failed: 2, succeeded: 2, timed_out: 1 });
  expect(found.bucketMs).toBe(15 * 60_000);
  expect(Date.parse(found.from)).toBeLessThanOrEqual(now - 24 * HOUR_MS);
  expect(Date.parse(found.to)).toBeGreaterThan(now);
  expect(found.selected).toBeNull();
});

test('a chosen time is counted to the instant, as the list shows it, beside the whole', async () => {
  // Between two buckets of the chart: a count of whole buckets would take both runs.
  const time = { from: hoursAgo(5.28), to: hoursAgo(1) };
  const found = await chart(time);
  expect(found.selected?.counts).toEqual({ failed: 1, succeeded: 1 });
  expect(found.total).toEqual({ failed: 2, succeeded: 2, timed_out: 1 });
  const list = await listRuns(viewer, { jobKey, ...time });
  expect(list.ok && list.value.runs).toHaveLength(2);
});

test('looks further back where the chosen time begins before its span', async () => {
  const found = await chart({ from: hoursAgo(41), spanMs: 24 * HOUR_MS });
  expect(Date.parse(found.from)).toBeLessThan(now - 41 * HOUR_MS);
  expect(found.total).toMatchObject({ failed: 3 });
});

test('buckets of days begin at the reader’s midnight', async () => {
  const found = await chart({ spanMs: 90 * 24 * HOUR_MS, timeZone: 'Asia/Kolkata' });
  expect(found.bucketMs).toBe(24 * HOUR_MS);
  expect(found.from).toMatch(/T18:30:00/);
  expect(found.offsetMinutes).toBe(330);
});

test('a job that never was matches nothing, and a zone that isn’t one is refused', async () => {
  const none = await chart({ jobKey: 'never-was', from: hoursAgo(2) });
  expect(none).toMatchObject({ total: {}, selected: { counts: {} } });
  const refused = await readRunChart(viewer, { timeZone: 'Mars/Olympus' });
  expect(refused).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
});
