import { quoted } from '../cron-field.ts';

export type WeekdaysReading =
  | {
      ok: true;
      /** 0 (Sunday) to 6, or null where the event names none or all. */
      weekdays: readonly number[] | null;
      /** What follows them. */
      rest: string;
    }
  | { ok: false; problem: string };

const NAMES = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

/** The weekdays in front of an event: names or their first three letters, ranges such as `Mon..Fri`, lists. */
export function readSystemdWeekdays(text: string): WeekdaysReading {
  const [first = ''] = text.split(' ');
  if (!/^[a-z]/i.test(first)) return { ok: true, weekdays: null, rest: text };
  const rest = text.slice(first.length).trimStart();
  const days = new Set<number>();
  // A comma at the end is taken, as in "Wed, 17:48".
  for (const item of first.replace(/,$/, '').split(',')) {
    const [from = '', to = from, more] = item.split(/\.\.|-/);
    const begin = dayNamed(from);
    const end = dayNamed(to);
    if (begin === null || end === null || more !== undefined) {
      return {
        ok: false,
        problem: `The weekday ${quoted(item)} is not known. Use Mon to Sun, ranges such as Mon..Fri, and lists.`,
      };
    }
    if (end < begin) {
      return {
        ok: false,
        problem: `The weekdays ${quoted(item)} run backwards; a week begins on Monday. Write two ranges.`,
      };
    }
    for (let day = begin; day <= end; day++) days.add((day + 1) % 7);
  }
  const weekdays = days.size === 7 ? null : [...days].toSorted((a, b) => a - b);
  return { ok: true, weekdays, rest: rest === '' && weekdays === null ? '*-*-*' : rest };
}

function dayNamed(name: string): number | null {
  const lower = name.toLowerCase();
  const index = NAMES.findIndex((known) => {
    const day = known.toLowerCase();
    return day === lower || day.slice(0, 3) === lower;
  });
  return index < 0 ? null : index;
}
