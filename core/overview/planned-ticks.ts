import { setImmediate as breathe } from 'node:timers/promises';
import type { Scope } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import type { CompiledSchedule } from '../schedules/compile.ts';
import { countFires, fires } from '../schedules/fires.ts';
import { savedFires } from '../schedules/saved-schedule.ts';
import { readActiveSchedules, readSchedulesVersion } from './overview.sql.ts';

/** `scope`: of which jobs. */
type Ahead = { fromMs: number; bucketMs: number; lengthMs: number; scope: Scope };
type Planned = { at: string; ticks: number }[];

/** More fires than these in all buckets are counted by the bucket instead of one by one. */
const MOST_ONE_BY_ONE = 100;
const JOBS_A_BREATH = 200;

/** By scope. */
const kept = new Map<string, { key: string; whole: number[] }>();
const MOST_KEPT = 50;

/**
 * How many ticks come, by bucket from `fromMs`; of the first bucket only what comes after `now`. The buckets are reckoned
 * once for a quarter of an hour and a state of the schedules: 10,000 jobs take some 200 ms of CPU.
 */
export async function plannedTicks(sql: Sql, now: Date, ahead: Ahead): Promise<Planned> {
  const { scope } = ahead;
  const key = `${ahead.fromMs} ${await readSchedulesVersion(sql, scope)}`;
  const active = await readActiveSchedules(sql, scope);
  const schedules = active.flatMap(({ savedSchedule: saved }) => savedFires(saved) ?? []);
  // Of what counts from the end of runs one tick each is known, and changes with each run.
  const known = active.flatMap(({ knownTickAt }) => knownTickAt?.getTime() ?? []);
  const [, ...rest] = await wholeBuckets(key, schedules, ahead);
  const firstEnd = new Date(ahead.fromMs + ahead.bucketMs - 1);
  const first = schedules.reduce((sum, schedule) => sum + countFires(schedule, now, firstEnd), 0);
  return [first, ...rest].map((ticks, n) => {
    const fromMs = ahead.fromMs + n * ahead.bucketMs;
    const here = known.filter((ms) => ms >= fromMs && ms < fromMs + ahead.bucketMs);
    return { at: new Date(fromMs).toISOString(), ticks: ticks + here.length };
  });
}

async function wholeBuckets(
  key: string,
  schedules: readonly CompiledSchedule[],
  ahead: Ahead,
): Promise<readonly number[]> {
  const scope = JSON.stringify(ahead.scope);
  const known = kept.get(scope);
  if (known?.key === key) return known.whole;
  const whole = await reckon(schedules, ahead);
  kept.delete(scope);
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!);
  kept.set(scope, { key, whole });
  return whole;
}

async function reckon(schedules: readonly CompiledSchedule[], ahead: Ahead): Promise<number[]> {
  const buckets = Array.from({ length: ahead.lengthMs / ahead.bucketMs }, () => 0);
  for (const [index, schedule] of schedules.entries()) {
    addFires(buckets, schedule, ahead);
    if (index % JOBS_A_BREATH === JOBS_A_BREATH - 1) await breathe();
  }
  return buckets;
}

function addFires(
  buckets: number[],
  schedule: CompiledSchedule,
  { fromMs, bucketMs, lengthMs }: Ahead,
): void {
  const after = new Date(fromMs - 1);
  const until = new Date(fromMs + lengthMs - 1);
  if (countFires(schedule, after, until) <= MOST_ONE_BY_ONE) {
    for (const { at } of fires(schedule, { after, until })) {
      buckets[Math.floor((at.getTime() - fromMs) / bucketMs)]! += 1;
    }
    return;
  }
  for (const n of buckets.keys()) {
    const start = fromMs + n * bucketMs;
    buckets[n]! += countFires(schedule, new Date(start - 1), new Date(start + bucketMs - 1));
  }
}
