import { z } from 'zod';
import { type Actor, authorize } from '../auth/permissions.ts';
import { knowCalendars } from '../calendars/know-calendars.ts';
import { sqlOf } from '../db.ts';
import { JobId } from '../ids.ts';
import { done, type Outcome } from '../outcome.ts';
import { prisma, webPool } from '../prisma.ts';
import type { FireDifference } from '../schedules/fire-counts.ts';
import { differenceAhead } from '../schedules/fire-difference.ts';
import { savedSchedule } from '../schedules/saved-schedule.ts';
import { Schedule } from '../schedules/schedule.ts';
import { type Preview, upcomingTicks } from '../schedules/upcoming.ts';
import { completeOne } from './complete-definition.ts';

/** Whatever is typed: it needn’t be right yet. */
export const PreviewSchedule = z.record(z.string(), z.unknown());

const Asked = z.object({
  /** What is typed. */
  schedule: Schedule,
  /** The job's key, which its place in a jitter is reckoned from. */
  key: z.string().max(64).default(''),
  /** The job that it would be saved for. */
  jobId: JobId.optional(),
  days: z.number().int().min(1).max(31),
  ticks: z.number().int().min(1).max(50),
});

export type SchedulePreview = {
  ticks: Preview;
  /** Null for a new job. */
  difference: FireDifference | null;
};

/** Null where it can't be read (yet), and a sentence where it can't be reckoned. */
export type ScheduleAnswer = SchedulePreview | { problem: string } | null;

/** What saving a schedule would do to the ticks ahead, reckoned with its calendar, which a browser doesn't have. */
export async function previewSchedule(
  actor: Actor,
  input: z.input<typeof Asked> | z.input<typeof PreviewSchedule>,
): Promise<Outcome<ScheduleAnswer>> {
  authorize(actor, 'job:read');
  const parsed = Asked.safeParse(input);
  if (!parsed.success) return done(null);
  const { schedule: typed, key, jobId, days, ticks } = parsed.data;
  const now = new Date();
  const sql = sqlOf(webPool());
  const saved = jobId === undefined ? null : await currentSchedule(jobId);
  await knowCalendars(sql, [saved]);
  const completed = await completeOne(sql, typed, { key, now, before: saved });
  if (!completed.ok) return done({ problem: completed.refusal.message });
  const edited = completed.value;
  return done({
    ticks: upcomingTicks(edited, saved, now, ticks),
    difference: saved && differenceAhead(saved, edited, now, days),
  });
}

async function currentSchedule(jobId: number): Promise<Schedule | null> {
  const job = await prisma().job.findUnique({ where: { id: jobId }, select: { revision: true } });
  if (!job) return null;
  const revision = await prisma().revision.findUnique({
    where: { jobId_number: { jobId, number: job.revision } },
    select: { definition: true },
  });
  return savedSchedule((revision?.definition as { schedule?: unknown } | undefined)?.schedule);
}
