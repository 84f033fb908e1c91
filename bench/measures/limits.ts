import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { isTrue } from '../contender.ts';
import type { Measure, Stage } from '../measure.ts';
import { punctual, requestRuns } from '../punctual/punctual.ts';
import { loadWorker } from '../worker-process.ts';

const WORKERS = 8;
const RUNS = 20_000;
const SAMPLE_MS = 20;
/** Rates count claims. So many of the claimed may be about to begin when the second does: a slot each. */
const CLAIMED_BEFORE = WORKERS * 20;

type Limits = {
  name: string;
  /** Of the queue. */
  maxRunning?: number;
  /** Of the queue, starts in any second. */
  rate?: number;
  /** Of the job. */
  maxParallel?: number;
  /** The runs are spread over so many queues. Default: 1. */
  queues?: number;
};

const LIMITS: readonly Limits[] = [
  { name: 'none' },
  { name: 'none, over 8 queues', queues: 8 },
  { name: 'queue 100 at once', maxRunning: 100 },
  { name: 'job 100 at once', maxParallel: 100 },
  { name: 'rate 5,000 a second', rate: 5_000 },
  { name: 'all three', maxRunning: 100, maxParallel: 100, rate: 5_000 },
];

/** 20,000 no-ops drained by eight worker processes, under limits that hold across all of them, and without. */
export const limits: Measure = {
  name: 'limits by 8',
  unit: (figure) => (figure.includes('sessions') ? 'of 8' : 'runs/s'),
  better: 'more',
  entrants: [
    {
      name: punctual.name,
      prepare: punctual.prepare,
      async once(stage) {
        const figures: Record<string, number> = {};
        for (const one of LIMITS) {
          const { rate, waiting } = await drainedUnder(stage, one);
          figures[one.name] = rate;
          figures[`${one.name}: sessions that wait for a lock`] = waiting;
        }
        return figures;
      },
    },
  ],
};

async function drainedUnder({ url, pool }: Stage, limits: Limits) {
  const queues = Array.from({ length: limits.queues ?? 1 }, (_, n) => `${slug(limits.name)}-${n}`);
  for (const queue of queues) await fill(url, pool, queue, limits, RUNS / queues.length);
  // Those of the measure before were killed: nobody has to find that out meanwhile.
  await pool.query('DELETE FROM worker');
  await pool.query('VACUUM ANALYZE');
  const settings = { PUNCTUAL_WORKER_QUEUES: queues.join(',') };
  const workers = await Promise.all(
    Array.from({ length: WORKERS }, () => loadWorker({ ...punctual, settings }, url)),
  );
  const beganAtMs = performance.now();
  await Promise.all(workers.map((worker) => worker.start()));
  let samples = 0;
  let waiting = 0;
  let mostRunning = 0;
  while (!(await isTrue(pool, NOTHING_LIVE))) {
    const now = await sampleOf(pool);
    samples += 1;
    waiting += now.waiting;
    mostRunning = Math.max(mostRunning, now.running);
    await pause(SAMPLE_MS);
  }
  const seconds = (performance.now() - beganAtMs) / 1_000;
  const starts = (await Promise.all(workers.map((worker) => worker.starts()))).flat().length;
  await Promise.all(workers.map((worker) => worker.end()));
  if (starts !== RUNS) throw new Error(`${limits.name}: ${starts} starts of ${RUNS} runs.`);
  await assertKept(pool, limits, queues, mostRunning);
  return { rate: RUNS / seconds, waiting: waiting / Math.max(1, samples) };
}

async function fill(url: string, pool: pg.Pool, queue: string, limits: Limits, runs: number) {
  await pool.query(
    `INSERT INTO queue (name, description, max_running, max_waiting, default_timeout_ms, rate_starts, rate_ms)
     VALUES ($1, '', $2, 10000000, 60000, $3::int, CASE WHEN $3::int IS NULL THEN NULL ELSE 1000 END)`,
    [queue, limits.maxRunning ?? 100_000, limits.rate ?? null],
  );
  const more: Partial<JobDefinitionInput> = { queue };
  if (limits.maxParallel !== undefined) more.maxParallel = limits.maxParallel;
  await requestRuns(url, runs, more);
}

const slug = (name: string) => name.replaceAll(/[^a-z0-9]+/g, '-');

const NOTHING_LIVE = 'SELECT NOT EXISTS (SELECT FROM run_live) AS "isTrue"';

async function sampleOf(pool: pg.Pool): Promise<{ waiting: number; running: number }> {
  const { rows } = await pool.query<{ waiting: number; running: number }>(
    `SELECT (SELECT count(*) FROM pg_stat_activity
              WHERE datname = current_database() AND wait_event_type = 'Lock')::int AS waiting,
            (SELECT count(*) FROM run_live WHERE state = 'running')::int AS running`,
  );
  return rows[0]!;
}

/** @throws where more ran at once, at a moment that was looked at or by what the ledger says, or started within a second */
async function assertKept(
  pool: pg.Pool,
  { name, maxRunning, maxParallel, rate }: Limits,
  queues: readonly string[],
  mostSeen: number,
): Promise<void> {
  const { rows } = await pool.query<{ most: number; inASecond: number }>(MOST, [queues]);
  const { most, inASecond } = rows[0]!;
  const allowed = Math.min(maxRunning ?? Infinity, maxParallel ?? Infinity);
  if (Math.max(most, mostSeen) > allowed) {
    throw new Error(`${name}: ${most} ran at once by the ledger, ${mostSeen} as it was seen.`);
  }
  if (rate !== undefined && inASecond > rate + CLAIMED_BEFORE) {
    throw new Error(`${name}: ${inASecond} started within a second.`);
  }
}

// Of what begins and ends in the same millisecond the end counts first: nobody can tell that they met.
const MOST = `
WITH own AS (
  SELECT started_at, finished_at FROM run WHERE is_live = false AND queue = ANY ($1::text[])
)
SELECT (SELECT max(at_once) FROM (
    SELECT sum(change) OVER (ORDER BY at, change ROWS UNBOUNDED PRECEDING) AS at_once
      FROM (SELECT started_at AS at, 1 AS change FROM own UNION ALL SELECT finished_at, -1 FROM own) AS changes
  ) AS line)::int AS most,
  (SELECT max(starts) FROM (
    SELECT count(*) OVER (ORDER BY started_at RANGE BETWEEN CURRENT ROW AND interval '998 ms' FOLLOWING) AS starts FROM own
  ) AS seconds)::int AS "inASecond"`;
