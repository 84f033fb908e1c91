import path from 'node:path';
import { createPool, type Sql, sqlOf, transaction } from '#core/db.ts';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { insertRequestedRuns } from '#core/runs/request.sql.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { requestOf } from '#tests/support/requests.ts';
import { WORKER_FLAGS } from '#core/worker-flags.ts';
import { migrate } from '#prisma/migrate.ts';
import { type Contender, CRON_LINES, isTrue, type Producer } from '../contender.ts';

const BATCH = 5_000;

/** A script with one parameter, `n`, whose runs go side by side. */
const noOpJob = (sql: Sql, n: number, more: Partial<JobDefinitionInput> = {}) =>
  makeJob(
    { sql },
    {
      key: `no-op-${n}`,
      overlap: 'allow',
      mayRunTwice: true,
      parameters: [{ name: 'n', type: 'number', default: n }],
      ...more,
    },
  );

/** So many runs of one job, in bulk. */
export async function requestRuns(
  url: string,
  count: number,
  more: Partial<JobDefinitionInput> = {},
): Promise<void> {
  const pool = createPool({ url, max: 1, applicationName: 'benchmark' });
  const sql = sqlOf(pool);
  const [there] = await sql<{ most: number }>('SELECT coalesce(max(id), 0) AS most FROM job');
  const job = await noOpJob(sql, there!.most, more);
  for (let from = 0; from < count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, n) => from + n);
    await transaction(pool, (sql) =>
      insertRequestedRuns(
        sql,
        numbers.map((n) => requestOf(job, { n })),
      ),
    );
  }
  await pool.end();
}

/** Asks for runs of one job, each by one statement, as those of the peers and of the floor do. */
export async function openProducerOf(
  url: string,
  more: Partial<JobDefinitionInput> = {},
): Promise<Producer> {
  const pool = createPool({ url, max: 4, applicationName: 'benchmark' });
  const sql = sqlOf(pool);
  const job = await noOpJob(sql, 0, more);
  return {
    request: async (n) => void (await insertRequestedRuns(sql, [requestOf(job, { n })])),
    close: () => pool.end(),
  };
}

/** So many schedules of every minute, one or some in every millisecond of its first second. */
export const scheduleOverSecond = (url: string, count: number) =>
  scheduleEach(url, count, (n) => ({
    type: 'interval',
    everyMs: 60_000,
    anchor: new Date(Date.UTC(2026, 0, 1) + (n % 1_000)).toISOString(),
    timeZone: 'UTC',
  }));

async function scheduleEach(
  url: string,
  count: number,
  scheduleOf: (n: number) => Schedule,
): Promise<Readonly<Record<string, unknown>>> {
  const pool = createPool({ url, max: 4, applicationName: 'benchmark' });
  const sql = sqlOf(pool);
  for (let n = 0; n < count; n++) await noOpJob(sql, n, { schedule: scheduleOf(n) });
  await pool.end();
  return {};
}

/** As it ships. */
export const punctual: Contender = {
  name: 'Punctual',
  system: 'punctual',
  workerModule: path.join(import.meta.dirname, 'worker.ts'),
  flags: WORKER_FLAGS,
  settings: { PUNCTUAL_WORKER_QUEUES: 'default' },
  async prepare(url) {
    await migrate(url);
    const pool = createPool({ url, max: 1, applicationName: 'benchmark' });
    // The only setting: a queue with room for what the measures put in line. The others have no such limit.
    await pool.query('UPDATE queue SET max_running = 100000, max_waiting = 10000000');
    await pool.end();
  },
  fill: (url, count) => requestRuns(url, count),
  isDrained: (pool) =>
    isTrue(
      pool,
      `SELECT NOT EXISTS (SELECT FROM run_live WHERE state = 'queued' AND hold IS NULL AND queue = 'default')
          AND NOT EXISTS (SELECT FROM run_live WHERE state = 'running' AND queue = 'default') AS "isTrue"`,
    ),
  async schedule(url, count, how) {
    const schedule: Schedule = { type: 'cron', lines: [CRON_LINES[how]], timeZone: 'UTC' };
    return scheduleEach(url, count, () => schedule);
  },
  openProducer: (url) => openProducerOf(url),
};
