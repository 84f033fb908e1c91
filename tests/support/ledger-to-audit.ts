import { beforeAll, beforeEach } from 'vitest';
import { auditTicks, type AuditedJob } from '#core/audit-ticks/audit-ticks.ts';
import { createJob } from '#core/jobs/create-job.ts';
import { pauseJobs, resumeJobs } from '#core/jobs/pause-jobs.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { createGapCounter } from '#worker/gap-counter.ts';
import { holdClock, type TestClock } from './clock.ts';
import { testDefinition } from './jobs.ts';
import { valueOf } from './outcomes.ts';
import { planAll, silent, testPlanner } from './planning.ts';
import { admin, viewer, webDatabase } from './web.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

// A planner plans what comes within half of what it looks ahead.
const STEP_MS = 2 * MINUTE_MS;

export const every = (everyMs: number): Schedule => ({
  type: 'interval',
  everyMs,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
});

export const hourOf = (instant: Date) => Math.floor(instant.getTime() / HOUR_MS) * HOUR_MS;

/** A job as a person makes it, and when. */
export type AuditedTestJob = Awaited<ReturnType<ReturnType<typeof ledgerToAudit>['newJob']>>;

/**
 * A database of the file's own with a clock that stands still, in which jobs live for a while and are then audited. Each
 * test begins just after a whole hour, so that ticks come at even times and none at the very moment of a look.
 */
export function ledgerToAudit() {
  const web = webDatabase();
  let clock: TestClock;
  beforeAll(async () => {
    clock = await holdClock(web.db(), new Date('2027-03-01T08:00:00.000Z'));
  });
  beforeEach(() => clock.set(new Date(hourOf(clock.now()) + HOUR_MS + 5)));

  const plan = () => planAll(testPlanner(web.db().pool));
  const countGaps = () => createGapCounter({ pool: web.db().pool, logger: silent }).runOnce();
  const sql = (text: string, values: unknown[] = []) => web.db().sql(text, values);
  return { web, sql, plan, countGaps, clock: () => clock, newJob, live, pauseFor };

  async function newJob(schedule: Schedule, overrides: Parameters<typeof testDefinition>[0] = {}) {
    const definition = testDefinition({ schedule, overlap: 'allow', ...overrides });
    const { jobId: id, key } = valueOf(await createJob(admin, definition));
    return { id, key, definition, from: clock.now() };
  }

  /** Time passes, while planners plan and workers run what is due. */
  async function live(job: { id: number }, ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      await planAll(testPlanner(web.db().pool, 2 * STEP_MS));
      await clock.advance(Math.min(left, STEP_MS));
      await sql(
        `UPDATE run SET is_live = false, state = 'succeeded', attempt = 1, worker_id = 1, started_at = now(),
                finished_at = now()
          WHERE is_live AND job_id = $1 AND state = 'queued' AND hold IS NULL AND due_at <= now()`,
        [job.id],
      );
    }
  }

  async function pauseFor(job: { id: number }, ms: number): Promise<void> {
    valueOf(await pauseJobs(admin, { jobIds: [job.id] }));
    await clock.advance(ms);
    valueOf(await resumeJobs(admin, { jobIds: [job.id] }));
    await countGaps();
  }
}

/** So long after the whole hour at which a job's test began. */
export const at = (job: { from: Date }, ms: number) =>
  new Date(hourOf(job.from) + ms).toISOString();

/** What the audit says of one job, from its beginning up to now. */
export async function audit({ key, from }: { key: string; from: Date }): Promise<AuditedJob> {
  const asked = { key, from: new Date(from.getTime() - 1) };
  const { jobs } = valueOf(await auditTicks(viewer, asked));
  if (jobs.length !== 1) throw new Error(`${jobs.length} jobs were audited.`);
  return jobs[0]!;
}
