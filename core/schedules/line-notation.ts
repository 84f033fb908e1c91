import type { Field } from './cron-field.ts';
import type { CronLine } from './cron-line.ts';

/** A field in words of croner: `*`, `1-5`, `5-50/15` or a list. */
export function fieldOf(values: readonly number[], range: { min: number; max: number }): Field {
  const pattern = patternOf(values, range);
  return { values, pattern, isStar: pattern === '*' };
}

/** A field that names all its values. */
export const ANY_VALUE: Field = { values: [], pattern: '*', isStar: true };

/** A field of which only the words are known: `L-3W`, `5#3`. */
export function markedField(pattern: string): Field {
  return { values: [], pattern, isStar: pattern === '*' };
}

/**
 * What a line became, in croner's 5 to 7 fields, whichever dialect it was written in; `L-3` and `L-3W` (days before the
 * month's end) are words that croner itself doesn't have.
 */
export function notationOf(line: CronLine): string {
  const { dayOfMonth, month, weekday, year, needsBothDays } = line;
  const second = patternOf(line.seconds, { min: 0, max: 59 });
  const isJoined = needsBothDays && dayOfMonth.pattern !== '*' && weekday.pattern !== '*';
  const parts = [
    patternOf(line.minutes, { min: 0, max: 59 }),
    patternOf(line.hours, { min: 0, max: 23 }),
    dayOfMonth.pattern,
    month.pattern,
    `${isJoined ? '+' : ''}${weekday.pattern}`,
  ];
  const hasYear = year !== null && year.pattern !== '*';
  if (second !== '0' || hasYear) parts.unshift(second);
  if (hasYear) parts.push(year.pattern);
  return parts.join(' ');
}

function patternOf(values: readonly number[], { min, max }: { min: number; max: number }): string {
  const [first = min, second = first] = values;
  const last = values.at(-1) ?? first;
  if (values.length === max - min + 1) return '*';
  const step = second - first;
  const isEven = values.every((value, index) => value === first + index * step);
  if (values.length < 3 || !isEven) return values.join(',');
  if (step === 1) return `${first}-${last}`;
  return first === min && last + step > max ? `*/${step}` : `${first}-${last}/${step}`;
}
