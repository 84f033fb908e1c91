import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { auditTicks } from '#core/audit-ticks/audit-ticks.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { createJob } from '#core/jobs/create-job.ts';
import { deleteJob } from '#core/jobs/delete-job.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { testDefinition } from '#tests/support/jobs.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { until } from '#tests/support/wait.ts';
import { admin, webDatabase } from '#tests/support/web.ts';
import { startWorker, type TestWorker } from '#tests/support/worker.ts';

/** More of both when this is asked to say something of a larger installation. */
const JOBS = Number(process.env['AUDITED_JOBS'] ?? 40);
const SECONDS = Number(process.env['AUDITED_SECONDS'] ?? 20);

const web = webDatabase();
const any = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)]!;

const interval = (): Schedule => ({
  type: 'interval',
  // As many ticks a second, however many jobs there are.
  everyMs: (1_000 + Math.floor(Math.random() * 3_000)) * Math.max(1, Math.round(JOBS / 40)),
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
});

test(
  'rules 1 and 2: while workers are killed and people edit, pause and delete at random, every tick is accounted for',
  async () => {
    const jobs = new Map<number, { revision: number; key: string }>();
    for (let n = 0; n < JOBS; n++) {
      const overlap = any(['allow', 'skip', 'queue_one'] as const);
      const definition = testDefinition({ schedule: interval(), overlap, mayRunTwice: true });
      const { jobId, key } = valueOf(await createJob(admin, definition));
      jobs.set(jobId, { revision: 1, key });
    }
    const [clock] = await web.db().sql<{ now: Date }>('SELECT now()');
    const from = new Date(clock!.now.getTime() - 60_000);
    const workers: TestWorker[] = await Promise.all([startWorker(web.db()), startWorker(web.db())]);
    const endsAtMs = performance.now() + SECONDS * 1_000;
    let kills = 0;
    while (performance.now() < endsAtMs) {
      await changeSomething(jobs);
      // The audit holds at any time, also in the middle of it all.
      if (Math.random() < 0.1) await expectEven(from);
      if (Math.random() < 0.05) {
        kills++;
        await workers.shift()!.kill();
        workers.push(await startWorker(web.db()));
      }
      // A random point of whatever is going on: this waits for nothing.
      await pause(Math.random() * 200);
    }
    await resumeEverything(admin);
    valueOf(await resumeJobs(admin, { jobIds: [...jobs.keys()] }));
    await until(async () => (await web.db().sql<{ id: number | null }>(FIRST_SUCCESS))[0]?.id, {
      timeoutMs: 30_000,
      what: 'a tick that succeeded',
    });
    const { expected, buckets } = await expectEven(from);
    expect(expected).toBeGreaterThan(SECONDS * 4);
    // Control: one run less, and it is noticed.
    const gone = await web
      .db()
      .sql(`DELETE FROM run WHERE NOT is_live AND id = (${FIRST_SUCCESS}) RETURNING id`);
    expect(gone).toHaveLength(1);
    expect(valueOf(await auditTicks(admin, { from })).isEven).toBe(false);
    if ('AUDITED_JOBS' in process.env)
      console.warn(JSON.stringify({ jobs: JOBS, seconds: SECONDS, kills, expected, ...buckets }));
  },
  SECONDS * 3_000 + 120_000,
);

const FIRST_SUCCESS = `SELECT min(id) AS id FROM run WHERE trigger = 'tick' AND state = 'succeeded'`;

async function changeSomething(jobs: Map<number, { revision: number; key: string }>) {
  const [id, job] = any([...jobs]);
  const what = Math.random();
  if (what < 0.3) {
    const definition = testDefinition({ key: job.key, schedule: interval(), overlap: 'allow' });
    const edit = { jobId: id, basedOnRevision: job.revision, definition };
    job.revision = valueOf(await editJob(admin, edit)).revision;
  } else if (what < 0.4) {
    valueOf(await pauseJobs(admin, { jobIds: [id] }));
  } else if (what < 0.9) {
    valueOf(await resumeJobs(admin, { jobIds: [...jobs.keys()] }));
  } else if (what < 0.92) {
    await pauseEverything(admin, { reason: 'test' });
  } else if (what < 0.98) {
    await resumeEverything(admin);
  } else if (jobs.size > JOBS / 2) {
    valueOf(await deleteJob(admin, { jobId: id, confirmKey: job.key }));
    jobs.delete(id);
  }
}

async function expectEven(from: Date) {
  const audit = valueOf(await auditTicks(admin, { from }));
  expect(audit.jobs.filter(({ isEven }) => !isEven)).toEqual([]);
  return audit.sum;
}
