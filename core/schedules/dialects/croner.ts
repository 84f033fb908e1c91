import {
  DAY_OF_MONTH,
  HOUR,
  MINUTE,
  MONTH,
  SECOND,
  WEEKDAY,
  YEAR,
  type FieldForm,
} from '../cron-field.ts';
import { readCronLine, type LineRules } from '../cron-line.ts';
import { wallLineOf } from '../wall-clock.ts';
import type { LineReading } from './dialect.ts';

const CRONER: LineRules = {
  forms: [SECOND, MINUTE, HOUR, DAY_OF_MONTH, MONTH, WEEKDAY, YEAR].map((form): FieldForm =>
    form === YEAR ? form : { ...form, takesQuestionMark: true },
  ),
  advice:
    'Write 5 fields (minute, hour, day of month, month, day of week), 6 with the second in front, or 7 with the year at the end',
  takesPlus: true,
  needsBothDays: () => false,
  // By the values, as croner does it: "1,1" and "1-1" are one time.
  isFixedTime: (times) =>
    times.every(({ values, pattern }) => values.length === 1 && !/[*/]/.test(pattern)),
};

/** A line as croner 11 means it without options: 5 to 7 fields, and only one time a day counts as fixed. */
export function readCronerLine(text: string): LineReading {
  const read = readCronLine(text, CRONER);
  if (!read.ok) return read;
  return { ok: true, line: wallLineOf(read.line), became: read.line, timeZone: null };
}
