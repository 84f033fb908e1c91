import { z } from 'zod';
import { type Actor, type Scope, scopeOf } from '../auth/permissions.ts';
import { briefly } from '../briefly.ts';
import { done, type Outcome } from '../outcome.ts';
import { jobIdsIn } from '../jobs/job-for.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import type { RunState } from '../runs/states.ts';
import { startsOfDays } from '../schedules/days-of-zone.ts';
import { checkTimeZone } from '../schedules/zone-names.ts';
import { inSnapshot } from '../snapshot.ts';
import { readWorst } from './overview.sql.ts';
import { countRunsOf } from './counted-runs.ts';

/** A day of the reader's, by `scheduledFor`. */
export type DayOfWeek = {
  /** ISO 8601: its first instant. */
  from: string;
  to: string;
  /** Runs that ended on their own: they succeeded, failed, timed out or were lost. */
  ran: number;
  failed: number;
  skipped: number;
  cancelled: number;
  isEstimate: boolean;
  /** The job with most bad ends, and how the latest of them ended. */
  worst: {
    jobKey: string;
    runs: number;
    state: 'failed' | 'timed_out' | 'lost';
    cause: string | null;
    runId: number;
  } | null;
};

export const ReadWeek = z.object({
  timeZone: z
    .string()
    .default('UTC')
    .refine((name) => checkTimeZone(name) === null, 'Give a time zone such as Europe/Berlin.'),
});

const DAYS = 7;
// Kept for a while, so that it may take longer: some 500 ms.
const LIMITS = { inIndex: 3_000_000, inRows: 20_000 };

/** The seven whole days before today, the latest first. */
export async function readWeek(
  actor: Actor,
  input: z.input<typeof ReadWeek> = {},
): Promise<Outcome<DayOfWeek[]>> {
  const scope = scopeOf(actor, 'run:read');
  const parsed = ReadWeek.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  return done(await readWeekOnce(JSON.stringify([parsed.data.timeZone, scope])));
}

const readWeekOnce = briefly(
  (asked: string) =>
    inSnapshot(async (sql, now): Promise<DayOfWeek[]> => {
      const [timeZone, scope] = JSON.parse(asked) as [string, Scope];
      const jobIds = await jobIdsIn(sql, scope);
      const edges = startsOfDays(timeZone, now, DAYS);
      const counts = await countRunsOf(sql, jobIds, edges, LIMITS);
      const worst = await readWorst(sql, edges, jobIds);
      const days = edges.slice(0, -1).map((from, day) => {
        const own = counts.filter(({ bucket }) => bucket === day);
        const count = (...states: RunState[]) =>
          own.reduce((sum, { state, count: runs }) => sum + (states.includes(state) ? runs : 0), 0);
        const failed = count('failed', 'timed_out', 'lost');
        const { day: _day, ...ofDay } = worst.find((one) => one.day === day) ?? { day };
        return {
          from: from.toISOString(),
          to: edges[day + 1]!.toISOString(),
          ran: count('succeeded') + failed,
          failed,
          skipped: count('skipped'),
          cancelled: count('cancelled'),
          isEstimate: own.some(({ isEstimate }) => isEstimate),
          worst: 'jobKey' in ofDay ? ofDay : null,
        };
      });
      return days.toReversed();
    }),
  // Days that are over hardly change.
  { times: 200, mostMs: 60_000 },
);
