import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { once } from '#core/db.ts';
import {
  cancelWaitingRetries,
  requestCancelOfPreviousRuns,
  skipBeyondCapacity,
  skipLateRuns,
  skipOverlappingRuns,
  skipSupersededRuns,
} from '#core/runs/limit.sql.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { claimFor, emptyLedger, makeRun, makeWorker, readLedger } from '#tests/support/runs.ts';

const EVER = new Date(0);
let db: TestDatabase;
let worker: number;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await emptyLedger(db);
  await db.sql('UPDATE queue SET max_running = 10, max_waiting = 1000');
  worker = await makeWorker(db);
});

const at = (agoMs: number) => new Date(Date.now() - agoMs);

describe('late', () => {
  it('skips what could not start in time, but no retry and nothing held', async () => {
    const job = await makeJob(db, { overlap: 'allow' });
    const late = await makeRun(db, job, { startBy: at(10) });
    const others = [
      await makeRun(db, job, { startBy: at(10), attempt: 1 }),
      await makeRun(db, job, { startBy: at(10), hold: 'paused' }),
      await makeRun(db, job, { startBy: new Date(Date.now() + 60_000) }),
    ];
    expect(await skipLateRuns(db.sql, EVER)).toBe(1);
    const [skipped] = await readLedger(db, [late]);
    expect(skipped).toMatchObject({ state: 'skipped', skipReason: 'late' });
    expect(skipped!.cause).toMatch(/^could not start before 2\d{3}-.* UTC$/);
    for (const run of await readLedger(db, others)) expect(run.state).toBe('queued');
  });
});

describe('overlap under skip', () => {
  it('skips what becomes due while a run of the job is running, and names it', async () => {
    const job = await makeJob(db);
    const first = await makeRun(db, job, {
      dueAt: at(60_000),
      scheduledFor: new Date('2026-11-20T02:29:00Z'),
    });
    await claimFor(db, worker);
    const second = await makeRun(db, job);
    expect(await skipOverlappingRuns(db.sql, EVER)).toBe(1);
    expect(await readLedger(db)).toMatchObject([
      { id: first, state: 'running' },
      {
        id: second,
        state: 'skipped',
        skipReason: 'overlap',
        cause: `run ${first} of 02:29 UTC was still running`,
      },
    ]);
  });

  it('skips while a run waits for its retry, and never the retry', async () => {
    const job = await makeJob(db);
    const retry = await makeRun(db, job, { attempt: 1, dueAt: at(10) });
    const fresh = await makeRun(db, job, { dueAt: at(500) });
    expect(await skipOverlappingRuns(db.sql, EVER)).toBe(1);
    const [kept, dropped] = await readLedger(db, [retry, fresh]);
    expect(kept?.state).toBe('queued');
    expect(dropped?.cause).toMatch(/was waiting for its next attempt$/);
  });

  it('keeps the first of several that wait, and isn’t moved by held or future ones', async () => {
    const job = await makeJob(db);
    await makeRun(db, job, { hold: 'paused', dueAt: at(9_000) });
    await makeRun(db, job, { dueAt: new Date(Date.now() + 60_000) });
    const first = await makeRun(db, job, { dueAt: at(3_000) });
    await makeRun(db, job, { dueAt: at(2_000) });
    await makeRun(db, job, { dueAt: at(1_000) });
    expect(await skipOverlappingRuns(db.sql, EVER)).toBe(2);
    const waiting = (await readLedger(db)).filter(({ state }) => state === 'queued');
    expect(waiting).toHaveLength(3);
    expect((await readLedger(db, [first]))[0]?.state).toBe('queued');
  });

  it('looks only at what became due after the given instant', async () => {
    const job = await makeJob(db);
    await makeRun(db, job, { dueAt: at(9_000) });
    await makeRun(db, job, { dueAt: at(5_000) });
    expect(await skipOverlappingRuns(db.sql, at(3_000))).toBe(0);
    expect(await skipOverlappingRuns(db.sql, at(7_000))).toBe(1);
  });

  it('rule 6: four workers that limit and claim at once leave one running and none waiting', async () => {
    const jobs = await Promise.all(Array.from({ length: 6 }, () => makeJob(db)));
    for (const job of jobs) {
      for (let runs = 0; runs < 5; runs++) await makeRun(db, job, { dueAt: at(5_000 - runs * 10) });
    }
    await Promise.all(
      [1, 2, 3, 4].map(async () => {
        await once(() => skipOverlappingRuns(db.sql, EVER));
        await once(() => claimFor(db, worker)).catch(isExclusiveConflict);
      }),
    );
    // What one of them held while the others looked is the next pass's.
    await skipOverlappingRuns(db.sql, EVER);
    await claimFor(db, worker);
    const ledger = await readLedger(db);
    expect(ledger.filter(({ state }) => state === 'running')).toHaveLength(6);
    expect(ledger.filter(({ skipReason }) => skipReason === 'overlap')).toHaveLength(24);
  });
});

// The claims of this test don't lock their queue, as workers do: the index refuses the loser.
function isExclusiveConflict(error: Error & { constraint?: string }): void {
  if (error.constraint !== 'run_live_exclusive') throw error;
}

describe('superseded', () => {
  it('queue_one keeps the newest and, while nothing occupies the job, the oldest', async () => {
    const job = await makeJob(db, { overlap: 'queue_one' });
    const oldest = await makeRun(db, job, { dueAt: at(4_000) });
    const middle = await makeRun(db, job, { dueAt: at(3_000) });
    const newest = await makeRun(db, job, { dueAt: at(2_000) });
    expect(await skipSupersededRuns(db.sql, EVER)).toBe(1);
    expect(await readLedger(db)).toMatchObject([
      { id: oldest, state: 'queued' },
      { id: middle, state: 'skipped', skipReason: 'superseded' },
      { id: newest, state: 'queued' },
    ]);
    expect((await claimFor(db, worker)).map(({ id }) => id)).toEqual([oldest]);
    const newer = await makeRun(db, job, { dueAt: at(1_000) });
    expect(await skipSupersededRuns(db.sql, at(1_500))).toBe(1);
    const [second] = await readLedger(db, [newest]);
    expect(second?.cause).toMatch(new RegExp(`^run ${newer} of .* takes its place$`));
  });

  it('cancel_previous keeps only the newest, ends retries and asks for the end of what runs', async () => {
    const job = await makeJob(db, { overlap: 'cancel_previous' });
    const running = await makeRun(db, job, { dueAt: at(9_000) });
    await claimFor(db, worker);
    const retry = await makeRun(db, job, { attempt: 2, dueAt: new Date(Date.now() + 60_000) });
    const older = await makeRun(db, job, { dueAt: at(3_000) });
    const newest = await makeRun(db, job, { dueAt: at(2_000) });
    expect(await skipSupersededRuns(db.sql, EVER)).toBe(1);
    expect(await requestCancelOfPreviousRuns(db.sql, EVER)).toBe(1);
    expect(await requestCancelOfPreviousRuns(db.sql, EVER)).toBe(0);
    expect(await cancelWaitingRetries(db.sql, EVER)).toBe(1);
    expect(await readLedger(db)).toMatchObject([
      { id: running, state: 'running', isCancelRequested: true },
      { id: retry, state: 'cancelled' },
      { id: older, state: 'skipped', skipReason: 'superseded' },
      { id: newest, state: 'queued' },
    ]);
    expect((await readLedger(db, [retry]))[0]?.cause).toMatch(
      new RegExp(`^cancelled by run ${newest} of`),
    );
  });

  it('an older run never ends a newer one that runs', async () => {
    const job = await makeJob(db, { overlap: 'cancel_previous' });
    await makeRun(db, job, { dueAt: at(1_000) });
    await claimFor(db, worker);
    await makeRun(db, job, { dueAt: at(5_000) });
    expect(await requestCancelOfPreviousRuns(db.sql, EVER)).toBe(0);
  });

  it('leaves queue_all and allow alone', async () => {
    for (const overlap of ['queue_all', 'allow'] as const) {
      const job = await makeJob(db, { overlap });
      for (let runs = 0; runs < 3; runs++) await makeRun(db, job);
    }
    for (const limit of [skipOverlappingRuns, skipSupersededRuns, requestCancelOfPreviousRuns]) {
      expect(await limit(db.sql, EVER)).toBe(0);
    }
  });
});

describe('rule 7: the waiting capacity of a queue', () => {
  const fill = async (runs: number) => {
    const job = await makeJob(db, { overlap: 'allow', queue: 'archive' });
    const ids: number[] = [];
    for (let run = 0; run < runs; run++) {
      ids.push(await makeRun(db, job, { dueAt: at(60_000 - run) }));
    }
    return ids;
  };

  it('doesn’t count what can start at once, and drops the last in line', async () => {
    await db.sql(`UPDATE queue SET max_running = 2, max_waiting = 3 WHERE name = 'archive'`);
    const ids = await fill(7);
    expect(await skipBeyondCapacity(db.sql)).toBe(2);
    const ledger = await readLedger(db);
    expect(ledger.filter(({ state }) => state === 'queued').map(({ id }) => id)).toEqual(
      ids.slice(0, 5),
    );
    expect(ledger.at(-1)).toMatchObject({
      skipReason: 'queue_full',
      cause: 'queue archive was full: 3 may wait',
    });
    await claimFor(db, worker);
    expect(await skipBeyondCapacity(db.sql)).toBe(0);
  });

  it('never drops a retry, and drops the less urgent first', async () => {
    await db.sql(`UPDATE queue SET max_running = 1, max_waiting = 4 WHERE name = 'archive'`);
    const job = await makeJob(db, { overlap: 'allow', queue: 'archive' });
    const kept = [
      await makeRun(db, job, { attempt: 1, priority: -2 }),
      await makeRun(db, job, { attempt: 3, priority: -2 }),
      await makeRun(db, job, { attempt: 1, priority: -2 }),
      await makeRun(db, job, { priority: 1 }),
      await makeRun(db, job, { priority: 1 }),
    ];
    const dropped = await makeRun(db, job, { priority: -1, dueAt: at(90_000) });
    expect(await skipBeyondCapacity(db.sql)).toBe(1);
    for (const run of await readLedger(db, kept)) expect(run.state).toBe('queued');
    expect((await readLedger(db, [dropped]))[0]?.skipReason).toBe('queue_full');

    await db.sql(`UPDATE queue SET max_waiting = 0 WHERE name = 'archive'`);
    await skipBeyondCapacity(db.sql);
    const left = (await readLedger(db)).filter(({ state }) => state === 'queued');
    expect(left.map(({ id }) => id)).toEqual(kept.slice(0, 3));
  });

  it('holds with four workers that limit and claim at once', async () => {
    await db.sql(`UPDATE queue SET max_running = 2, max_waiting = 5 WHERE name = 'archive'`);
    await fill(40);
    await Promise.all(
      [1, 2, 3, 4].flatMap(() => [
        once(() => skipBeyondCapacity(db.sql)),
        once(() => claimFor(db, worker)),
      ]),
    );
    await skipBeyondCapacity(db.sql);
    const ledger = await readLedger(db);
    expect(ledger.filter(({ state }) => state === 'running').length).toBeLessThanOrEqual(8);
    expect(ledger.filter(({ state }) => state === 'queued').length).toBeLessThanOrEqual(7);
  });
});
