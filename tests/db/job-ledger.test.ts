import { beforeAll, describe, expect, test } from 'vitest';
import { readJobOptions } from '#core/jobs/job-options.ts';
import { type JobLedger, type LedgerRow, readJobBars, readJobLedger } from '#core/jobs/ledger.ts';
import { readJobChart, readNextTicks } from '#core/jobs/next-ticks.ts';
import { makeJob, type TestJob } from '../support/jobs.ts';
import { insertRun } from '../support/ledger.ts';
import { admin, viewer, webDatabase } from '../support/web.ts';

const { db } = webDatabase();
const MINUTE_MS = 60_000;
const start = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 400 * MINUTE_MS;

let job: TestJob;
let other: TestJob;

beforeAll(async () => {
  const schedule = { type: 'cron' as const, lines: ['* * * * *'], timeZone: 'UTC' };
  const createdAt = new Date(start);
  job = await makeJob(db(), { schedule, createdAt });
  other = await makeJob(db(), { schedule, createdAt });
  for (let minute = 0; minute < 200; minute++) {
    const at = start + minute * MINUTE_MS;
    if (minute >= 50 && minute < 60) continue;
    await insertRun(db().sql, {
      jobId: job.id,
      at,
      state: minute === 70 ? 'skipped' : 'succeeded',
    });
    if (minute % 50 === 0) await insertRun(db().sql, { jobId: job.id, at, trigger: 'manual' });
    await insertRun(db().sql, { jobId: other.id, at });
  }
  await insertRun(db().sql, { jobId: job.id, state: 'queued', at: Date.now() + 30_000 });
  await insertGap(50, 60, 10);
  await insertGap(200, null, null);
});

async function insertGap(from: number, to: number | null, ticks: number | null): Promise<void> {
  const at = (minute: number | null) =>
    minute === null ? null : new Date(start + minute * MINUTE_MS).toISOString();
  await db().sql(
    `INSERT INTO gap (job_id, revision, span, reason, ticks, note, created_by)
     VALUES ($1, 1, tstzrange($2, $3), 'paused', $4, 'deploy freeze', 'Operator')`,
    [job.id, at(from), at(to), ticks],
  );
}

const nameOf = (row: LedgerRow) => (row.kind === 'run' ? `run ${row.run.id}` : `gap ${row.gap.id}`);
const timeOf = (row: LedgerRow) =>
  Date.parse(row.kind === 'run' ? row.run.scheduledFor : row.gap.from);

describe('the ledger of a job', () => {
  test('pages through runs and gaps, each once, newest first, and back again', async () => {
    const whole = await read({ limit: 200 });
    expect(whole).toMatchObject({ older: null, newer: null });
    const all = whole.rows.map(nameOf);
    expect(all).toHaveLength(190 + 3 + 2);
    expect(new Set(all).size).toBe(all.length);

    const seen: LedgerRow[] = [];
    let cursor: string | null = null;
    let newer: string | null = null;
    do {
      const page: JobLedger = await read({ limit: 7, cursor });
      seen.push(...page.rows);
      cursor = page.older;
      newer = page.newer;
    } while (cursor !== null);
    expect(seen.map(nameOf)).toEqual(all);
    expect(seen.map(timeOf)).toEqual(seen.map(timeOf).toSorted((a, b) => b - a));

    const back: LedgerRow[] = [];
    while (newer !== null) {
      const page: JobLedger = await read({ limit: 7, cursor: newer });
      back.unshift(...page.rows);
      newer = page.newer;
    }
    expect(back.map(nameOf)).toEqual(all.slice(0, back.length));
    expect(back.length).toBeGreaterThanOrEqual(all.length - 7);
  });

  test('leaves out the ticks ahead and the runs of others', async () => {
    const { rows } = await read({ limit: 200 });
    expect(rows.every((row) => timeOf(row) <= Date.now())).toBe(true);
    expect(rows.every((row) => row.kind === 'gap' || row.run.jobId === job.id)).toBe(true);
  });

  test('counts the ticks of a gap that lasts, so far', async () => {
    const [first] = (await read({ limit: 1 })).rows;
    const soFar = Math.floor((Date.now() - start) / MINUTE_MS) - 200 + 1;
    expect(first).toMatchObject({ kind: 'gap', gap: { to: null, by: 'Operator' } });
    expect(first?.kind === 'gap' && first.gap.ticks).toBeOneOf([soFar, soFar - 1]);
  });

  test('of a stretch has the gaps that reach into it', async () => {
    const { rows } = await read({
      from: new Date(start + 55 * MINUTE_MS).toISOString(),
      to: new Date(start + 62 * MINUTE_MS).toISOString(),
    });
    expect(rows.map((row) => row.kind)).toEqual(['run', 'run', 'gap']);
  });

  test('refuses what is no cursor and no instant', async () => {
    const refused = await readJobLedger(admin, { jobId: job.id, cursor: 'x' });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
    const noInstant = await readJobLedger(admin, { jobId: job.id, from: 'yesterday' });
    expect(noInstant).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
  });
});

test('the bars of a job are its newest ticks with the gaps between them', async () => {
  const { bars } = await readJobBars(admin, { jobId: job.id, hasSchedule: true, limit: 60 });
  expect(bars.filter(({ state }) => state !== 'gap')).toHaveLength(60);
  expect(bars.at(-1)).toMatchObject({ state: 'gap', runId: null });
  const all = await readJobBars(admin, { jobId: job.id, hasSchedule: true, limit: 200 });
  expect(all.bars.filter(({ state }) => state === 'gap')).toHaveLength(2);
  expect(all.bars).toHaveLength(190 + 2);
});

describe('the chart of a job', () => {
  test('goes on after its ticks with those to come, and with the changes of the clock', async () => {
    const { id } = await makeJob(db(), {
      schedule: { type: 'cron', lines: ['30 2 * * *'], timeZone: 'Europe/Berlin' },
    });
    const chart = await readJobChart(viewer, { jobId: id, ahead: 50 });
    expect(chart).toMatchObject({ ok: true, value: { areTicks: true, bars: [] } });
    const ticks = await readNextTicks(viewer, { jobId: id, limit: 200 });
    if (!ticks.ok) throw new Error(ticks.refusal.message);
    expect(ticks.value.ticks).toHaveLength(200);
    expect(ticks.value.timeZone).toBe('Europe/Berlin');
    // Within 200 days the clocks change at least once; forward, they move the tick of 02:30.
    expect(ticks.value.clockChanges.length).toBeGreaterThan(0);
    const forward = ticks.value.clockChanges.filter((one) => one.offsetAfter > one.offsetBefore);
    const moved = ticks.value.ticks.filter(({ mark }) => mark?.kind === 'moved_by_dst');
    expect(moved.map(({ at }) => at)).toEqual(forward.map(({ at }) => at));
  });

  test('of a deleted job is its history alone', async () => {
    await db().sql('UPDATE job SET deleted_at = now() WHERE id = $1', [other.id]);
    const chart = await readJobChart(viewer, { jobId: other.id });
    if (!chart.ok) throw new Error(chart.refusal.message);
    expect(chart.value.bars).toHaveLength(60);
    expect(chart.value.next.ticks).toEqual([]);
  });

  test('of a job that never was is refused', async () => {
    const refused = await readJobChart(viewer, { jobId: 999_999 });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'not_found' } });
  });
});

test('the editor offers the queues, and keeps history as the installation says', async () => {
  const options = await readJobOptions(viewer);
  expect(options.queues.map(({ name }) => name)).toEqual(['archive', 'default', 'reports', 'sync']);
  expect(options).toMatchObject({ kindsOff: [], retentionDays: 90 });
});

async function read(input: Omit<Parameters<typeof readJobLedger>[1], 'jobId'>): Promise<JobLedger> {
  const outcome = await readJobLedger(admin, { jobId: job.id, ...input });
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value;
}
