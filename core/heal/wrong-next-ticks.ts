import { coverageOfJobs } from '../blackouts/planning-blackouts.sql.ts';
import type { Sql } from '../db.ts';
import { readJobsAfterEnd } from '../jobs/after-end.sql.ts';
import { nextTickMs } from '../jobs/plan-after-end.ts';
import { countsFromEnd } from '../schedules/from-end.ts';
import { savedSchedule, scheduleIn } from '../schedules/saved-schedule.ts';
import type { JobToHeal } from './heal.sql.ts';

/** What comes within it is looked at by a worker in any case. */
const SOON_MS = 60_000;

/**
 * Of jobs whose ticks count from the end of their last run: what their rows should say of the next one, where they say a
 * later one, which nobody would look at before. By job.
 */
export async function findWrongNextTicks(
  sql: Sql,
  jobs: readonly JobToHeal[],
): Promise<Map<number, Date | null>> {
  const waiting = jobs.filter(
    ({ columns, nextTickAt, now }) =>
      columns.countsFromEnd &&
      nextTickAt !== null &&
      nextTickAt.getTime() > now.getTime() + SOON_MS,
  );
  if (waiting.length === 0) return new Map();
  const byId = new Map(waiting.map((job) => [job.jobId, job]));
  const coverageOf = await coverageOfJobs(sql, [...byId.keys()], waiting[0]!.now);
  const wrong = new Map<number, Date | null>();
  for (const facts of await readJobsAfterEnd(sql, [...byId.keys()])) {
    const { definition, nextTickAt } = byId.get(facts.jobId)!;
    const schedule = savedSchedule(scheduleIn(definition));
    if (!schedule || !countsFromEnd(schedule)) continue;
    try {
      const atMs = nextTickMs(facts, schedule, coverageOf(facts.jobId));
      if (atMs === null || nextTickAt!.getTime() > atMs) {
        wrong.set(facts.jobId, atMs === null ? null : new Date(atMs));
      }
    } catch {
      // A blackout that this version can't read: the follower says so in its log.
    }
  }
  return wrong;
}
