import { z } from 'zod';
import { checkCronLines, neverFires } from './check-schedule.ts';
import { CronShape, DatesShape, IntervalShape, ManualShape, MAX_LINES } from './schedule-shape.ts';

const CronSchedule = CronShape.superRefine(
  ({ lines, dialect }, context) => {
    for (const { path, message } of checkCronLines(lines, dialect, ANY_DAY)) {
      context.addIssue({ code: 'custom', path: ['lines', ...path], message });
    }
  },
  // Also when another field is wrong, so that all is said at once.
  { when: ({ value }) => hasLines(value) },
);

/** When a job runs by itself. Every message is a sentence that names the field, what is allowed and the next step. */
export const Schedule = z
  .discriminatedUnion('type', [CronSchedule, IntervalShape, DatesShape, ManualShape], {
    error: 'Choose a kind of schedule: cron, interval, dates or manual.',
  })
  .superRefine(
    (schedule, context) => {
      const problem = schedule.type === 'manual' ? null : checkBounds(schedule);
      if (problem) context.addIssue({ code: 'custom', ...problem });
    },
    { when: ({ issues }) => issues.length === 0 },
  );
export type Schedule = z.output<typeof Schedule>;

function checkBounds(schedule: Exclude<Schedule, { type: 'manual' }>) {
  const { startsAt, endsAt } = schedule;
  if (startsAt === undefined && endsAt === undefined) return null;
  if (
    startsAt !== undefined &&
    endsAt !== undefined &&
    Date.parse(endsAt) <= Date.parse(startsAt)
  ) {
    const message = 'The end doesn’t come after the start. Give a later end, or an earlier start.';
    return { path: ['endsAt'], message };
  }
  if (!neverFires(schedule)) return null;
  const message =
    'The schedule never fires between its start and its end. Give a later end or an earlier start, or change its times.';
  return { path: [endsAt === undefined ? 'startsAt' : 'endsAt'], message };
}

function hasLines(value: unknown): boolean {
  const { lines } = (value ?? {}) as { lines?: unknown };
  return Array.isArray(lines) && lines.length <= MAX_LINES;
}

// Whether a line's days ever come doesn't depend on the year that one begins to look in, so the schema needs no clock.
const ANY_DAY = new Date(Date.UTC(1970, 0, 1));
