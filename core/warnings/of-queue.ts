import { fires } from '../schedules/fires.ts';
import { offsetAt } from '../schedules/wall-instant.ts';
import { DAY_MS, type Facts, HOUR_MS, MINUTE_MS, type Start } from './facts.ts';
import type { Warning } from './warning.ts';

/** A job that fires oftener meets others whatever one does. */
const OFTEN_A_DAY = 24 * 12;
/** So many others in one minute are worth a word even where the queue has room for them. */
const CROWD = 10;
const MOST_NAMED = 5;

/** Other jobs of its queue start in the same minute, more than it has room for. */
export function collides({
  schedule,
  nowMs,
  aheadMs,
  queue,
  others,
  known,
}: Facts): Extract<Warning, { key: 'collides' }> | null {
  const most = (OFTEN_A_DAY * aheadMs) / DAY_MS;
  const own = firesAhead(schedule, nowMs, aheadMs, most + 1);
  if (own.length === 0 || own.length > most) return null;
  const crowd = jobsByMinute(others);
  const worst = own.toSorted((a, b) => sizeOf(crowd, b) - sizeOf(crowd, a) || a - b)[0]!;
  const jobs = sizeOf(crowd, worst);
  if (jobs < queue.slots && jobs < CROWD) return null;
  if (jobs === 0) return null;
  const free = freestMinute(own, crowd, timeZoneOf(schedule.schedule));
  return {
    key: 'collides',
    queue: queue.name,
    slots: queue.slots,
    at: new Date(minuteOf(worst)).toISOString(),
    jobs,
    named: [...(crowd.get(minuteOf(worst)) ?? [])]
      .filter((key) => known === null || known.has(key))
      .toSorted()
      .slice(0, MOST_NAMED),
    minute: free !== null && free.jobs < jobs ? free.minute : null,
    jobsThen: free?.jobs ?? jobs,
  };
}

type Crowd = ReadonlyMap<number, ReadonlySet<string>>;

/** Whose runs start in a minute; of jobs that were only counted nobody knows it. */
function jobsByMinute(others: Facts['others']): Crowd {
  const crowd = new Map<number, Set<string>>();
  for (const { atMs, key, fires: own } of others) {
    if (own !== 1) continue;
    const minute = minuteOf(atMs);
    const known = crowd.get(minute);
    if (known) known.add(key);
    else crowd.set(minute, new Set([key]));
  }
  return crowd;
}

const minuteOf = (ms: number) => Math.floor(ms / MINUTE_MS) * MINUTE_MS;
const sizeOf = (crowd: Crowd, ms: number) => crowd.get(minuteOf(ms))?.size ?? 0;

/** Where in their hours all fires together would meet fewest; null where they don't stand at one minute of the hour. */
function freestMinute(own: readonly number[], crowd: Crowd, timeZone: string) {
  const shiftMs = own.map((ms) => (((ms + offsetAt(ms, timeZone)) % HOUR_MS) + HOUR_MS) % HOUR_MS);
  const now = Math.floor(shiftMs[0]! / MINUTE_MS);
  if (shiftMs.some((ms) => Math.floor(ms / MINUTE_MS) !== now)) return null;
  let best = { minute: now, jobs: Number.POSITIVE_INFINITY };
  // Those after it first: moving later is what people do.
  for (let step = 1; step < 60; step++) {
    const minute = (now + step) % 60;
    const jobs = Math.max(...own.map((ms) => sizeOf(crowd, ms + (minute - now) * MINUTE_MS)));
    if (jobs < best.jobs) best = { minute, jobs };
  }
  return best;
}

/** In some hour ahead more run time would be due than the queue's slots have. */
export function overCapacity({
  schedule,
  nowMs,
  aheadMs,
  queue,
  others,
  took,
  overlap,
}: Facts): Extract<Warning, { key: 'over_capacity' }> | null {
  const mine = { key: '', fires: 1, usualMs: took.usualMs, isExclusive: overlap !== 'allow' };
  const own = neededByHour(
    firesAhead(schedule, nowMs, aheadMs, MOST_OWN).map((atMs) => ({ atMs, ...mine })),
    { nowMs, aheadMs },
  );
  if (own.every((ms) => ms === 0)) return null;
  const theirs = neededByHour(others, { nowMs, aheadMs });
  const haveMs = queue.slots * HOUR_MS;
  const needed = theirs.map((ms, hour) => ms + own[hour]!);
  const hit = needed.map((ms, hour) => (own[hour]! > 0 ? ms : 0));
  const worst = hit.indexOf(Math.max(...hit));
  if (hit[worst]! <= haveMs) return null;
  const most = Math.max(...own);
  const freest = theirs.indexOf(Math.min(...theirs));
  return {
    key: 'over_capacity',
    queue: queue.name,
    slots: queue.slots,
    at: new Date(nowMs + worst * HOUR_MS).toISOString(),
    neededMs: needed[worst]!,
    haveMs,
    ownMs: own[worst]!,
    isAssumed: took.isAssumed,
    roomAt:
      theirs[freest]! + most <= haveMs ? new Date(nowMs + freest * HOUR_MS).toISOString() : null,
  };
}

const MOST_OWN = 100_000;

/** Run time that is due in each hour; a job that never runs beside itself takes an hour of an hour at most. */
function neededByHour(
  starts: readonly Start[],
  { nowMs, aheadMs }: Pick<Facts, 'nowMs' | 'aheadMs'>,
): number[] {
  const hours = Array.from({ length: Math.ceil(aheadMs / HOUR_MS) }, () => 0);
  const ofJob = new Map<string, number>();
  for (const { atMs, key, fires: number, usualMs, isExclusive } of starts) {
    const hour = Math.floor((atMs - nowMs) / HOUR_MS);
    if (hour < 0 || hour >= hours.length) continue;
    const name = `${hour} ${key}`;
    const soFar = ofJob.get(name) ?? 0;
    const room = isExclusive ? Math.max(0, HOUR_MS - soFar) : Number.POSITIVE_INFINITY;
    const ms = Math.min(number * usualMs, room);
    ofJob.set(name, soFar + ms);
    hours[hour]! += ms;
  }
  return hours;
}

function firesAhead(
  schedule: Facts['schedule'],
  nowMs: number,
  aheadMs: number,
  limit: number,
): number[] {
  const until = new Date(nowMs + aheadMs);
  return [...fires(schedule, { after: new Date(nowMs), until, limit })].map(({ at }) =>
    at.getTime(),
  );
}

const timeZoneOf = (schedule: Facts['schedule']['schedule']) =>
  schedule.type === 'manual' ? 'UTC' : schedule.timeZone;
