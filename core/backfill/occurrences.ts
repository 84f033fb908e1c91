import type { Sql } from '../db.ts';
import { outcomeOfRun } from '../runs/outcomes.ts';
import type { BackfillJob } from './job.sql.ts';
import { type OccurrenceFacts, readOccurrenceFacts } from './occurrences.sql.ts';
import { occurrencesFrom, type Reckoned } from './reckoning.ts';
import { type BackfillRule, isChosen, type Occurrence } from './words.ts';

/** What a look through occurrences found, and how far it went. */
export type Look = {
  found: Occurrence[];
  /** The last occurrence that was looked at; the cursor where there was none. */
  lookedToMs: number | null;
  /** There are none beyond. */
  isAtEnd: boolean;
};

export type Search = {
  rule: BackfillRule;
  /** Under `pick`: the occurrences, epoch ms, in order of time. */
  picked: readonly number[];
  newestFirst: boolean;
  /** Exclusive; null: from the beginning. */
  cursorMs: number | null;
  /** So many are wanted. */
  limit: number;
  /** So many are looked at: where hardly any is chosen the look goes on another time. */
  most: number;
  backfillId: number | null;
};

const SMALLEST_BATCH = 50;
const LARGEST_BATCH = 2_000;

/** Looks from a cursor on for occurrences that are chosen, in batches that grow as long as nothing is found. */
export async function lookThrough(
  sql: Sql,
  job: BackfillJob,
  stretches: readonly Reckoned[],
  search: Search,
): Promise<Look> {
  const { rule, newestFirst, limit, most, backfillId } = search;
  const found: Occurrence[] = [];
  let lookedToMs = search.cursorMs;
  let batch = Math.max(SMALLEST_BATCH, limit);
  for (let looked = 0; looked < most;) {
    const instants = next(stretches, search, lookedToMs, Math.min(batch, most - looked));
    if (instants.length === 0) return { found, lookedToMs, isAtEnd: true };
    const occurrences = await describe(sql, job, stretches, instants, backfillId);
    for (const occurrence of occurrences) {
      lookedToMs = occurrence.ms;
      if (!isChosen(rule, occurrence)) continue;
      found.push(occurrence);
      if (found.length < limit) continue;
      const isAtEnd = next(stretches, search, lookedToMs, 1).length === 0;
      return { found, lookedToMs, isAtEnd };
    }
    looked += instants.length;
    batch = Math.min(LARGEST_BATCH, batch * 4);
  }
  const isAtEnd = next(stretches, { picked: search.picked, rule, newestFirst }, lookedToMs, 1);
  return { found, lookedToMs, isAtEnd: isAtEnd.length === 0 };
}

function next(
  stretches: readonly Reckoned[],
  { rule, picked, newestFirst }: Pick<Search, 'rule' | 'picked' | 'newestFirst'>,
  cursorMs: number | null,
  limit: number,
): number[] {
  if (rule !== 'pick') return occurrencesFrom(stretches, cursorMs, newestFirst, limit);
  const inOrder = newestFirst ? picked.toReversed() : picked;
  const from =
    cursorMs === null
      ? 0
      : inOrder.findIndex((ms) => (newestFirst ? ms < cursorMs : ms > cursorMs));
  return from === -1 ? [] : inOrder.slice(from, from + limit);
}

/** What became of occurrences, in the order given. */
export async function describe(
  sql: Sql,
  job: BackfillJob,
  stretches: readonly Reckoned[],
  instants: readonly number[],
  backfillId: number | null = null,
): Promise<Occurrence[]> {
  const [first, last] = [instants[0]!, instants.at(-1)!];
  const facts = await readOccurrenceFacts(
    sql,
    job.jobId,
    Math.min(first, last),
    Math.max(first, last),
    backfillId,
  );
  return described(job, stretches, instants, facts);
}

/** The same from what the ledger says. */
export function described(
  job: Pick<BackfillJob, 'plannedUntil' | 'isPaused' | 'isEverythingPaused'>,
  stretches: readonly Reckoned[],
  instants: readonly number[],
  facts: OccurrenceFacts,
): Occurrence[] {
  const ticks = new Map(facts.ticks.map((tick) => [tick.ms, tick]));
  const standIns = new Map(facts.standIns.map((one) => [one.ms, one]));
  const isPlanned = !job.isPaused && !job.isEverythingPaused;
  const plannedUntilMs = isPlanned ? job.plannedUntil.getTime() : Number.POSITIVE_INFINITY;
  const beforeMs = stretches.find(({ isBefore }) => isBefore)?.toMs ?? Number.NEGATIVE_INFINITY;
  return instants.map((ms) => {
    const tick = ticks.get(ms);
    const standIn = standIns.get(ms);
    const gap = facts.gaps.find(({ fromMs, toMs }) => fromMs <= ms && (toMs === null || ms < toMs));
    // Cancelled ahead of time, and then its time passed in a pause: it is one of the pause's.
    const own = tick && !(gap && tick.isAhead) ? tick : undefined;
    let outcome: Occurrence['outcome'];
    if (own) outcome = outcomeOfRun(own);
    else if (gap) outcome = outcomeOf(gap, standIn?.hasBegun === true);
    else if (ms < beforeMs) outcome = 'before';
    else outcome = ms > plannedUntilMs ? 'unplanned' : 'unrecorded';
    const cover = own ? null : (gap?.cover ?? null);
    const isCovered = own?.skipReason === 'covered' || cover === 'succeeded';
    const isLive = own?.state === 'queued' || own?.state === 'running';
    return {
      ms,
      outcome,
      runId: own?.runId ?? null,
      hasSuccess: own?.state === 'succeeded' || isCovered || standIn?.hasSucceeded === true,
      isToCome: isLive || outcome === 'unplanned' || cover === 'live' || standIn?.isLive === true,
      isOwn: standIn?.isOwn === true,
    };
  });
}

function outcomeOf(
  { reason, cover }: OccurrenceFacts['gaps'][number],
  isMadeUp: boolean,
): Occurrence['outcome'] {
  if (isMadeUp || cover === 'succeeded' || cover === 'failed') return 'gap: made up';
  return reason === 'held' && cover === 'live' ? 'held: blackout' : `gap: ${reason}`;
}
