import { coveragesToShow } from '../blackouts/planning-blackouts.sql.ts';
import { knowCalendars } from '../calendars/know-calendars.ts';
import type { Sql } from '../db.ts';
import { nextStartAfter } from '../schedules/blackouts/tick-in-blackout.ts';
import { savedFires } from '../schedules/saved-schedule.ts';

/** When a job really starts whose next tick falls in a blackout. */
export type NextStart = {
  /** The blackout's name. */
  blackout: string;
  tickAt: Date;
  /** Null: none within sight. */
  startsAt: Date | null;
};

export type JobWithNext = {
  id: number;
  nextTickAt: Date | null;
  /** Of its revision, as saved. */
  schedule: unknown;
};

/**
 * Of jobs whose next tick falls in a blackout, when a run starts all the same; by id, the others are left out. Costs one
 * statement over an empty table where there is no blackout.
 */
export async function nextStarts(
  sql: Sql,
  jobs: readonly JobWithNext[],
  now: Date,
): Promise<Map<number, NextStart>> {
  const coverageOf = await coveragesToShow(
    sql,
    jobs.map(({ id }) => id),
    now,
  );
  const resting = jobs.flatMap((job) => {
    const coverage = coverageOf(job.id);
    if (coverage.isEmpty || job.nextTickAt === null) return [];
    const part = coverage.partAt(job.nextTickAt.getTime());
    return part ? [{ ...job, tickAt: job.nextTickAt, coverage, blackout: part.blackout.name }] : [];
  });
  await knowCalendars(
    sql,
    resting.map(({ schedule }) => schedule),
  );
  return new Map(
    resting.flatMap(({ id, schedule, tickAt, coverage, blackout }) => {
      const fires = savedFires(schedule);
      if (fires === null) return [];
      const startMs = nextStartAfter(fires, coverage, tickAt.getTime());
      const startsAt = startMs === null ? null : new Date(startMs);
      return [[id, { blackout, tickAt, startsAt }] as const];
    }),
  );
}
