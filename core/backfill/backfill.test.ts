import { describe, expect, test } from 'vitest';
import type { BackfillJob } from './job.sql.ts';
import type { OccurrenceFacts } from './occurrences.sql.ts';
import { described } from './occurrences.ts';
import { dueTimes, estimateMs, LOOKAHEAD_MS, roomFor } from './pace.ts';
import { countOccurrences, isOccurrence, occurrencesFrom, reckoned } from './reckoning.ts';
import { isChosen } from './words.ts';

const MINUTE_MS = 60_000;
const every = (minutes: number) => ({
  type: 'interval',
  everyMs: minutes * MINUTE_MS,
  anchor: '1970-01-01T00:00:00Z',
  timeZone: 'UTC',
});
const at = (minute: number) => new Date(minute * MINUTE_MS);

/** Made at minute 100 to fire every 10 minutes; edited at minute 155 to fire every 20. */
const job: BackfillJob = {
  jobId: 1,
  key: 'job',
  createdAt: at(100),
  isDeleted: false,
  isPaused: false,
  isEverythingPaused: false,
  plannedUntil: at(200),
  revision: 2,
  definition: {},
  schedule: every(20),
  revisions: [
    { number: 1, savedAt: at(100), schedule: every(10) },
    { number: 2, savedAt: at(155), schedule: every(20) },
  ],
  now: at(205),
};
const minutes = (instants: readonly number[]) => instants.map((ms) => ms / MINUTE_MS);

describe('which occurrences there are', () => {
  const stretches = reckoned(job, at(60).getTime(), at(201).getTime());

  test('before the job those of its current schedule, since then those of each revision', () => {
    const all = [60, 80, 100, 110, 120, 130, 140, 150, 160, 180, 200];
    expect(minutes(occurrencesFrom(stretches, null, false, 99))).toEqual(all);
    expect(minutes(occurrencesFrom(stretches, null, true, 99))).toEqual(all.toReversed());
    expect(countOccurrences(stretches)).toEqual({ before: 3, since: 8 });
  });

  test('page by page in either direction, each once', () => {
    for (const newestFirst of [false, true]) {
      const paged: number[] = [];
      for (let cursor: number | null = null; ;) {
        const page = occurrencesFrom(stretches, cursor, newestFirst, 3);
        paged.push(...page);
        if (page.length < 3) break;
        cursor = page.at(-1)!;
      }
      expect(paged).toEqual(occurrencesFrom(stretches, null, newestFirst, 99));
    }
  });

  test('an instant is one where the schedule of its time fires', () => {
    expect(isOccurrence(stretches, at(130).getTime())).toBe(true);
    // The schedule of before fired then, and that of later didn't.
    expect(isOccurrence(stretches, at(170).getTime())).toBe(false);
    expect(isOccurrence(stretches, at(220).getTime())).toBe(false);
  });
});

describe('what became of them', () => {
  const stretches = reckoned(job, at(60).getTime(), at(221).getTime());
  const facts = (more: Partial<OccurrenceFacts>): OccurrenceFacts => ({
    ticks: [],
    standIns: [],
    gaps: [],
    ...more,
  });
  const of = (minute: number, more: Partial<OccurrenceFacts> = {}, of = job) =>
    described(of, stretches, [at(minute).getTime()], facts(more))[0]!;
  const tick = (state: 'succeeded' | 'failed' | 'queued', isAhead = false) => ({
    ms: at(130).getTime(),
    runId: 7,
    state,
    isStarted: state !== 'queued',
    hold: null,
    skipReason: null,
    isAhead,
  });
  const standIn = (more: object) => ({
    ms: at(130).getTime(),
    hasSucceeded: false,
    hasBegun: true,
    isLive: false,
    isOwn: false,
    ...more,
  });
  const gap = (cover: OccurrenceFacts['gaps'][number]['cover'] = null) => ({
    fromMs: at(120).getTime(),
    toMs: at(140).getTime(),
    reason: 'paused' as const,
    cover,
  });

  test.each([
    ['a run that failed', { ticks: [tick('failed')] }, 'failed', true],
    ['a run that succeeded', { ticks: [tick('succeeded')] }, 'succeeded', false],
    ['a run that waits', { ticks: [tick('queued')] }, 'queued', false],
    ['a gap', { gaps: [gap()] }, 'gap: paused', true],
    ['a gap that a run covered', { gaps: [gap('succeeded')] }, 'gap: made up', false],
    ['a gap whose covering run failed', { gaps: [gap('failed')] }, 'gap: made up', true],
    ['a gap whose covering run is to come', { gaps: [gap('live')] }, 'gap: paused', false],
    [
      'a failed run that was made good',
      { ticks: [tick('failed')], standIns: [standIn({ hasSucceeded: true })] },
      'failed',
      false,
    ],
    [
      'a stand-in that failed too',
      { gaps: [gap()], standIns: [standIn({})] },
      'gap: made up',
      true,
    ],
    [
      'a stand-in that runs',
      { gaps: [gap()], standIns: [standIn({ isLive: true })] },
      'gap: made up',
      false,
    ],
    ['nothing', {}, 'unrecorded', true],
  ])('%s', (_, more, outcome, isWithoutSuccess) => {
    const occurrence = of(130, more);
    expect(occurrence.outcome).toBe(outcome);
    expect(isChosen('without_success', occurrence)).toBe(isWithoutSuccess);
    expect(isChosen('all', occurrence)).toBe(true);
  });

  test('before the job, and beyond what is planned', () => {
    expect(of(80)).toMatchObject({ outcome: 'before', isToCome: false });
    expect(of(220)).toMatchObject({ outcome: 'unplanned', isToCome: true });
  });

  test('one that this backfill has made a run for is never chosen again', () => {
    const occurrence = of(130, { standIns: [standIn({ isOwn: true })] });
    expect(isChosen('all', occurrence)).toBe(false);
    expect(isChosen('pick', occurrence)).toBe(false);
  });
});

describe('how fast', () => {
  const pace = { now: at(10), nextDueAt: at(10), perMinute: 60, atOnce: 10, live: 0, inQueue: 100 };

  test('by the rate, its own limit and the queue, whichever lets fewest', () => {
    expect(roomFor(pace)).toBe(LOOKAHEAD_MS / 1_000 + 1);
    expect(roomFor({ ...pace, live: 9 })).toBe(1);
    expect(roomFor({ ...pace, live: 12 })).toBe(0);
    expect(roomFor({ ...pace, inQueue: -3 })).toBe(0);
    expect(roomFor({ ...pace, nextDueAt: at(11) })).toBe(0);
    expect(roomFor({ ...pace, perMinute: 6_000, atOnce: 100 })).toBe(100);
  });

  test('what was let pass isn’t made up for', () => {
    const { due, next } = dueTimes({ ...pace, nextDueAt: at(1) }, 3);
    expect(due.map((date) => date.getTime() - pace.now.getTime())).toEqual([0, 1_000, 2_000]);
    expect(next.getTime() - pace.now.getTime()).toBe(3_000);
  });

  test('it takes as long as its rate or its runs ask for', () => {
    expect(estimateMs(0, { ...pace, medianMs: null })).toBe(0);
    expect(estimateMs(61, { ...pace, medianMs: 500 })).toBe(60_500);
    expect(estimateMs(61, { ...pace, atOnce: 1, medianMs: 2_000 })).toBe(122_000);
  });
});
