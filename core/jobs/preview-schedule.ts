import { z } from 'zod';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { type JobAsTyped, readBlackoutsOver } from '../blackouts/planning-blackouts.sql.ts';
import { knowCalendars } from '../calendars/know-calendars.ts';
import { databaseNow } from '../database-now.ts';
import { sqlOf } from '../db.ts';
import { JobId } from '../ids.ts';
import { done, type Outcome } from '../outcome.ts';
import { prisma, webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { type Blackout, Coverage } from '../schedules/blackouts/coverage.ts';
import type { DifferenceAhead } from '../schedules/fire-counts.ts';
import { differenceAhead } from '../schedules/fire-difference.ts';
import { savedSchedule, scheduleIn } from '../schedules/saved-schedule.ts';
import { Schedule } from '../schedules/schedule.ts';
import { type Preview, upcomingTicks } from '../schedules/upcoming.ts';
import { completeOne } from './complete-definition.ts';
import { isJobFor } from './job-for.ts';

/** Whatever is typed: it needn’t be right yet. */
export const PreviewSchedule = z.record(z.string(), z.unknown());

const Placed = {
  /** The job that it would be saved for. */
  jobId: JobId.optional(),
  /** Where it would run, and what blackouts may look at. */
  queue: z.string().max(200).default(''),
  labels: z.record(z.string(), z.string()).default({}),
};

const Asked = z.object({
  ...Placed,
  /** What is typed. */
  schedule: Schedule,
  /** The job's key, which its place in a jitter is reckoned from. */
  key: z.string().max(64).default(''),
  days: z.number().int().min(1).max(31),
  ticks: z.number().int().min(1).max(50),
});

export type SchedulePreview = {
  ticks: Preview;
  /** Null for a new job. */
  difference: DifferenceAhead | null;
};

/** Null where it can't be read (yet), and a sentence where it can't be reckoned. */
export type ScheduleAnswer = SchedulePreview | { problem: string } | null;

/** What saving a schedule would do to the ticks ahead, reckoned with its calendar, which a browser doesn't have. */
export async function previewSchedule(
  actor: Actor,
  input: z.input<typeof Asked> | z.input<typeof PreviewSchedule>,
): Promise<Outcome<ScheduleAnswer>> {
  authorizeForSome(actor, 'job:read');
  const parsed = Asked.safeParse(input);
  if (!parsed.success) return done(null);
  const { schedule: typed, key, jobId, days, ticks, ...placed } = parsed.data;
  const sql = sqlOf(webPool());
  const now = await databaseNow(sql);
  const isOfJob = jobId !== undefined && (await isJobFor(sql, actor, 'job:read', jobId));
  const saved = isOfJob ? await currentSchedule(jobId) : null;
  await knowCalendars(sql, [saved]);
  const completed = await completeOne(sql, typed, { key, now, before: saved });
  if (!completed.ok) return done({ problem: completed.refusal.message });
  const edited = completed.value;
  const typedJob: JobAsTyped = { jobId: isOfJob ? jobId : null, ...placed };
  const coverage = new Coverage(await readBlackoutsOver(sql, typedJob, now));
  return done({
    ticks: upcomingTicks(edited, saved, now, ticks, { coverage }),
    difference: saved && differenceAhead(saved, edited, now, days, { coverage }),
  });
}

export const ReadTypedBlackouts = z.object(Placed);

/** The blackouts that would hit a job as it is typed, for whoever reckons its ticks where one types. */
export async function readTypedBlackouts(
  actor: Actor,
  input: z.input<typeof ReadTypedBlackouts>,
): Promise<Outcome<Blackout[]>> {
  authorizeForSome(actor, 'job:read');
  const parsed = ReadTypedBlackouts.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobId, ...typed } = parsed.data;
  const sql = sqlOf(webPool());
  const isOfJob = jobId !== undefined && (await isJobFor(sql, actor, 'job:read', jobId));
  return done(
    await readBlackoutsOver(
      sql,
      { jobId: isOfJob ? jobId : null, ...typed },
      await databaseNow(sql),
    ),
  );
}

async function currentSchedule(jobId: number): Promise<Schedule | null> {
  const job = await prisma().job.findUnique({ where: { id: jobId }, select: { revision: true } });
  if (!job) return null;
  const revision = await prisma().revision.findUnique({
    where: { jobId_number: { jobId, number: job.revision } },
    select: { definition: true },
  });
  return savedSchedule(scheduleIn(revision?.definition));
}
