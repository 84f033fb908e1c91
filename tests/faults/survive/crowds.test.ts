import { appendFileSync, readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { serve } from '#tests/support/servers.ts';
import { until } from '#tests/support/wait.ts';
import type { TestWorker } from '#tests/support/worker.ts';
import { fault, IS_ALL } from '../fault.ts';

fault(22, { all: 6 }, async (world) => {
  await world.steadyJobs();
  const everySeconds = IS_ALL ? 10 : 5;
  await Promise.all(
    Array.from({ length: 40 }, () => world.job({ everySeconds, beats: 0, mayRunTwice: false })),
  );
  // Look ahead for a moment only, so that each crowd is planned when all of them look. One starts after the other:
  // eight programs that load at once take longer than a machine with little to spare may.
  const ahead = { PUNCTUAL_PLAN_AHEAD_MS: '2000', PUNCTUAL_POLL_MS: '200' };
  const workers: TestWorker[] = [];
  for (let count = 0; count < 8; count++) workers.push(await world.worker(ahead));
  for (let round = 0; round < world.rounds; round++) {
    await world.during(() => world.live(2 * everySeconds * 1_000));
  }
  const planners = workers.filter((worker) => ticksPlannedBy(worker) > 0).length;
  if (planners < 2) world.finds(`of 8 planners ${planners} planned anything`);
  world.notes.push(`${planners} of 8 workers planned ticks`);
  for (const worker of workers) if (worker.errors()) world.finds(worker.errors());
});

/** As its debug log tells. */
function ticksPlannedBy({ log }: TestWorker): number {
  return log
    .filter(({ msg, duty }) => msg === 'duty did' && duty === 'planner')
    .reduce((sum, line) => sum + Number(line['ticks'] ?? 0), 0);
}

const MOST_RSS_MB = 400;

fault(26, { all: 1, minutes: 20 }, async (world) => {
  const most = IS_ALL ? 100_000 : 1_000;
  // What the crowd calls writes the record itself: a process each would measure the machine's forks.
  const server = await serve((request, response) => {
    const [, job, run, attempt, tick] = request.url!.split('/').map(decodeURIComponent);
    const line = `${job} ${run} ${attempt} 0 ${tick}`;
    const now = Date.now();
    appendFileSync(world.recordFile, `${line} start ${now}\n${line} end ${now}\n`);
    response.end();
  });
  await world.db.sql(
    `INSERT INTO queue (name, max_running, max_waiting, default_timeout_ms) VALUES ('crowd', 500, 1000000, 3600000)`,
  );
  await world.steadyJobs();
  const jobs = await Promise.all(
    Array.from({ length: 20 }, () =>
      world.job({
        work: { kind: 'http', url: `${server.origin}/{{job_key}}/{{run_id}}/{{attempt}}/{{tick}}` },
        queue: 'crowd',
        mayRunTwice: false,
      }),
    ),
  );
  const environment = {
    PUNCTUAL_HTTP_ALLOW: '127.0.0.1',
    PUNCTUAL_WORKER_SLOTS: '50',
    PUNCTUAL_LOG_LEVEL: 'info',
  };
  const workers = await Promise.all(
    Array.from({ length: IS_ALL ? 3 : 2 }, () => world.worker(environment)),
  );
  await world.live(world.ms(20_000));
  const memory = watchMemory(workers);
  const before = performance.now();
  await world.during(async () => {
    // All in one moment, as a day's first second or a resume of everything makes them.
    await world.db.sql(
      `INSERT INTO run (scheduled_for, job_id, revision, trigger, requested_by, queue, kind, priority, overlap, due_at, covers)
       SELECT now(), j.id, 1, 'manual', 'Test', 'crowd', 'http', 0, 'allow', now(), true
         FROM unnest($1::int[]) AS j (id) CROSS JOIN generate_series(1, $2::int)`,
      [jobs.map(({ id }) => id), most / jobs.length],
    );
    await until(
      async () => {
        const [row] = await world.db.sql<{ live: number }>(
          `SELECT count(*) AS live FROM run_live WHERE queue = 'crowd'`,
        );
        return row?.live === 0;
      },
      { timeoutMs: IS_ALL ? 900_000 : 200_000, everyMs: 500, what: 'the end of the crowd' },
    );
  });
  const tookS = (performance.now() - before) / 1_000;
  const mostMb = memory.stop();
  if (mostMb > MOST_RSS_MB) world.finds(`a worker grew to ${mostMb} MB`);
  const [lag] = await world.db.sql<{ p50: number; p99: number }>(
    `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY lag) AS p50, percentile_cont(0.99) WITHIN GROUP (ORDER BY lag) AS p99
       FROM (SELECT extract(epoch FROM attempt.started_at - run.scheduled_for) AS lag FROM attempt JOIN run ON run.id = attempt.run_id
              WHERE run.queue <> 'crowd' AND attempt.number = 1) AS beside`,
  );
  world.notes.push(
    `${most} runs in ${tookS.toFixed(0)} s, ${Math.round(most / tookS)} a second; the largest worker had ${mostMb} MB; ` +
      `steady jobs beside them began ${lag!.p50.toFixed(2)} s after they were due (p50), ${lag!.p99.toFixed(2)} s (p99)`,
  );
});

/** The most resident memory that any of these processes has until it is stopped, MB. */
function watchMemory(workers: readonly TestWorker[]): { stop(): number } {
  let most = 0;
  const look = () => {
    for (const { pid } of workers) {
      const [, kb] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      most = Math.max(most, Number(kb ?? 0) / 1_024);
    }
  };
  const timer = setInterval(look, 250);
  onTestFinished(() => clearInterval(timer));
  return {
    stop() {
      look();
      clearInterval(timer);
      return Math.round(most);
    },
  };
}
