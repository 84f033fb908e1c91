import { BoundedCache } from '../bounded-cache.ts';
import type { DayRule } from '../days.ts';
import type { BusinessDays } from './business-days.ts';
import type { ScheduleCalendar } from './calendar-rule.ts';

const DAY_MS = 86_400_000;
/** A rule that meets no business day for so long meets none: 29 February falls on each weekday within 40 years. */
const LOOK_DAYS = 45 * 366;
const LOOK_MONTHS = 45 * 12;

/** The days that a schedule's lines name, as its calendar has them. */
export function daysUnder({ rule, nth = [] }: ScheduleCalendar, business: BusinessDays) {
  switch (rule) {
    case 'skip':
      return (days: DayRule) => onlyBusinessDays(days, business);
    case 'next':
      return (days: DayRule) => movedToNext(days, business);
    case 'previous':
      return (days: DayRule) => movedToPrevious(days, business);
    case 'nth': {
      const named = new NthBusinessDays(nth, business);
      return (days: DayRule) => (days.isEveryDay ? named : meetingOf(named, days));
    }
  }
}

function onlyBusinessDays(days: DayRule, business: BusinessDays): DayRule {
  return meetingOf({ isEveryDay: false, ...business }, days);
}

/** The days that both name. */
function meetingOf(a: DayRule, b: DayRule): DayRule {
  // Where none was found, none is found farther on: a search in vain costs 35 ms, and is done once.
  let noneFrom = Number.POSITIVE_INFINITY;
  let noneUpTo = Number.NEGATIVE_INFINITY;
  const meet = (from: number, direction: 'next' | 'previous') => {
    let day = from;
    while (Math.abs(day - from) <= LOOK_DAYS) {
      if (direction === 'next' ? day >= noneFrom : day <= noneUpTo) return null;
      const one = b[direction](day);
      const other = one === null ? null : a[direction](one);
      if (one === null || other === null) return null;
      if (one === other) return one;
      day = other;
    }
    return null;
  };
  return {
    isEveryDay: false,
    next: (day) => {
      const found = meet(day, 'next');
      if (found === null) noneFrom = Math.min(noneFrom, day);
      return found;
    },
    previous: (day) => {
      const found = meet(day, 'previous');
      if (found === null) noneUpTo = Math.max(noneUpTo, day);
      return found;
    },
  };
}

/** Each day, or where it is off the next business day. Moving keeps the order, so the neighbours decide. */
function movedToNext(days: DayRule, business: BusinessDays): DayRule {
  return {
    isEveryDay: false,
    next: (day) => {
      const firstMoved = (business.previous(day - 1) ?? day - LOOK_DAYS) + 1;
      const named = days.next(firstMoved);
      // Between the business day before and this one all move to the same.
      return named === null ? null : business.next(Math.max(named, day));
    },
    previous: (day) => {
      const last = business.previous(day);
      const named = last === null ? null : days.previous(last);
      return named === null ? null : business.next(named);
    },
  };
}

/** Each day, or where it is off the business day before. */
function movedToPrevious(days: DayRule, business: BusinessDays): DayRule {
  return {
    isEveryDay: false,
    next: (day) => {
      const first = business.next(day);
      const named = first === null ? null : days.next(first);
      return named === null ? null : business.previous(named);
    },
    previous: (day) => {
      const lastMoved = (business.next(day + 1) ?? day + LOOK_DAYS) - 1;
      const named = days.previous(lastMoved);
      return named === null ? null : business.previous(Math.min(named, day));
    },
  };
}

/** The nth business days of each month, from its end where n is negative; a month that has fewer has none of them. */
class NthBusinessDays implements DayRule {
  readonly isEveryDay = false;
  readonly #nth: readonly number[];
  readonly #business: BusinessDays;
  readonly #months = new BoundedCache<number, readonly number[]>(2 * LOOK_MONTHS + 2, (month) =>
    this.#of(month),
  );

  constructor(nth: readonly number[], business: BusinessDays) {
    this.#nth = nth;
    this.#business = business;
  }

  next(day: number): number | null {
    const first = monthOf(day);
    for (let month = first; month <= first + LOOK_MONTHS; month++) {
      const found = this.#months.get(month).find((named) => named >= day);
      if (found !== undefined) return found;
    }
    return null;
  }

  previous(day: number): number | null {
    const last = monthOf(day);
    for (let month = last; month >= last - LOOK_MONTHS; month--) {
      const found = this.#months.get(month).findLast((named) => named <= day);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** @param month counted from January 1970 */
  #of(month: number): readonly number[] {
    const end = firstDayOf(month + 1);
    const worked: number[] = [];
    for (let day = firstDayOf(month); day < end; day++) {
      if (this.#business.isBusinessDay(day)) worked.push(day);
    }
    const named = this.#nth.flatMap((n) => worked.at(n > 0 ? n - 1 : n) ?? []);
    return [...new Set(named)].toSorted((a, b) => a - b);
  }
}

function monthOf(day: number): number {
  const date = new Date(day * DAY_MS);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

function firstDayOf(month: number): number {
  return Date.UTC(1970, month, 1) / DAY_MS;
}
