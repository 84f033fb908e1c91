import {
  DAY_OF_MONTH,
  HOUR,
  MINUTE,
  MONTH,
  quoted,
  readField,
  SECOND,
  WEEKDAY,
  type Field,
  type FieldForm,
} from './cron-field.ts';

/** A cron line that was read: which times of a day on which days, by the wall clock. */
export interface CronLine {
  readonly text: string;
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly dayOfMonth: Field;
  readonly month: Field;
  readonly weekday: Field;
  /**
   * No wildcard and no step in second, minute and hour. A fixed time keeps its place when the clock changes; other
   * lines follow the clock that runs.
   */
  readonly isFixedTime: boolean;
}

export type CronLineReading = { ok: true; line: CronLine } | { ok: false; problem: string };

const MAX_LINE_LENGTH = 256;

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const FORMS: readonly FieldForm[] = [SECOND, MINUTE, HOUR, DAY_OF_MONTH, MONTH, WEEKDAY];
const FIVE_OR_SIX =
  'Write 5 fields (minute, hour, day of month, month, day of week), or 6 with the second in front';

/**
 * Reads one line: 5 fields as Vixie cron means them, or 6 with the second in front, or a macro. It is stricter than
 * croner, which is given the days of what passes here. Doesn't say whether the line ever fires.
 */
export function readCronLine(text: string): CronLineReading {
  const trimmed = text.trim();
  if (text.length > MAX_LINE_LENGTH) {
    return refused(
      `The line has ${text.length} characters; at most ${MAX_LINE_LENGTH} are allowed. Split it into several lines.`,
    );
  }
  if (trimmed === '') return refused(`The line is empty. ${FIVE_OR_SIX}.`);
  if (/[\r\n]/.test(trimmed))
    return refused('The line has a line break. Put each cron line on its own.');
  if (trimmed.startsWith('@')) return readMacro(trimmed);
  if (/^\d{4}-\d\d/.test(trimmed)) {
    return refused(`${quoted(trimmed)} is a date, not a cron line. ${FIVE_OR_SIX}.`);
  }
  const parts = trimmed.split(/[ \t]+/);
  if (parts.length < 5 || parts.length > 6) {
    const counted = parts.length === 1 ? '1 field' : `${parts.length} fields`;
    return refused(`The line ${quoted(trimmed)} has ${counted}. ${FIVE_OR_SIX}.`);
  }
  return readParts(trimmed, parts.length === 5 ? ['0', ...parts] : parts);
}

function readMacro(text: string): CronLineReading {
  const meant = MACROS[text.toLowerCase()];
  if (meant === undefined) {
    return refused(
      `The macro ${quoted(text)} is not known. Use ${Object.keys(MACROS).join(', ')}, or write the fields.`,
    );
  }
  return readParts(text, ['0', ...meant.split(' ')]);
}

function readParts(text: string, parts: readonly string[]): CronLineReading {
  const fields: Field[] = [];
  for (const [index, form] of FORMS.entries()) {
    const read = readField(parts[index] ?? '', form);
    if (!read.ok) return refused(read.problem);
    fields.push(read.field);
  }
  const [second, minute, hour, dayOfMonth, month, weekday] = fields as [
    Field,
    Field,
    Field,
    Field,
    Field,
    Field,
  ];
  return {
    ok: true,
    line: {
      text,
      seconds: second.values,
      minutes: minute.values,
      hours: hour.values,
      dayOfMonth,
      month,
      weekday,
      isFixedTime: ![second, minute, hour].some(({ pattern }) => /[*/]/.test(pattern)),
    },
  };
}

function refused(problem: string): CronLineReading {
  return { ok: false, problem };
}
