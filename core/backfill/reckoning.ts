import { reignsOf } from '../audit-ticks/stretches.ts';
import { savedFires } from '../schedules/saved-schedule.ts';
import type { Timing } from '../schedules/timing.ts';
import type { BackfillJob } from './job.sql.ts';

/** [fromMs, toMs) in which one schedule says when the job fires. */
export type Reckoned = {
  fromMs: number;
  toMs: number;
  timing: Timing;
  /** Before the job was there: its current schedule, reckoned backwards. */
  isBefore: boolean;
};

/**
 * By which schedules the occurrences in [fromMs, toMs) are reckoned, in order: each revision for as long as it was the
 * current one, so that they are those of the ledger, and the current one before the job was there.
 */
export function reckoned(job: BackfillJob, fromMs: number, toMs: number): Reckoned[] {
  const beginsMs = job.createdAt.getTime() + 1;
  const current = savedFires(job.schedule);
  const before: Reckoned[] =
    current === null || fromMs >= beginsMs
      ? []
      : [{ fromMs, toMs: Math.min(toMs, beginsMs), timing: current, isBefore: true }];
  const since = reignsOf({ ...job, deletedAt: null }, Math.max(fromMs, beginsMs), toMs).flatMap(
    ({ timing, ...reign }) =>
      timing === null ? [] : [{ fromMs: reign.fromMs, toMs: reign.toMs, timing, isBefore: false }],
  );
  return [...before, ...since];
}

/** The first `limit` occurrences after the cursor (null: from the beginning), in the direction asked for. */
export function occurrencesFrom(
  stretches: readonly Reckoned[],
  cursorMs: number | null,
  newestFirst: boolean,
  limit: number,
): number[] {
  return newestFirst
    ? before(stretches, cursorMs ?? Number.POSITIVE_INFINITY, limit)
    : after(stretches, cursorMs ?? Number.NEGATIVE_INFINITY, limit);
}

function after(stretches: readonly Reckoned[], cursorMs: number, limit: number): number[] {
  const found: number[] = [];
  for (const { fromMs, toMs, timing } of stretches) {
    if (toMs - 1 <= cursorMs) continue;
    let atMs = Math.max(fromMs - 1, cursorMs);
    while (found.length < limit) {
      const fire = timing.next(atMs);
      if (fire === null || fire.ms >= toMs) break;
      found.push(fire.ms);
      atMs = fire.ms;
    }
  }
  return found;
}

function before(stretches: readonly Reckoned[], cursorMs: number, limit: number): number[] {
  const found: number[] = [];
  for (const { fromMs, toMs, timing } of stretches.toReversed()) {
    if (fromMs >= cursorMs) continue;
    let untilMs = Math.min(toMs, cursorMs) - 1;
    while (found.length < limit) {
      const ms = timing.latest(fromMs - 1, untilMs);
      if (ms === null) break;
      found.push(ms);
      untilMs = ms - 1;
    }
  }
  return found;
}

/** How many there are, before the job was there and since; counted, never built. */
export function countOccurrences(stretches: readonly Reckoned[]): {
  before: number;
  since: number;
} {
  const counts = { before: 0, since: 0 };
  for (const { fromMs, toMs, timing, isBefore } of stretches) {
    counts[isBefore ? 'before' : 'since'] += timing.count(fromMs - 1, toMs - 1);
  }
  return counts;
}

/** Whether an instant is an occurrence. */
export function isOccurrence(stretches: readonly Reckoned[], ms: number): boolean {
  const stretch = stretches.find(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
  return stretch?.timing.next(ms - 1)?.ms === ms;
}
