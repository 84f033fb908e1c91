import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { holdClock } from '#tests/support/clock.ts';
import { makeJob, type TestJobOverrides } from '#tests/support/jobs.ts';
import { claimFor, emptyLedger, makeRun, makeWorker, readLedger } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { createDefinitions } from '#worker/definitions.ts';
import { createRescuer } from '#worker/rescuer.ts';
import {
  endWorker,
  endWorkersPastTheirLease,
  renewLeaseIfStillHeld,
} from '#core/workers/lease.sql.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(() => emptyLedger(db));

const rescuer = ({ pool }: Pick<TestDatabase, 'pool'> = db, leaseMs = 60_000) =>
  createRescuer({
    pool,
    definitions: createDefinitions({ pool }),
    logger: pino({ level: 'silent' }),
    leaseMs,
    intervalMs: 1_000,
  });
const expire = () =>
  db.sql(
    `UPDATE worker SET lease_until = clock_timestamp() - interval '1 ms' WHERE ended_at IS NULL`,
  );
const beat = { leaseMs: 60_000, slotsInUse: 3, clockOffsetMs: -12.4 };

async function runningOn(name: string, job: TestJobOverrides = {}) {
  const worker = await makeWorker(db, { name });
  await makeRun(db, await makeJob(db, job));
  const [run] = await claimFor(db, worker);
  return { worker, run: run! };
}

describe('the lease', () => {
  it('is renewed while it isn’t over', async () => {
    const worker = await makeWorker(db);
    const answer = await renewLeaseIfStillHeld(db.sql, { workerId: worker, ...beat });
    expect(answer).toMatchObject({ isDraining: false });
    const [row] = await db.sql('SELECT slots_in_use, clock_offset_ms, state FROM worker');
    expect(row).toEqual({ slots_in_use: 3, clock_offset_ms: -12, state: 'active' });
  });

  it('rule 5: can’t be brought back once it is over', async () => {
    const worker = await makeWorker(db);
    await expire();
    expect(await renewLeaseIfStillHeld(db.sql, { workerId: worker, ...beat })).toBeNull();
    await endWorkersPastTheirLease(db.sql);
    expect(await renewLeaseIfStillHeld(db.sql, { workerId: worker, ...beat })).toBeNull();
    const [row] = await db.sql('SELECT state, ended_at IS NOT NULL AS ended FROM worker');
    expect(row).toEqual({ state: 'lost', ended: true });
  });

  it('of several rescuers each ended worker is one’s', async () => {
    for (let workers = 0; workers < 20; workers++) await makeWorker(db);
    await expire();
    const ended = await Promise.all([1, 2, 3, 4].map(() => endWorkersPastTheirLease(db.sql)));
    expect(ended.flat().map(({ id }) => id)).toHaveLength(20);
  });
});

describe('rule 4: a run whose worker died', () => {
  it('stays lost, with the reason, where it may not run twice', async () => {
    const { run } = await runningOn('w-b1', { mayRunTwice: false });
    expect((await rescuer().runOnce()).counts).toEqual({ workers: 0, runs: 0 });
    await expire();
    expect((await rescuer().runOnce()).counts).toEqual({ workers: 1, runs: 1 });
    const [row] = await readLedger(db, [run.id]);
    expect(row).toMatchObject({ state: 'lost', losses: 1 });
    expect(row!.cause).toMatch(
      /^worker w-b1 didn’t answer for \d+ s, and the job may not run twice$/,
    );
    const [attempt] = await db.sql('SELECT number, outcome, worker_id FROM attempt');
    expect(attempt).toEqual({ number: 1, outcome: 'lost', worker_id: run.workerId });
  });

  it('starts again where it may, and stops after three losses in a row', async () => {
    const { run } = await runningOn('w-b1', { mayRunTwice: true });
    for (let losses = 1; losses <= 3; losses++) {
      await expire();
      await rescuer().runOnce();
      const [row] = await readLedger(db, [run.id]);
      expect(row).toMatchObject({ losses, state: losses < 3 ? 'queued' : 'lost' });
      const claimed = await claimFor(db, await makeWorker(db, { name: `w-${losses}` }));
      expect(claimed.map(({ attempt }) => attempt)).toEqual(losses < 3 ? [losses + 1] : []);
    }
    const attempts = await db.sql('SELECT number, outcome FROM attempt ORDER BY number');
    expect(attempts).toEqual([1, 2, 3].map((number) => ({ number, outcome: 'lost' })));
  });

  it('is rescued at once when its worker ended in order', async () => {
    const { worker, run } = await runningOn('w-b1');
    await endWorker(db.sql, worker, 'stopped');
    await rescuer().runOnce();
    expect((await readLedger(db, [run.id]))[0]?.cause).toMatch(/^worker w-b1 ended before the run/);
  });

  it('becomes cancelled when somebody had asked for that', async () => {
    const { run } = await runningOn('w-b1', { mayRunTwice: true });
    await db.sql(
      `UPDATE run SET cancel_requested_at = now(), cancelled_by = 'Test' WHERE is_live AND id = $1`,
      [run.id],
    );
    await expire();
    await rescuer().runOnce();
    expect((await readLedger(db, [run.id]))[0]).toMatchObject({ state: 'cancelled' });
  });

  it('keeps the count of the lines that are stored', async () => {
    const { run } = await runningOn('w-b1');
    await db.sql(
      `INSERT INTO log_chunk (run_id, scheduled_for, seq, attempt, first_line, line_count, byte_count, body)
       VALUES ($1, $2, 0, 1, 1, 4, 90, ''), ($1, $2, 1, 1, 5, 3, 60, '')`,
      [run.id, run.scheduledFor],
    );
    await expire();
    await rescuer().runOnce();
    const [row] = await db.sql('SELECT log_lines, log_bytes FROM run WHERE id = $1', [run.id]);
    expect(row).toEqual({ log_lines: 7, log_bytes: 150 });
  });

  it('is one rescuer’s, however many look at once', async () => {
    const worker = await makeWorker(db);
    const job = await makeJob(db, { overlap: 'allow', mayRunTwice: true });
    for (let runs = 0; runs < 30; runs++) await makeRun(db, job);
    await db.sql('UPDATE queue SET max_running = 1000');
    await claimFor(db, worker);
    await expire();
    const passes = await Promise.all([1, 2, 3, 4].map(() => rescuer().runOnce()));
    expect(passes.reduce((sum, { counts }) => sum + (counts['runs'] ?? 0), 0)).toBe(30);
    for (const run of await readLedger(db)) expect(run).toMatchObject({ losses: 1 });
  });

  it('doesn’t wedge the others when the database refuses one', async () => {
    const { run } = await runningOn('w-b1');
    // Its tick has ended before: what rule 1's constraints prevent, made by hand.
    const [tick] = await db.sql<{ scheduled_for: Date; job_id: number }>(
      `UPDATE run SET trigger = 'tick', requested_by = NULL WHERE is_live AND id = $1
       RETURNING scheduled_for, job_id`,
      [run.id],
    );
    await db.sql(
      `INSERT INTO run (is_live, state, finished_at, scheduled_for, job_id, revision, trigger, queue, kind, due_at)
       VALUES (false, 'succeeded', now(), $1, $2, 1, 'tick', 'default', 'script', now())`,
      [tick!.scheduled_for, tick!.job_id],
    );
    const other = await runningOn('w-b2');
    await expire();
    expect((await rescuer().runOnce()).counts).toEqual({ workers: 2, runs: 1 });
    expect((await readLedger(db, [other.run.id]))[0]?.state).toBe('lost');
  });
});

describe('a clock that is set ahead', () => {
  it('ends no lease before whoever holds it has had the time to hear of it', async () => {
    await using own = await createTestDatabase();
    const clock = await holdClock(own, new Date('2027-03-01T08:00:00Z'));
    await makeWorker(own);
    const looking = rescuer(own, 300);
    const leasesEnded = async () => (await looking.runOnce()).counts.workers;
    expect(await leasesEnded()).toBe(0);
    await clock.advance(3_600_000);
    expect(await leasesEnded()).toBe(0);
    expect(await leasesEnded()).toBe(0);
    // One that looks for the first time knows of no jump: by what it sees the lease is over.
    const [row] = await own.sql('SELECT lease_until < clock_timestamp() AS over FROM worker');
    expect(row).toEqual({ over: true });
    await until(async () => (await leasesEnded()) === 1, { what: 'the lease to end' });
  });
});
