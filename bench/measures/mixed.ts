import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { createPool, type Sql, sqlOf } from '#core/db.ts';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { makeJob } from '#tests/support/jobs.ts';
import type { Measure } from '../measure.ts';
import { percentile } from '../percentile.ts';
import { readFirstPages } from '../punctual/first-page.ts';
import { punctual } from '../punctual/punctual.ts';
import { loadWorker } from '../worker-process.ts';

const PARTS = 5;
const MINUTE_MS = 60_000;

const everySeconds = (seconds: number): JobDefinitionInput['schedule'] => ({
  type: 'interval',
  everyMs: seconds * 1_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
});

/** About 60 runs a second: no-ops, commands that write 200 lines, and commands that fail and are tried again. */
const JOBS: readonly { count: number; seconds: number; more: Partial<JobDefinitionInput> }[] = [
  { count: 100, seconds: 2, more: { parameters: [{ name: 'n', type: 'number', default: 0 }] } },
  { count: 10, seconds: 5, more: { work: { kind: 'command', program: 'seq', args: ['200'] } } },
  {
    count: 10,
    seconds: 10,
    more: {
      work: { kind: 'command', program: 'false' },
      retry: { backoff: 'fixed', maxAttempts: 3, delayMs: 1_000 },
    },
  },
];

/**
 * Schedules, retries, logs and a reader of the console at once, for half an hour (two minutes with --quick): the first fifth
 * of it and the last one side by side, between which nothing should drift. Every tick has to have its row.
 */
export const mixed = ({ isQuick }: { isQuick: boolean }): Measure => ({
  name: 'mixed',
  unit: (figure) => (figure.startsWith('worker') ? 'MB' : 'ms'),
  better: 'less',
  rounds: 1,
  entrants: [
    {
      name: punctual.name,
      prepare: punctual.prepare,
      async once({ url, pool }) {
        const own = createPool({ url, max: 2, applicationName: 'benchmark' });
        for (const { count, seconds, more } of JOBS) {
          for (let n = 0; n < count; n++) await makeJobEvery(sqlOf(own), seconds, more);
        }
        const worker = await loadWorker(punctual, url);
        await worker.start();
        const partMs = ((isQuick ? 2 : 30) * MINUTE_MS) / PARTS;
        const figures: Record<string, number>[] = [];
        for (let part = 0; part < PARTS; part++) {
          const from = new Date();
          const pages: number[] = [];
          while (Date.now() < from.getTime() + partMs) {
            pages.push(...(await readFirstPages(url)));
            await pause(1_000);
          }
          await worker.starts();
          const lags = await lagsSince(pool, from);
          figures.push({
            'lag p50': percentile(lags, 50),
            'lag p99': percentile(lags, 99),
            'first page p99': percentile(pages, 99),
            'worker’s memory': (await worker.use()).residentBytes / 1e6,
          });
        }
        await expectEveryTick(pool);
        await worker.end();
        await own.end();
        const [first, last] = [figures[0]!, figures.at(-1)!];
        return Object.fromEntries(
          Object.keys(first).flatMap((name) => [
            [`${name}, first fifth`, first[name]!],
            [`${name}, last fifth`, last[name]!],
          ]),
        );
      },
    },
  ],
});

const makeJobEvery = (sql: Sql, seconds: number, more: Partial<JobDefinitionInput>) =>
  makeJob(
    { sql },
    { schedule: everySeconds(seconds), overlap: 'allow', mayRunTwice: true, ...more },
  );

/** From each tick to the start of its first attempt, ms. */
async function lagsSince(pool: pg.Pool, from: Date): Promise<number[]> {
  const { rows } = await pool.query<{ ms: number }>(
    `SELECT (extract(epoch FROM a.started_at - a.due_at) * 1000)::float8 AS ms
       FROM attempt a JOIN run r ON r.id = a.run_id AND r.scheduled_for = a.scheduled_for
      WHERE a.number = 1 AND r.trigger = 'tick' AND a.due_at >= $1`,
    [from],
  );
  return rows.map(({ ms }) => ms);
}

/** @throws where a tick between the creation of its job and 5 s ago has no row */
async function expectEveryTick(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ key: string; missing: string[] }>(
    `SELECT j.key, array_agg(t.at::text) AS missing
       FROM job j JOIN revision v ON v.job_id = j.id AND v.number = j.revision
      CROSS JOIN LATERAL (
        SELECT '2026-01-01T00:00:00Z'::timestamptz + n * every.span AS at
          FROM (SELECT (v.definition -> 'schedule' ->> 'everyMs')::bigint * interval '1 millisecond' AS span) AS every,
               generate_series(
                 floor(extract(epoch FROM j.created_at - '2026-01-01T00:00:00Z') / extract(epoch FROM every.span))::bigint + 1,
                 floor(extract(epoch FROM now() - interval '5 s' - '2026-01-01T00:00:00Z') / extract(epoch FROM every.span))::bigint
               ) AS n
      ) AS t
      WHERE NOT EXISTS (
        SELECT FROM run r WHERE r.job_id = j.id AND r.scheduled_for = t.at AND r.trigger = 'tick')
      GROUP BY j.key`,
  );
  if (rows.length > 0) throw new Error(`Ticks without a row: ${JSON.stringify(rows)}`);
}
