import { z } from 'zod';
import { type Actor, authorize } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { done, type Outcome } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { checkTimeZone } from '../schedules/zone-names.ts';
import { zoneNamed } from '../schedules/zones.ts';
import type { QueueLoad } from './forecast.ts';
import type { Reckoned } from './reckoned.ts';
import { endOf } from './model.ts';
import { forecastNow } from './reckon.ts';
import { STRETCH_NAMES } from './stretches.ts';
import type { WorstMinute } from './worst-minutes.ts';

/** What comes, for a page. Instants are ISO 8601; lists of numbers go by bucket. */
export type ForecastView = {
  now: string;
  from: string;
  to: string;
  bucketMs: number;
  /** The reader's zone now, against UTC. */
  offsetMinutes: number;
  /** All queues first, then those in which something starts, by name. */
  queues: QueueLoad[];
  worst: (Omit<WorstMinute, 'atMs'> & { at: string })[];
  /** Everything is paused, until then; null in it: until somebody ends it. */
  pausedAll: { until: string | null } | null;
  /** What the numbers rest on. */
  pausedJobs: number;
  unreadableJobs: number;
  assumedJobs: number;
  countedJobs: number;
};

const TimeZone = z
  .string()
  .default('UTC')
  .refine((name) => checkTimeZone(name) === null, 'Give a time zone such as Europe/Berlin.');

export const ReadForecast = z.object({
  stretch: z
    .enum(STRETCH_NAMES, { error: `Choose a stretch: ${STRETCH_NAMES.join(', ')}.` })
    .default('24h'),
  /** The reader's, so that buckets begin where their hours do. */
  timeZone: TimeZone,
});

export async function readForecast(
  actor: Actor,
  input: z.input<typeof ReadForecast>,
): Promise<Outcome<ForecastView>> {
  authorize(actor, 'forecast:read');
  const parsed = ReadForecast.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const offsetMinutes = offsetOf(parsed.data.timeZone);
  const forecast = await forecastNow(sqlOf(webPool()), parsed.data.stretch, offsetMinutes);
  const { grid } = forecast.reckoned.input;
  return done({
    now: iso(forecast.nowMs),
    from: iso(grid.fromMs),
    to: iso(endOf(grid)),
    bucketMs: grid.bucketMs,
    offsetMinutes,
    queues: forecast.queues,
    worst: forecast.worst.map(({ atMs, ...minute }) => ({ ...minute, at: iso(atMs) })),
    pausedAll: forecast.pausedAll && {
      until: forecast.pausedAll.untilMs === null ? null : iso(forecast.pausedAll.untilMs),
    },
    pausedJobs: forecast.pausedJobs,
    unreadableJobs: forecast.unreadableJobs,
    assumedJobs: forecast.assumedJobs,
    countedJobs: forecast.countedJobs,
  });
}

/** Who starts in a part of the stretch, those that wait longest first. */
export type StartsView = { jobs: StartsOfJob[]; jobCount: number };

export type StartsOfJob = {
  key: string;
  queue: string;
  starts: number;
  /** Of those, left out since the run before still runs or waits. */
  overlapped: number;
  first: string;
  usualMs: number;
  longMs: number;
  isAssumed: boolean;
  waitMs: number;
  longWaitMs: number;
};

const MOST_STARTS = 100;

export const ReadStarts = ReadForecast.extend({
  /** Without it all queues. */
  queue: z.string().optional(),
  from: z.coerce.date({ error: 'Give an instant such as 2026-03-09T00:00:00Z.' }),
  to: z.coerce.date({ error: 'Give an instant such as 2026-03-09T00:05:00Z.' }),
});

export async function readStarts(
  actor: Actor,
  input: z.input<typeof ReadStarts>,
): Promise<Outcome<StartsView>> {
  authorize(actor, 'forecast:read');
  const parsed = ReadStarts.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { stretch, timeZone, queue, from, to } = parsed.data;
  const { reckoned } = await forecastNow(sqlOf(webPool()), stretch, offsetOf(timeZone));
  const jobs = startsIn(reckoned, queue ?? null, from.getTime(), to.getTime());
  return done({ jobs: jobs.slice(0, MOST_STARTS), jobCount: jobs.length });
}

export function startsIn(
  { input, starts, usual, long }: Reckoned,
  queue: string | null,
  fromMs: number,
  toMs: number,
): StartsOfJob[] {
  const found = new Map<number, StartsOfJob>();
  for (let start = firstFrom(starts.atMs, fromMs); start < starts.atMs.length; start++) {
    const atMs = starts.atMs[start]!;
    if (atMs >= toMs) break;
    const place = starts.job[start]!;
    const job = input.jobs[place]!;
    if (queue !== null && job.queue !== queue) continue;
    let own = found.get(place);
    if (!own) {
      const { key, queue: its, took } = job;
      const none = { starts: 0, overlapped: 0, waitMs: 0, longWaitMs: 0 };
      own = { key, queue: its, ...none, first: iso(atMs), ...took };
      found.set(place, own);
    }
    own.starts += starts.fires[start]!;
    if (Number.isNaN(usual.beganMs[start]!)) own.overlapped += starts.fires[start]!;
    own.waitMs = Math.max(own.waitMs, (usual.beganMs[start]! || 0) - atMs);
    own.longWaitMs = Math.max(own.longWaitMs, (long.beganMs[start]! || 0) - atMs);
  }
  return [...found.values()].toSorted(
    (a, b) => b.waitMs - a.waitMs || b.starts - a.starts || (a.key < b.key ? -1 : 1),
  );
}

/** The place of the first start at or after an instant. */
function firstFrom(atMs: Float64Array, fromMs: number): number {
  let [low, high] = [0, atMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (atMs[middle]! < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const offsetOf = (timeZone: string): number =>
  Math.round(zoneNamed(timeZone).stretchAt(Date.now()).offsetMs / 60_000);
const iso = (ms: number) => new Date(ms).toISOString();
