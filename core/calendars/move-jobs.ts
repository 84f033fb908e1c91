import { auditAll } from '../audit/audit.ts';
import type { Actor } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { switchOpenGaps } from '../gaps/gaps.sql.ts';
import { takeTicksBack } from '../jobs/change-over.ts';
import { cancelledTicksFrom, carryCancelledTicks, lockJobs } from '../jobs/change-over.sql.ts';
import type { BusinessDays } from '../schedules/calendars/business-days.ts';
import { type Calendars, knownCalendars } from '../schedules/calendars/known.ts';
import { type CompiledSchedule, compileSchedule } from '../schedules/compile.ts';
import { nextFire } from '../schedules/fires.ts';
import { Schedule } from '../schedules/schedule.ts';
import {
  readJobsUsing,
  readJobsWithCancelledTicks,
  readSchedulesOf,
  repinJobs,
} from './calendars.sql.ts';

type NewRevision = {
  key: string;
  revision: number;
  /** What the new revision says: until it is committed nobody else may know it. */
  business: BusinessDays;
  note: string;
  isEverythingPaused: boolean;
};

/** Lets every job that uses a calendar fire by a new revision of it, as an edit of the job would. */
export async function moveJobsToRevision(
  sql: Sql,
  actor: Actor,
  { key, revision, business, note, isEverythingPaused }: NewRevision,
): Promise<{ jobs: string[]; ended: string[] }> {
  const using = await readJobsUsing(sql, key);
  const jobs = await lockJobs(
    sql,
    using.map(({ id }) => id),
  );
  if (jobs.length === 0) return { jobs: [], ended: [] };
  const ids = jobs.map(({ id }) => id);
  const from = await takeTicksBack(sql, jobs, { isEverythingPaused });
  const last = new Date(from.getTime() - 1);
  const calendars: Calendars = {
    get: (name, number) =>
      name === key && number === revision ? business : knownCalendars.get(name, number),
  };
  const schedules = new Map<number, CompiledSchedule>();
  for (const { jobId, schedule } of await readSchedulesOf(sql, ids)) {
    schedules.set(jobId, compiledWith(schedule, revision, calendars));
  }
  const next = jobs.map(({ id }) => ({
    jobId: id,
    nextTickAt: nextFire(schedules.get(id)!, last)?.at ?? null,
  }));
  const reason = note || `The calendar ${key} has a new revision, ${revision}.`;
  const repinned = await repinJobs(sql, next, { revision, note: reason, by: actor.name, last });
  const revisionOf = new Map(repinned.map(({ jobId, revision: number }) => [jobId, number]));
  for (const jobId of await readJobsWithCancelledTicks(sql, ids, from)) {
    const cancelled = await cancelledTicksFrom(sql, jobId, from);
    const kept = cancelled.filter((at) => firesAt(schedules.get(jobId)!, at));
    await carryCancelledTicks(sql, jobId, from, { revision: revisionOf.get(jobId)!, kept });
  }
  await switchOpenGaps(sql, ids, from);
  await auditAll(
    sql,
    actor,
    jobs.map((job) => ({
      action: 'job.edit',
      subject: `job:${job.key}`,
      before: { revision: job.revision, key: job.key },
      after: { revision: revisionOf.get(job.id)!, key: job.key, changed: ['schedule'] },
      reason,
    })),
  );
  await announce(sql, 'job', ids);
  await announce(sql, 'run');
  await signalWorkers(sql, 'plan');
  const ended = new Set(next.flatMap(({ jobId, nextTickAt }) => (nextTickAt ? [] : [jobId])));
  return {
    jobs: jobs.map((job) => job.key).toSorted(),
    ended: jobs.flatMap((job) => (ended.has(job.id) ? [job.key] : [])).toSorted(),
  };
}

function compiledWith(saved: unknown, revision: number, calendars: Calendars): CompiledSchedule {
  const schedule = Schedule.parse(saved);
  if (schedule.type === 'manual' || !schedule.calendar) return compileSchedule(schedule);
  const { calendar } = schedule;
  return compileSchedule({ ...schedule, calendar: { ...calendar, revision } }, calendars);
}

function firesAt(schedule: CompiledSchedule, at: Date): boolean {
  return nextFire(schedule, new Date(at.getTime() - 1))?.at.getTime() === at.getTime();
}
