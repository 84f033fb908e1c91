import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Environment } from '#core/environment.ts';
import { insertRequestedRuns } from '#core/runs/request.sql.ts';
import { cloneDatabase, makeTemplate, type TestDatabase } from '#tests/support/clone-database.ts';
import { countWire, type Wire } from '#tests/support/count-wire.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { requestOf } from '#tests/support/requests.ts';
import { silent } from '#tests/support/planning.ts';
import { fastestPlace, startTestPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/wait.ts';
import type { Kind } from '#worker/kinds/kind.ts';
import { startWorker, type Worker } from '#worker/worker.ts';

// Fifty workers with all their duties, connections and guards, in one process: they meet in the database alone.

const WORKERS = 50;
const JOBS = 20;
const RUNS_OF_EACH = 200;
/** Pool, and the one of heartbeats and LISTEN. */
const CONNECTIONS_OF_ONE = 3;
/** docs/scale.md says fewer; a machine that is busy counts some that belong to the second before. */
const IDLE_STATEMENTS_A_SECOND = 1;
const IDLE_MS = 10_000;

let server: TestPostgres;
let db: TestDatabase;
let wire: Wire;
let workers: Worker[];
const started: { runId: number; attempt: number; worker: string }[] = [];
let most: { lasting: number; all: number };

beforeAll(async () => {
  server = await startTestPostgres({ max_connections: '400' }, {}, undefined, fastestPlace());
  await makeTemplate(server.url);
  db = await cloneDatabase(server.url);
  await db.sql('UPDATE queue SET max_running = 100000, max_waiting = 100000');
  wire = await countWire(db.url);
  workers = await Promise.all(Array.from({ length: WORKERS }, (_, n) => start(`w-${n}`)));
  most = { lasting: 0, all: 0 };
}, 120_000);

afterAll(async () => {
  await Promise.all((workers ?? []).map((worker) => worker.stop()));
  await db?.drop();
  await wire?.[Symbol.asyncDispose]();
  await server?.stop();
}, 120_000);

function start(name: string): Promise<Worker> {
  const noOp: Kind = {
    name: 'script',
    execute({ runId, attempt }) {
      started.push({ runId, attempt, worker: name });
      return Promise.resolve({ ok: true });
    },
  };
  return startWorker({
    environment: Environment.parse({ DATABASE_URL: wire.url, PUNCTUAL_WORKER_NAME: name }),
    version: 'test',
    logger: silent,
    kinds: new Map([[noOp.name, noOp]]),
  });
}

/** How many connections the workers have now, and the most of the times that it was asked. */
async function noteConnections(): Promise<void> {
  const [row] = await db.sql<{ lasting: number; all: number }>(
    `SELECT count(*) FILTER (WHERE application_name NOT LIKE '%history')::int AS lasting, count(*)::int AS all
       FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'punctual-worker%'`,
  );
  most = { lasting: Math.max(most.lasting, row!.lasting), all: Math.max(most.all, row!.all) };
}

test('fifty idle workers ask the database for little', async () => {
  // Each looks at everything once when it starts.
  await pause(5_000);
  const before = wire.counted();
  await pause(IDLE_MS);
  const after = wire.counted();
  const aSecond = ((after.statements - before.statements) * 1_000) / IDLE_MS;
  console.log(`Fifty idle workers send ${aSecond.toFixed(0)} statements a second.`);
  expect(aSecond).toBeGreaterThan(0);
  expect(aSecond).toBeLessThan(WORKERS * IDLE_STATEMENTS_A_SECOND);
  await noteConnections();
});

test('what comes is done once, all of it, and no worker is left out of it', async () => {
  const jobs: TestJob[] = [];
  for (let n = 0; n < JOBS; n++) {
    jobs.push(await makeJob(db, { overlap: n % 2 === 0 ? 'allow' : 'queue_all' }));
  }
  const ticking = await makeJob(db, {
    schedule: {
      type: 'interval',
      everyMs: 1_000,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
    },
  });
  const requested: number[] = [];
  for (const job of jobs) {
    const requests = Array.from({ length: RUNS_OF_EACH }, () => requestOf(job));
    requested.push(...(await insertRequestedRuns(db.sql, requests)));
  }
  await until(
    async () => {
      await noteConnections();
      const left = await db.sql(`SELECT FROM run_live WHERE trigger = 'api' LIMIT 1`);
      return left.length === 0;
    },
    { timeoutMs: 90_000, everyMs: 100, what: 'all runs to be done' },
  );
  const fresh = started.filter(({ runId }) => requested.includes(runId));
  expect(fresh).toHaveLength(requested.length);
  expect(new Set(fresh.map(({ runId }) => runId)).size).toBe(requested.length);
  expect(fresh.every(({ attempt }) => attempt === 1)).toBe(true);
  expect(new Set(fresh.map(({ worker }) => worker)).size).toBeGreaterThan(WORKERS / 2);
  const ends = await db.sql<{ state: string; count: number }>(
    `SELECT state, count(*)::int FROM run WHERE NOT is_live AND trigger = 'api' GROUP BY state`,
  );
  expect(ends).toEqual([{ state: 'succeeded', count: requested.length }]);
  // Fifty planners make one run a tick.
  const [ticks] = await db.sql<{ all: number; distinct: number }>(
    `SELECT count(*)::int AS all, count(DISTINCT scheduled_for)::int AS distinct
       FROM run WHERE job_id = $1::int AND trigger = 'tick'`,
    [ticking.id],
  );
  expect(ticks!.all).toBeGreaterThan(0);
  expect(ticks!.distinct).toBe(ticks!.all);
});

test('each has three connections, and at most one more, now and then, for history', () => {
  expect(most.lasting).toBeGreaterThanOrEqual(WORKERS * 2);
  expect(most.lasting).toBeLessThanOrEqual(WORKERS * CONNECTIONS_OF_ONE);
  expect(most.all).toBeLessThanOrEqual(WORKERS * (CONNECTIONS_OF_ONE + 1));
});
