import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { giveBackUnstartedRuns } from '#core/runs/strays.sql.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { claimFor, emptyLedger, makeRun, makeWorker, readLedger } from '#tests/support/runs.ts';
import { createStrays, isFreshClaim } from '#worker/strays.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(() => emptyLedger(db));

async function claimedRun(startedAgo: string) {
  const workerId = await makeWorker(db);
  await makeRun(db, await makeJob(db, { mayRunTwice: false }));
  const [run] = await claimFor(db, workerId);
  await db.sql(
    `UPDATE run SET started_at = clock_timestamp() - $2::interval WHERE is_live AND id = $1`,
    [run!.id, startedAgo],
  );
  return { workerId, run: run! };
}

const straysOf = (workerId: number, held: boolean) =>
  createStrays({
    pool: db.pool,
    identity: { workerId, name: 'w', installation: '', isDraining: false },
    logger: pino({ level: 'silent' }),
    leaseMs: 2_000,
    holders: [{ holds: () => held }],
  });

describe('strays: runs claimed for a worker that doesn’t know of them', () => {
  it('are given back as if they had never been claimed', async () => {
    const { workerId, run } = await claimedRun('3 s');
    expect((await straysOf(workerId, false).runOnce()).counts).toEqual({ strays: 1 });
    const [row] = await readLedger(db, [run.id]);
    expect(row).toMatchObject({ state: 'queued', attempt: 0, workerId: null });
    const [again] = await claimFor(db, workerId);
    expect(again).toMatchObject({ id: run.id, attempt: 1 });
  });

  it('are not the ones that it executes, nor those whose claim may still be answered', async () => {
    const old = await claimedRun('3 s');
    expect((await straysOf(old.workerId, true).runOnce()).counts).toEqual({ strays: 0 });
    const young = await claimedRun('1 s');
    expect((await straysOf(young.workerId, false).runOnce()).counts).toEqual({ strays: 0 });
    for (const run of await readLedger(db)) expect(run.state).toBe('running');
  });

  it('are fenced like every write: another worker’s or a later attempt isn’t touched', async () => {
    const { workerId, run } = await claimedRun('3 s');
    expect(await giveBackUnstartedRuns(db.sql, workerId + 1, [run])).toEqual([]);
    expect(await giveBackUnstartedRuns(db.sql, workerId, [{ ...run, attempt: 2 }])).toEqual([]);
  });

  it('are given back once: a statement that comes late doesn’t meet the next claim of the same attempt', async () => {
    const { workerId, run } = await claimedRun('3 s');
    const strays = straysOf(workerId, false);
    await strays.giveBackSuspected();
    expect((await readLedger(db, [run.id]))[0]!.state).toBe('running');
    strays.suspect();
    await strays.giveBackSuspected();
    const [again] = await claimFor(db, workerId);
    expect(again).toMatchObject({ id: run.id, attempt: 1 });
    expect(await giveBackUnstartedRuns(db.sql, workerId, [run])).toEqual([]);
    expect((await readLedger(db, [run.id]))[0]!.state).toBe('running');
    expect(await giveBackUnstartedRuns(db.sql, workerId, [again!])).toEqual([run.id]);
  });

  it('can’t be in execution: a claim that was answered late isn’t started', () => {
    expect(isFreshClaim(900, 2_000)).toBe(true);
    expect(isFreshClaim(1_000, 2_000)).toBe(false);
  });
});
