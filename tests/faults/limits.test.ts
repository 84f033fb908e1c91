import { describe, expect, it } from 'vitest';
import type { OverlapRule } from '#core/jobs/definition.ts';
import { isFinal } from '#core/runs/states.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { makeJob } from '#tests/support/jobs.ts';
import {
  doubleStartsIn,
  mostAtOnce,
  overlapsIn,
  type Recorder,
  startRecorder,
} from '#tests/support/recorder.ts';
import { type LedgerRow, makeRun, readLedger } from '#tests/support/runs.ts';
import { until } from '#tests/support/wait.ts';
import { startWorker } from '#tests/support/worker.ts';

/** Runs of 250 ms and more, due each `everyMs`, and three workers. Returns the ledger once all has ended. */
async function run(
  db: TestDatabase,
  recorder: Recorder,
  rule: { overlap: OverlapRule; maxParallel?: number },
  everyMs = 100,
): Promise<LedgerRow[]> {
  const text = recorder.script(4);
  const job = await makeJob(db, { ...rule, mayRunTwice: true, work: { kind: 'script', text } });
  await Promise.all([startWorker(db), startWorker(db), startWorker(db)]);
  const [clock] = await db.sql<{ now: Date }>('SELECT clock_timestamp() AS now');
  for (let ticks = 0; ticks < 20; ticks++) {
    const dueAt = new Date(clock!.now.getTime() + 500 + ticks * everyMs);
    await makeRun(db, job, { trigger: 'tick', dueAt });
  }
  return until(
    async () => {
      const ledger = await readLedger(db);
      return ledger.every(({ state }) => isFinal(state)) && ledger;
    },
    { timeoutMs: 40_000, what: 'every run to end' },
  );
}

const countOf = (ledger: readonly LedgerRow[], state: string) =>
  ledger.filter((row) => row.state === state).length;

describe('rule 6 with three workers', () => {
  it('skip: no two at once, and each tick is accounted for', async () => {
    await using db = await createTestDatabase();
    const recorder = startRecorder();
    const ledger = await run(db, recorder, { overlap: 'skip' });
    expect(overlapsIn(recorder.entries())).toEqual([]);
    expect(doubleStartsIn(recorder.entries())).toEqual([]);
    expect(countOf(ledger, 'succeeded') + countOf(ledger, 'skipped')).toBe(20);
    expect(countOf(ledger, 'succeeded')).toBeGreaterThan(1);
    for (const { state, skipReason, cause } of ledger) {
      if (state !== 'skipped') continue;
      expect(skipReason).toBe('overlap');
      expect(cause).toMatch(/^run \d+ of \d\d:\d\d UTC was still (running|waiting to start)$/);
    }
  });

  it('queue_all: one after the other, in order, none left out', async () => {
    await using db = await createTestDatabase();
    const recorder = startRecorder();
    const ledger = await run(db, recorder, { overlap: 'queue_all' });
    expect(overlapsIn(recorder.entries())).toEqual([]);
    expect(countOf(ledger, 'succeeded')).toBe(20);
    const starts = recorder.entries().filter(({ what }) => what === 'start');
    expect(starts.map((entry) => entry.run)).toEqual(ledger.map(({ id }) => id));
  });

  it('queue_one: one runs, the newest waits', async () => {
    await using db = await createTestDatabase();
    const recorder = startRecorder();
    const ledger = await run(db, recorder, { overlap: 'queue_one' });
    expect(overlapsIn(recorder.entries())).toEqual([]);
    expect(ledger.at(-1)?.state).toBe('succeeded');
    for (const { state, skipReason } of ledger) {
      if (state !== 'succeeded') expect([state, skipReason]).toEqual(['skipped', 'superseded']);
    }
  });

  it('cancel_previous: the last one wins, and never two at once', async () => {
    await using db = await createTestDatabase();
    const recorder = startRecorder();
    const ledger = await run(db, recorder, { overlap: 'cancel_previous' });
    expect(overlapsIn(recorder.entries())).toEqual([]);
    expect(ledger.at(-1)?.state).toBe('succeeded');
    expect(countOf(ledger, 'cancelled')).toBeGreaterThan(0);
    const cancelled = ledger.find(({ state }) => state === 'cancelled');
    expect(cancelled?.cause).toMatch(/^cancelled by run \d+ of \d\d:\d\d UTC$/);
  });
});

describe('rule 7 with three workers', () => {
  it('allow 2: two of a job at once, never three', async () => {
    await using db = await createTestDatabase();
    const recorder = startRecorder();
    const ledger = await run(db, recorder, { overlap: 'allow', maxParallel: 2 }, 20);
    expect(countOf(ledger, 'succeeded')).toBe(20);
    expect(mostAtOnce(recorder.entries())).toBe(2);
  });

  it('a queue’s limit holds for all jobs together', async () => {
    await using db = await createTestDatabase();
    const recorder = startRecorder();
    await db.sql(`UPDATE queue SET max_running = 3 WHERE name = 'default'`);
    const ledger = await run(db, recorder, { overlap: 'allow' }, 20);
    expect(countOf(ledger, 'succeeded')).toBe(20);
    expect(mostAtOnce(recorder.entries())).toBe(3);
  });

  it('CONTROL: without the limit more run at once, and the record shows it', async () => {
    await using db = await createTestDatabase();
    const recorder = startRecorder();
    await run(db, recorder, { overlap: 'allow' }, 20);
    expect(mostAtOnce(recorder.entries())).toBeGreaterThan(3);
    expect(overlapsIn(recorder.entries())).not.toEqual([]);
  });
});
