import { expect, test } from 'vitest';
import { type GapPage, readGapPage } from '#core/gaps/gap-page.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { viewer, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const sql = <Row extends object>(text: string, values: unknown[] = []) =>
  web.db().sql<Row>(text, values);

const DAY_MS = 86_400_000;
const everySecond: Schedule = {
  type: 'interval',
  everyMs: 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};

async function gapOf(schedule: Schedule, from: Date, to: Date | null) {
  const job = await makeJob(web.db(), { schedule, createdAt: new Date(from.getTime() - 1) });
  const [gap] = await sql<{ id: number }>(
    `INSERT INTO gap (job_id, revision, span, reason, created_by)
     VALUES ($1, 1, tstzrange($2::timestamptz, $3::timestamptz), 'paused', 'Test') RETURNING id`,
    [job.id, from, to],
  );
  return { job, gapId: gap!.id };
}

const page = async (
  gapId: number,
  place: { before?: string; after?: string; limit?: number } = {},
) => valueOf(await readGapPage(viewer, { gapId, ...place }));
const instants = ({ ticks }: GapPage) => ticks.map(({ at }) => at);

test('pages give each tick once, in both directions, and say which they are', async () => {
  const from = new Date('2026-03-28T22:00:00Z');
  const schedule: Schedule = { type: 'cron', lines: ['*/20 * * * *'], timeZone: 'Europe/Berlin' };
  // Through the night of the change: 02:00 to 03:00 doesn't come.
  const { gapId } = await gapOf(schedule, from, new Date('2026-03-29T04:00:00Z'));
  const older: string[] = [];
  let shown = await page(gapId, { limit: 7 });
  expect(shown).toMatchObject({ total: 18, newest: 18, newer: null });
  older.push(...instants(shown));
  while (shown.older !== null) {
    shown = await page(gapId, { before: shown.older, limit: 7 });
    older.push(...instants(shown));
  }
  expect(older).toHaveLength(18);
  expect(older.at(-1)).toBe('2026-03-28T22:00:00.000Z');
  expect(older).toEqual(older.toSorted().toReversed());
  const newer: string[] = instants(shown).toReversed();
  while (shown.newer !== null) {
    shown = await page(gapId, { after: shown.newer, limit: 7 });
    newer.push(...instants(shown).toReversed());
  }
  expect(newer).toEqual(older.toReversed());
});

test('a year of seconds is opened at either end and in the middle, at once', async () => {
  const from = new Date('2025-01-01T00:00:00Z');
  const { gapId } = await gapOf(everySecond, from, new Date('2026-01-01T00:00:00Z'));
  const since = performance.now();
  const newest = await page(gapId);
  expect(newest).toMatchObject({ total: 31_536_000, newest: 31_536_000 });
  expect(newest.ticks[0]!.at).toBe('2025-12-31T23:59:59.000Z');
  const oldest = await page(gapId, { after: '2024-12-31T23:59:59.999Z' });
  expect(oldest).toMatchObject({ newest: 50, older: null });
  const middle = await page(gapId, { before: '2025-07-01T00:00:00Z', limit: 3 });
  expect(instants(middle)).toEqual([
    '2025-06-30T23:59:59.000Z',
    '2025-06-30T23:59:58.000Z',
    '2025-06-30T23:59:57.000Z',
  ]);
  expect(middle.newest).toBe(181 * 86_400);
  expect(await page(gapId, { before: '2020-01-01T00:00:00Z' })).toMatchObject({
    ticks: [],
    newest: 0,
    total: 31_536_000,
  });
  expect(await page(gapId, { before: '2030-01-01T00:00:00Z' })).toMatchObject({
    newest: 31_536_000,
  });
  expect(performance.now() - since).toBeLessThan(3_000);
});

test('a gap that lasts ends now, and runs that stand for its ticks are named', async () => {
  const from = new Date(Math.floor(Date.now() / 1_000) * 1_000 - DAY_MS);
  const { gapId, job } = await gapOf(everySecond, from, null);
  const tick = new Date(from.getTime() + 60_000);
  const runId = await insertRun(web.db().sql, { jobId: job.id, trigger: 'resume' });
  await sql('UPDATE run SET for_tick = $2 WHERE id = $1', [runId, tick]);
  const open = await page(gapId, { before: new Date(tick.getTime() + 1).toISOString(), limit: 2 });
  expect(open.to).toBeNull();
  expect(open.total).toBeGreaterThanOrEqual(86_400);
  expect(open.ticks).toMatchObject([{ run: { id: runId, state: 'succeeded' } }, { run: null }]);
});

test('a gap that a run stands for names the tick of that run', async () => {
  const at = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;
  const { gapId, job } = await gapOf(everySecond, new Date(at - 60_000), new Date(at));
  await sql(`UPDATE gap SET reason = 'missed', covered_by = $2 WHERE id = $1`, [
    gapId,
    new Date(at),
  ]);
  expect((await page(gapId)).coveredBy).toEqual({ at: new Date(at).toISOString(), run: null });
  const runId = await insertRun(web.db().sql, { jobId: job.id, at });
  expect((await page(gapId)).coveredBy).toMatchObject({ run: { id: runId } });
});

test('a gap that isn’t there, and an instant that is none, are refused', async () => {
  expect(await readGapPage(viewer, { gapId: 4_711 })).toMatchObject({
    refusal: { code: 'not_found' },
  });
  expect(await readGapPage(viewer, { gapId: 1, before: 'yesterday' })).toMatchObject({
    refusal: { code: 'invalid' },
  });
});
