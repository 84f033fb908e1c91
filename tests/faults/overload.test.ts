// What `npm run overload` shows of the engine, small enough for every run of the tests.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { until } from '#tests/support/wait.ts';
import { openWorld, type World } from './world.ts';

const CROWD = 20_000;
const TICKS = 5;
const SLOTS = 5;
// Each slot that becomes free while a tick of the other queue waits is the tick's: only those that are being given away at
// that moment go to the crowd. Counted and not timed, since it holds on a slow machine as well.
const MOST_BEFORE = 4 * SLOTS;
const MOST_MEMORY = 500 * 2 ** 20;

const open = (name: string) => openWorld({ name, rounds: 1, scale: 1, server: undefined });

/** So many runs of it, all due now, in a queue that may run more of them than a worker has slots. */
async function crowd(world: World, job: TestJob): Promise<void> {
  await world.db.sql(
    `INSERT INTO run (scheduled_for, due_at, job_id, revision, trigger, requested_by, queue, kind, overlap)
     SELECT now(), now(), $1::int, 1, 'manual', 'Test', 'crowd', 'script', $2::text FROM generate_series(1, $3::int)`,
    [job.id, job.definition.overlap, CROWD],
  );
}

/** For each tick of the other queue after `since` that has begun: how many of the crowd began while it was due. */
async function begunBefore(world: World, quiet: TestJob, since: Date): Promise<number[]> {
  const rows = await world.db.sql<{ before: number }>(
    `SELECT (SELECT count(*)::int FROM run c
              WHERE c.queue = 'crowd' AND c.started_at > r.due_at AND c.started_at < r.started_at) AS before
       FROM run r WHERE r.job_id = $1::int AND r.due_at > $2::timestamptz AND r.started_at IS NOT NULL`,
    [quiet.id, since],
  );
  return rows.map(({ before }) => before);
}

test.each(['allow', 'queue_all'] as const)(
  '20,000 waiting runs of a job (%s) leave another queue its turn, and the worker its size',
  { timeout: 150_000 },
  async (overlap) => {
    const world = await open(`overload-${overlap}`);
    await world.db.sql(
      `INSERT INTO queue (name, description, max_running, max_waiting, default_timeout_ms)
       VALUES ('crowd', '', 100, 1000000, 60000)`,
    );
    const quiet = await world.job({ everySeconds: 1 });
    const job = await makeJob(world.db, {
      queue: 'crowd',
      overlap,
      work: { kind: 'script', text: 'sleep 0.2' },
    });
    const worker = await world.worker({ PUNCTUAL_WORKER_SLOTS: String(SLOTS) });
    await crowd(world, job);
    const [{ now } = { now: new Date() }] = await world.db.sql<{ now: Date }>(
      'SELECT clock_timestamp() AS now',
    );
    const before = await until(
      async () => {
        const found = await begunBefore(world, quiet, now);
        return found.length >= TICKS ? found : null;
      },
      { timeoutMs: 120_000, everyMs: 200, what: 'ticks of the other queue' },
    );
    expect(Math.max(...before)).toBeLessThan(MOST_BEFORE);
    const [{ over } = { over: 0 }] = await world.db.sql<{ over: number }>(
      'SELECT count(*)::int AS over FROM run WHERE NOT is_live AND job_id = $1::int',
      [job.id],
    );
    expect(over).toBeGreaterThan(0);
    const status = readFileSync(`/proc/${worker.pid}/status`, 'utf8');
    expect(Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) * 1024).toBeLessThan(MOST_MEMORY);
  },
);
