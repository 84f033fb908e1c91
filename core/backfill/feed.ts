import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { type EarlierValues, sensitiveIn } from '../jobs/hidden-parameters.ts';
import type { Outcome } from '../outcome.ts';
import { requestOf } from '../runs/request-of.ts';
import type { RequestedRun } from '../runs/request.sql.ts';
import { type BackfillRow, lockBackfillToFeed, setBackfillState } from './backfill.sql.ts';
import { readRoom, recordFeed, type Room, settleIfEnded } from './feed.sql.ts';
import { type BackfillJob, readBackfillJob } from './job.sql.ts';
import { lookThrough } from './occurrences.ts';
import { dueTimes, LOOKAHEAD_MS, roomFor } from './pace.ts';
import { reckoned } from './reckoning.ts';
import type { Occurrence } from './words.ts';

export type Fed = {
  runs: number;
  /** It has ended. */
  isOver: boolean;
  /** When to look again, ms; null: when one of its runs has ended, or at the next look of the duty. */
  nextInMs: number | null;
};

/** A pass looks at so many occurrences at most; where none of them is chosen the next pass goes on there. */
const MOST_LOOKED_AT = 20_000;
const NOTHING: Fed = { runs: 0, isOver: false, nextInMs: null };

/**
 * One pass of one backfill, in the open transaction: makes as many runs as its rate, its own limit and the queue let, or
 * ends it when the last has ended. Never more of its runs wait than run at once.
 */
export async function feedBackfill(sql: Sql, id: number): Promise<Fed> {
  const backfill = await lockBackfillToFeed(sql, id);
  if (backfill === null) return { ...NOTHING, nextInMs: 200 };
  if (backfill.state === 'cancelled' || backfill.isAllMade) return settle(sql, backfill);
  if (backfill.state !== 'running') return NOTHING;
  const job = (await readBackfillJob(sql, backfill.jobId, backfill.from, backfill.to))!;
  const made = requestFor({ ...backfill, sensitive: sensitiveIn(backfill.givenTo) }, job);
  if (!made.ok) return stop(sql, backfill, made.refusal.message);
  const room = await readRoom(sql, id, made.value.definition.queue);
  if (room.isEverythingPaused) return NOTHING;
  const places = roomFor({ ...backfill, ...room });
  if (places === 0) return { ...NOTHING, nextInMs: waitMs(backfill, room) };
  return makeRuns(sql, backfill, job, made.value, room, places);
}

async function makeRuns(
  sql: Sql,
  backfill: BackfillRow,
  job: BackfillJob,
  run: RequestedRun,
  room: Room,
  places: number,
): Promise<Fed> {
  const { id, rule, newestFirst, cursorAt, picked } = backfill;
  const stretches = reckoned(job, backfill.from.getTime(), backfill.to.getTime());
  const look = await lookThrough(sql, job, stretches, {
    rule,
    picked: picked.map((at) => at.getTime()),
    newestFirst,
    cursorMs: cursorAt?.getTime() ?? null,
    limit: places,
    most: MOST_LOOKED_AT,
    backfillId: id,
  });
  const { due, next } = dueTimes({ ...backfill, now: room.now }, look.found.length);
  const runs = await recordFeed(sql, {
    id,
    from: cursorAt,
    to: look.lookedToMs === null ? null : new Date(look.lookedToMs),
    isAllMade: look.isAtEnd,
    nextDueAt: next,
    run,
    priority: priorityOf(backfill, run),
    ticks: look.found.map((occurrence: Occurrence, n) => ({
      at: new Date(occurrence.ms),
      dueAt: due[n]!,
    })),
  });
  if (runs > 0) {
    await announce(sql, 'run');
    await signalWorkers(sql, 'look');
  }
  if (look.isAtEnd && runs === 0) return settle(sql, { ...backfill, isAllMade: true });
  const isSearching = !look.isAtEnd && look.found.length < places;
  return { runs, isOver: false, nextInMs: isSearching ? 0 : LOOKAHEAD_MS / 2 };
}

async function settle(sql: Sql, { id, jobId }: BackfillRow): Promise<Fed> {
  const isOver = await settleIfEnded(sql, id);
  if (isOver) {
    await announce(sql, 'run');
    await announce(sql, 'job', [jobId]);
  }
  return { ...NOTHING, isOver };
}

/** Punctual itself stops it, and says why: a person mends the job or the parameters, and lets it go on. */
async function stop(sql: Sql, { id, jobId }: BackfillRow, problem: string): Promise<Fed> {
  await setBackfillState(sql, id, { state: 'paused', by: 'Punctual', problem });
  await announce(sql, 'run');
  await announce(sql, 'job', [jobId]);
  return NOTHING;
}

/** What its runs have in common, by the job's current revision. */
export function requestFor(
  {
    parameters,
    sensitive,
    reason,
    createdBy,
  }: Pick<BackfillRow, 'parameters' | 'reason' | 'createdBy'> & Pick<EarlierValues, 'sensitive'>,
  job: BackfillJob,
): Outcome<RequestedRun> {
  return requestOf({ kind: 'system', name: createdBy }, job, null, {
    trigger: 'backfill',
    note: reason,
    earlier: { values: parameters, sensitive },
  });
}

function priorityOf({ givesWay }: BackfillRow, { definition }: RequestedRun): number {
  return givesWay ? Math.max(-2, definition.priority - 1) : definition.priority;
}

function waitMs({ nextDueAt, atOnce }: BackfillRow, { now, live, inQueue }: Room): number | null {
  // The end of one of its own runs wakes the duty; a queue that is full is looked at again.
  if (live >= atOnce) return null;
  if (inQueue <= 0) return 1_000;
  return Math.max(0, nextDueAt.getTime() - now.getTime() - LOOKAHEAD_MS);
}
