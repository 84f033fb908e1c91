import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClaimedRun } from '#core/runs/claimed.sql.ts';
import { finishAttemptsIfStillOwned } from '#core/runs/finish.sql.ts';
import { endedAttempt } from '#tests/support/attempts.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import {
  claimFor,
  emptyLedger,
  makeRun,
  makeWorker,
  type TestRunOverrides,
} from '#tests/support/runs.ts';
import { createDefinitions } from '#worker/definitions.ts';
import { createRescuer } from '#worker/rescuer.ts';

let db: TestDatabase;
let worker: number;
let job: TestJob;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.sql('UPDATE queue SET max_running = 1000');
});
afterAll(() => db.drop());
beforeEach(async () => {
  await emptyLedger(db);
  worker = await makeWorker(db);
  job = await makeJob(db);
});

/** Ten minutes past is minute 10 of an hour that is over. */
const HOUR = new Date(Math.floor(Date.now() / 3_600_000 - 2) * 3_600_000);
const at = (minute: number) => new Date(HOUR.getTime() + minute * 60_000);
const minuteOf = (instant: Date | null) =>
  instant === null ? null : (instant.getTime() - HOUR.getTime()) / 60_000;
const stretchOf = (run: { coversFrom: Date | null; coversTo: Date }) => [
  minuteOf(run.coversFrom),
  minuteOf(run.coversTo),
];

/** Makes the run of a tick (or of `overrides`) and claims it. */
async function started(
  minute: number,
  overrides: TestRunOverrides & { forTick?: Date } = {},
): Promise<ClaimedRun> {
  const { forTick, ...more } = overrides;
  const id = await makeRun(db, job, {
    trigger: 'tick',
    scheduledFor: at(minute),
    ...more,
  });
  if (forTick) await db.sql('UPDATE run SET for_tick = $2 WHERE id = $1', [id, forTick]);
  const claimed = await claimFor(db, worker);
  return claimed.find((run) => run.id === id)!;
}

const succeed = (...runs: ClaimedRun[]) =>
  finishAttemptsIfStillOwned(
    db.sql,
    runs.map((run) => endedAttempt(run)),
  );
const fail = (run: ClaimedRun, retryAt: Date | null = null) =>
  finishAttemptsIfStillOwned(db.sql, [
    endedAttempt(run, { outcome: 'failed', retryAt, retryRule: retryAt && 'backoff' }),
  ]);

describe('the stretch that a run covers', () => {
  it('begins with nothing, and then with the tick of the last success', async () => {
    const first = await started(10);
    expect(stretchOf(first)).toEqual([null, 10]);
    await succeed(first);
    const second = await started(20);
    expect(stretchOf(second)).toEqual([10, 20]);
    await succeed(second);
    expect(stretchOf(await started(30))).toEqual([20, 30]);
  });

  it('takes in what failed, was lost, was skipped or never ran', async () => {
    await succeed(await started(10));
    await fail(await started(20));
    const lost = await started(30);
    await db.sql(`UPDATE worker SET state = 'lost', ended_at = now() WHERE id = $1`, [worker]);
    const rescued = await createRescuer({
      pool: db.pool,
      definitions: createDefinitions({ pool: db.pool }),
      logger: pino({ level: 'silent' }),
      leaseMs: 60_000,
      intervalMs: 1_000,
    }).runOnce();
    expect(rescued.counts).toMatchObject({ runs: 1 });
    expect(await finishAttemptsIfStillOwned(db.sql, [endedAttempt(lost)])).toEqual([]);
    worker = await makeWorker(db);
    const next = await started(55);
    expect(stretchOf(next)).toEqual([10, 55]);
    await succeed(next);
    expect(stretchOf(await started(56))).toEqual([55, 56]);
  });

  it('is the same at each attempt while nothing else succeeds', async () => {
    await succeed(await started(10));
    const run = await started(20);
    await fail(run, new Date(Date.now() - 1));
    const [again] = await claimFor(db, worker);
    expect([again!.id, again!.attempt]).toEqual([run.id, 2]);
    expect(stretchOf(again!)).toEqual([10, 20]);
  });

  it('of a later attempt begins at a success that came meanwhile', async () => {
    job = await makeJob(db, { overlap: 'allow' });
    await succeed(await started(10));
    const slow = await started(30);
    expect(stretchOf(slow)).toEqual([10, 30]);
    await fail(slow, new Date(Date.now() + 3_600_000));
    await succeed(await started(20, { trigger: 'manual' }));
    await db.sql('UPDATE run SET due_at = now() WHERE id = $1', [slow.id]);
    const [again] = await claimFor(db, worker);
    expect(stretchOf(again!)).toEqual([20, 30]);
  });

  it('of runs side by side overlaps rather than leaving something out', async () => {
    job = await makeJob(db, { overlap: 'allow' });
    await succeed(await started(10));
    const slow = await started(20);
    const fast = await started(30);
    expect([stretchOf(slow), stretchOf(fast)]).toEqual([
      [10, 20],
      [10, 30],
    ]);
    await succeed(fast);
    // The slow one fails: what it was for lies in the other's stretch.
    await fail(slow);
    expect(stretchOf(await started(40))).toEqual([30, 40]);
  });

  it('never goes back when an earlier tick succeeds later', async () => {
    job = await makeJob(db, { overlap: 'allow' });
    const slow = await started(20);
    const fast = await started(30);
    await succeed(fast);
    await succeed(slow);
    expect(stretchOf(await started(40))).toEqual([30, 40]);
  });

  it('goes to the latest of those that are recorded in one statement', async () => {
    job = await makeJob(db, { overlap: 'allow' });
    const runs = [await started(30), await started(10), await started(20)];
    await succeed(...runs);
    expect(stretchOf(await started(40))).toEqual([30, 40]);
  });

  it('of a tick that is made up for out of order begins at the success before that tick', async () => {
    await succeed(await started(10));
    await succeed(await started(50));
    const first = await started(58, { trigger: 'manual', forTick: at(20) });
    expect(stretchOf(first)).toEqual([10, 20]);
    await succeed(first);
    // In order each takes the next stretch …
    const second = await started(59, { trigger: 'manual', forTick: at(30) });
    expect(stretchOf(second)).toEqual([20, 30]);
    await fail(second);
    const third = await started(60, { trigger: 'manual', forTick: at(40) });
    expect(stretchOf(third)).toEqual([20, 40]);
    await succeed(third);
    // … and what comes next goes on where the job was.
    expect(stretchOf(await started(61))).toEqual([50, 61]);
  });

  it('of an old tick begins at the beginning when nothing before it succeeded', async () => {
    await succeed(await started(50));
    expect(stretchOf(await started(58, { trigger: 'manual', forTick: at(20) }))).toEqual([
      null,
      20,
    ]);
  });

  it('of a run by hand ends at its request, and the next tick goes on there', async () => {
    await succeed(await started(10));
    const byHand = await started(15, { trigger: 'manual' });
    expect(stretchOf(byHand)).toEqual([10, 15]);
    await succeed(byHand);
    expect(stretchOf(await started(20))).toEqual([15, 20]);
  });

  it('isn’t moved by a test, which is told it like any other run', async () => {
    await succeed(await started(10));
    const test = await started(15, { trigger: 'test' });
    expect(stretchOf(test)).toEqual([10, 15]);
    await succeed(test);
    const next = await started(20);
    expect(stretchOf(next)).toEqual([10, 20]);
    await succeed(next);
    // Nor is it the success before an old tick.
    expect(stretchOf(await started(25, { trigger: 'manual', forTick: at(17) }))).toEqual([10, 17]);
  });

  it('isn’t moved by a run with other parameters than the job’s own', async () => {
    await succeed(await started(10));
    const other = await started(15, { trigger: 'manual' });
    await db.sql('UPDATE run SET covers = false WHERE id = $1', [other.id]);
    await succeed(other);
    const next = await started(20);
    expect(stretchOf(next)).toEqual([10, 20]);
    await succeed(next);
    expect(stretchOf(await started(25, { trigger: 'manual', forTick: at(16) }))).toEqual([10, 16]);
  });

  it('is told of a job alone', async () => {
    await succeed(await started(10));
    job = await makeJob(db);
    expect(stretchOf(await started(20))).toEqual([null, 20]);
  });
});

it('is recorded by two workers at once, whatever the order of the jobs, without either waiting for ever', async () => {
  const jobs: TestJob[] = [];
  for (let n = 0; n < 20; n++) jobs.push(await makeJob(db, { overlap: 'allow' }));
  for (let round = 0; round < 8; round++) {
    for (const one of jobs) {
      for (const minute of [round * 2, round * 2 + 1]) {
        await makeRun(db, one, { trigger: 'tick', scheduledFor: at(minute) });
      }
    }
    const runs = await claimFor(db, worker);
    const ofMinute = (minute: number) =>
      runs.filter(({ scheduledFor }) => scheduledFor.getTime() === at(minute).getTime());
    const record = (some: readonly ClaimedRun[]) =>
      finishAttemptsIfStillOwned(
        db.sql,
        some.map((run) =>
          endedAttempt(run, { newState: { body: `${run.id}`, given: run.stateVersion } }),
        ),
      );
    const recorded = await Promise.all([
      record(ofMinute(round * 2).toSorted((a, b) => a.jobId - b.jobId)),
      record(ofMinute(round * 2 + 1).toSorted((a, b) => b.jobId - a.jobId)),
    ]);
    expect(recorded.map(({ length }) => length)).toEqual([20, 20]);
  }
  const progress = await db.sql<{ until: Date; isWhole: boolean }>(
    `SELECT p.covered_until AS until, s.body = p.covered_by::text AS "isWhole"
       FROM job_progress p JOIN job_state s ON s.job_id = p.job_id AND s.version = p.state_version
      WHERE p.job_id = ANY ($1)`,
    [jobs.map(({ id }) => id)],
  );
  expect(progress).toEqual(jobs.map(() => ({ until: at(15), isWhole: true })));
});
