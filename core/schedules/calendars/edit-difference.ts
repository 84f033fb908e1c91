import type { CompiledSchedule } from '../compile.ts';
import { fires } from '../fires.ts';
import type { BusinessDays } from './business-days.ts';

/** Which fires another calendar takes from a schedule and gives to it. */
export type EditDifference = {
  vanish: number;
  fresh: number;
  /** The first of both, in order; ms since 1970. */
  first: readonly { atMs: number; sign: 'vanishes' | 'fresh' }[];
};

const DAY_MS = 86_400_000;
/** A day of a zone, and its jitter, reach so far into the days of UTC around it. */
const REACH_DAYS = 2;
/** Of a day with more fires only the numbers are compared: no calendar moves single ones of them. */
const MOST_COMPARED = 3_000;
/** Fires that are looked at one by one, for all schedules of one question: some 0.2 s. */
export const MOST_STEPS = 100_000;
const MOST_FIRST = 5;

/**
 * What changes in (after, until] when one schedule takes the place of another that differs from it in its calendar
 * alone. Compared by the day: a quarter of a year of seconds takes milliseconds.
 * @param isAffected which days of UTC can differ at all, counted from 1970-01-01
 * @param steps how many fires may still be looked at one by one; when none is left, numbers alone are compared
 */
export function editDifference(
  before: CompiledSchedule,
  next: CompiledSchedule,
  { after, until }: { after: Date; until: Date },
  isAffected: (day: number) => boolean,
  steps: { left: number } = { left: MOST_STEPS },
): EditDifference {
  let vanish = 0;
  let fresh = 0;
  const first: { atMs: number; sign: 'vanishes' | 'fresh' }[] = [];
  const lastDay = Math.floor(until.getTime() / DAY_MS);
  for (let day = Math.floor(after.getTime() / DAY_MS); day <= lastDay; day++) {
    if (!isAffected(day)) continue;
    const fromMs = Math.max(after.getTime(), day * DAY_MS - 1);
    const toMs = Math.min(until.getTime(), (day + 1) * DAY_MS - 1);
    const was = before.count(fromMs, toMs);
    const will = next.count(fromMs, toMs);
    if (was === 0 && will === 0) continue;
    const range = { after: new Date(fromMs), until: new Date(toMs) };
    if (was === 0 || will === 0) {
      vanish += was;
      fresh += will;
      const [one, sign] = was === 0 ? ([next, 'fresh'] as const) : ([before, 'vanishes'] as const);
      for (const { at } of fires(one, {
        ...range,
        limit: Math.max(0, MOST_FIRST - first.length),
      })) {
        first.push({ atMs: at.getTime(), sign });
      }
      continue;
    }
    if (was + will > Math.min(MOST_COMPARED, steps.left)) {
      vanish += Math.max(0, was - will);
      fresh += Math.max(0, will - was);
      // The days come in order, so what is found first stands first.
      if (was !== will && first.length < MOST_FIRST) {
        const sign = was > will ? 'vanishes' : 'fresh';
        first.push({ atMs: firstUnlike(before, next, fromMs, toMs), sign });
      }
      continue;
    }
    steps.left -= was + will;
    const wasAt = [...fires(before, range)].map(({ at }) => at.getTime());
    const willAt = [...fires(next, range)].map(({ at }) => at.getTime());
    const gone = missingIn(willAt, wasAt);
    const come = missingIn(wasAt, willAt);
    vanish += gone.length;
    fresh += come.length;
    first.push(
      ...gone.slice(0, MOST_FIRST).map((atMs) => ({ atMs, sign: 'vanishes' as const })),
      ...come.slice(0, MOST_FIRST).map((atMs) => ({ atMs, sign: 'fresh' as const })),
    );
  }
  return {
    vanish,
    fresh,
    first: first.toSorted((a, b) => a.atMs - b.atMs).slice(0, MOST_FIRST),
  };
}

function missingIn(list: readonly number[], other: readonly number[]): number[] {
  const known = new Set(list);
  return other.filter((ms) => !known.has(ms));
}

/** The first instant up to which one has more fires than the other, by halving. */
function firstUnlike(
  before: CompiledSchedule,
  next: CompiledSchedule,
  fromMs: number,
  toMs: number,
): number {
  let [alike, unlike] = [fromMs, toMs];
  while (unlike - alike > 1) {
    const middle = Math.floor((alike + unlike) / 2);
    if (before.count(fromMs, middle) === next.count(fromMs, middle)) alike = middle;
    else unlike = middle;
  }
  return unlike;
}

/**
 * The days of UTC on which schedules can differ under two calendars: around each day that one of them has off and the
 * other hasn't, as far as a tick can be moved, and for `nth` its whole month.
 */
export function affectedDays(
  before: BusinessDays,
  after: BusinessDays,
  { from, until }: { from: number; until: number },
): { any: boolean; moved: ReadonlySet<number>; ofMonths: ReadonlySet<number> } {
  const moved = new Set<number>();
  const ofMonths = new Set<number>();
  const add = (set: Set<number>, first: number, last: number) => {
    for (let day = first - REACH_DAYS; day <= last + REACH_DAYS; day++) set.add(day);
  };
  for (let day = from - MARGIN_DAYS; day <= until + MARGIN_DAYS; day++) {
    if (before.isBusinessDay(day) === after.isBusinessDay(day)) continue;
    const reached = [before, after].flatMap((one) => [one.previous(day - 1), one.next(day + 1)]);
    const known = reached.filter((one) => one !== null);
    add(moved, Math.min(day, ...known), Math.max(day, ...known));
    const date = new Date(day * DAY_MS);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    add(ofMonths, Date.UTC(year, month, 1) / DAY_MS, Date.UTC(year, month + 1, 0) / DAY_MS);
  }
  return { any: moved.size > 0, moved, ofMonths };
}

/** A tick is moved by a month off, at most, before anybody would call that calendar a mistake. */
const MARGIN_DAYS = 45;
