import type { DayRule } from './days.ts';

const DAY_MS = 86_400_000;
/** The Gregorian calendar repeats after so many days. */
const CYCLE_DAYS = 146_097;

/** The days that both rules name. */
export function bothOf(a: DayRule, b: DayRule): DayRule {
  if (a.isEveryDay) return b;
  if (b.isEveryDay) return a;
  return {
    isEveryDay: false,
    next: (day) => meet(a.next(day), (from) => [b.next(from), a.next(from)], 1),
    previous: (day) => meet(a.previous(day), (from) => [b.previous(from), a.previous(from)], -1),
  };
}

/** The days that at least one of the rules names. */
export function anyOf(rules: readonly DayRule[]): DayRule {
  const [only] = rules;
  if (only !== undefined && rules.length === 1) return only;
  return {
    isEveryDay: rules.some(({ isEveryDay }) => isEveryDay),
    next: (day) =>
      nearest(
        rules.map((rule) => rule.next(day)),
        Math.min,
      ),
    previous: (day) =>
      nearest(
        rules.map((rule) => rule.previous(day)),
        Math.max,
      ),
  };
}

/** So many days before the last of each month; 0 is the last one. Months that are too short are left out. */
export function daysBeforeMonthsEnd(distances: readonly number[]): DayRule {
  return new MonthDays((_first, length) => distances.map((distance) => length - distance));
}

/** The Monday to Friday that is nearest to a day so far before the last of each month, within that month. */
export function weekdayNearMonthsEnd(distance: number): DayRule {
  return new MonthDays((first, length) => {
    const day = length - distance;
    if (day < 1) return [];
    const weekday = (((first + day + 3) % 7) + 7) % 7;
    if (weekday === 6) return [day === 1 ? 3 : day - 1];
    if (weekday === 0) return [day === length ? day - 2 : day + 1];
    return [day];
  });
}

/** Names days of each month by the month's first day and its length. */
class MonthDays implements DayRule {
  readonly isEveryDay = false;
  readonly #named: (first: number, length: number) => readonly number[];

  constructor(named: (first: number, length: number) => readonly number[]) {
    this.#named = named;
  }

  next(day: number): number | null {
    return this.#find(day, 1, (candidates) => candidates.find((candidate) => candidate >= day));
  }

  previous(day: number): number | null {
    return this.#find(day, -1, (candidates) =>
      candidates.findLast((candidate) => candidate <= day),
    );
  }

  #find(
    day: number,
    step: 1 | -1,
    choose: (candidates: readonly number[]) => number | undefined,
  ): number | null {
    const date = new Date(day * DAY_MS);
    const year = date.getUTCFullYear();
    // February is too short for some distances, and so is the month beside it.
    for (let turn = 0; turn < 14; turn++) {
      const month = date.getUTCMonth() + turn * step;
      const first = Date.UTC(year, month, 1) / DAY_MS;
      const length = Date.UTC(year, month + 1, 1) / DAY_MS - first;
      const days = this.#named(first, length).filter((named) => named >= 1);
      const chosen = choose(days.map((named) => first + named - 1).toSorted((a, b) => a - b));
      if (chosen !== undefined) return chosen;
    }
    return null;
  }
}

/** Two rules take turns until they name one day, for at most one cycle of the calendar. */
function meet(
  start: number | null,
  ask: (from: number) => readonly [number | null, number | null],
  direction: 1 | -1,
): number | null {
  let day = start;
  let limit: number | null = null;
  while (day !== null) {
    const [other, own] = ask(day);
    if (other === null || own === null) return null;
    limit ??=
      (direction > 0 ? Math.max(other, own) : Math.min(other, own)) + direction * CYCLE_DAYS;
    if (other === own) return own;
    day = direction > 0 ? Math.max(other, own) : Math.min(other, own);
    if (direction > 0 ? day > limit : day < limit) return null;
  }
  return null;
}

function nearest(
  days: readonly (number | null)[],
  choose: (...days: number[]) => number,
): number | null {
  const known = days.filter((day) => day !== null);
  return known.length === 0 ? null : choose(...known);
}
