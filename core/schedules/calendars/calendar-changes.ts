import type { CalendarDefinition } from './definition.ts';
import type { NamedDate } from './read-ics.ts';

type Holidays = CalendarDefinition['holidays'];

/** One thing that an edit of a calendar changed. */
export type CalendarChange =
  | { kind: 'name'; before: string; after: string }
  | { kind: 'holidays'; before: Holidays; after: Holidays }
  | { kind: 'weekend'; before: readonly number[]; after: readonly number[] }
  | { kind: 'dates_added' | 'dates_removed'; dates: readonly NamedDate[]; more: number }
  | { kind: 'workdays_added' | 'workdays_removed'; dates: readonly NamedDate[]; more: number };

type Named = { name: string; definition: CalendarDefinition };

const MOST_DATES = 5;

/** What differs between two revisions; a date that was renamed was taken away and added. */
export function calendarChanges(before: Named, after: Named): CalendarChange[] {
  const changes: CalendarChange[] = [];
  if (before.name !== after.name) {
    changes.push({ kind: 'name', before: before.name, after: after.name });
  }
  const { holidays, weekend, dates, workdays } = before.definition;
  const now = after.definition;
  if (JSON.stringify(holidays) !== JSON.stringify(now.holidays)) {
    changes.push({ kind: 'holidays', before: holidays, after: now.holidays });
  }
  if (inOrder(weekend) !== inOrder(now.weekend)) {
    changes.push({ kind: 'weekend', before: weekend, after: now.weekend });
  }
  const lists = [
    ['dates_added', missingIn(dates, now.dates)],
    ['dates_removed', missingIn(now.dates, dates)],
    ['workdays_added', missingIn(workdays, now.workdays)],
    ['workdays_removed', missingIn(now.workdays, workdays)],
  ] as const;
  for (const [kind, list] of lists) {
    if (list.length === 0) continue;
    changes.push({
      kind,
      dates: list.slice(0, MOST_DATES),
      more: Math.max(0, list.length - MOST_DATES),
    });
  }
  return changes;
}

const inOrder = (days: readonly number[]) => days.toSorted((a, b) => a - b).join();

function missingIn(list: readonly NamedDate[], other: readonly NamedDate[]): NamedDate[] {
  const known = new Set(list.map(({ date, name }) => `${date} ${name}`));
  return other
    .filter(({ date, name }) => !known.has(`${date} ${name}`))
    .toSorted((a, b) => a.date.localeCompare(b.date));
}
