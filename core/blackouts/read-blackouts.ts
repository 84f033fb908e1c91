import { z } from 'zod';
import { type Actor, authorize, scopeOf } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { BlackoutId, fromAddress } from '../ids.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { type BlackoutEffect, BlackoutTimes } from '../schedules/blackouts/blackout-times.ts';
import { Coverage } from '../schedules/blackouts/coverage.ts';
import { windowsOf } from '../schedules/blackouts/windows.ts';
import { readSavedBlackouts, type SavedBlackoutRow } from './read-blackouts.sql.ts';
import { BlackoutScope } from './scope.ts';

/** [from, to), ISO 8601. */
export type WindowView = { from: string; to: string };

export type BlackoutSummary = {
  id: number;
  name: string;
  note: string;
  effect: BlackoutEffect;
  times: BlackoutTimes;
  scope: BlackoutScope;
  /** Of a scope of jobs: which they are by now, those that aren't deleted. */
  scopeJobs: { id: number; key: string }[];
  /** More of them, which the actor may not know of: neither `scopeJobs` nor `scope` has them. */
  hiddenJobs: number;
  version: number;
  createdBy: string;
  /** Jobs that it hits, and how many of them have a schedule. */
  jobs: number;
  scheduledJobs: number;
  /** The window that is on; `to` is null where it has no end. */
  now: { from: string; to: string | null } | null;
  /** The first one that is to come. */
  next: WindowView | null;
  /** The last window that was on, where none is on or to come. */
  last: WindowView | null;
  /** Who ended the window early that would be on now. */
  ended: { at: string; by: string; until: string } | null;
};

const DAY_MS = 86_400_000;
/** Every weekly window comes again within so long, also where a clock jumps over one of them. */
const LOOK_AHEAD_MS = 22 * DAY_MS;

/** Those that are on first, then those to come by their beginning, then those that have passed, the latest first. */
export async function listBlackouts(actor: Actor): Promise<BlackoutSummary[]> {
  authorize(actor, 'blackout:read');
  const rows = await readSavedBlackouts(sqlOf(webPool()), null, scopeOf(actor, 'job:read'));
  return rows.flatMap((row) => summaryOf(row) ?? []).toSorted(byTime);
}

export const ReadBlackout = z.object({ id: fromAddress(BlackoutId) });

export async function readBlackout(
  actor: Actor,
  input: z.input<typeof ReadBlackout>,
): Promise<Outcome<BlackoutSummary>> {
  authorize(actor, 'blackout:read');
  const parsed = ReadBlackout.safeParse(input);
  const [row] = parsed.success
    ? await readSavedBlackouts(sqlOf(webPool()), parsed.data.id, scopeOf(actor, 'job:read'))
    : [undefined];
  const summary = row && summaryOf(row);
  return summary ? done(summary) : refuse('not_found', 'There is no such blackout.');
}

/** Null where this version can't read what it says. */
function summaryOf({ now, times, scope, idleUntil, endedAt, endedBy, ...row }: SavedBlackoutRow) {
  const readTimes = BlackoutTimes.safeParse(times);
  const readScope = BlackoutScope.safeParse(scope);
  if (!readTimes.success || !readScope.success) return null;
  const blackout = { ...row, times: readTimes.data, idleUntil };
  const nowMs = now.getTime();
  const isEnded = idleUntil !== null && idleUntil.getTime() > nowMs;
  const summary: BlackoutSummary = {
    ...row,
    times: readTimes.data,
    scope: shownScope(readScope.data, row),
    now: windowNow(new Coverage([blackout]), nowMs),
    next: nextWindow(blackout.times, Math.max(nowMs, idleUntil?.getTime() ?? 0)),
    last: null,
    ended: isEnded
      ? { at: endedAt!.toISOString(), by: endedBy ?? '', until: idleUntil.toISOString() }
      : null,
  };
  if (!summary.now && !summary.next && readTimes.data.type === 'once') {
    const { from, to } = readTimes.data;
    summary.last = { from, to: endedAt && endedAt.toISOString() < to ? endedAt.toISOString() : to };
  }
  return summary;
}

function shownScope(scope: BlackoutScope, row: Pick<SavedBlackoutRow, 'hiddenJobs' | 'scopeJobs'>) {
  if (scope.type !== 'jobs' || row.hiddenJobs === 0) return scope;
  return { ...scope, jobIds: row.scopeJobs.map(({ id }) => id) };
}

function windowNow(coverage: Coverage, nowMs: number): BlackoutSummary['now'] {
  const endMs = coverage.freeFrom(nowMs);
  if (endMs === nowMs) return null;
  const fromMs = coverage.stretchBegin(nowMs, nowMs - 400 * DAY_MS) ?? nowMs;
  const to = Number.isFinite(endMs) ? new Date(endMs).toISOString() : null;
  return { from: new Date(fromMs).toISOString(), to };
}

function nextWindow(times: BlackoutTimes, afterMs: number): WindowView | null {
  for (const { fromMs, toMs } of windowsOf(times, afterMs, afterMs + LOOK_AHEAD_MS)) {
    if (fromMs > afterMs) return viewOf(fromMs, toMs);
  }
  if (times.type === 'weekly' || Date.parse(times.from) <= afterMs) return null;
  return viewOf(Date.parse(times.from), Date.parse(times.to));
}

const viewOf = (fromMs: number, toMs: number): WindowView => ({
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

function byTime(a: BlackoutSummary, b: BlackoutSummary): number {
  const rank = ({ now, next }: BlackoutSummary) => (now ? 0 : next ? 1 : 2);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (a.now && b.now) return (a.now.to ?? '9').localeCompare(b.now.to ?? '9');
  if (a.next && b.next) return a.next.from.localeCompare(b.next.from);
  return (b.last?.to ?? '').localeCompare(a.last?.to ?? '') || b.id - a.id;
}
