import {
  DAY_OF_MONTH,
  HOUR,
  MAX_LINE_LENGTH,
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
  /** Null where the line has no field for it. */
  readonly year: Field | null;
  /** A day must match day of month and day of week; else one of them is enough. */
  readonly needsBothDays: boolean;
  /** A fixed time keeps its place when the clock changes; other lines follow the clock that runs. */
  readonly isFixedTime: boolean;
}

export type CronLineReading = { ok: true; line: CronLine } | { ok: false; problem: string };

/** What a dialect of cron lines allows and means. */
export interface LineRules {
  /** Second to day of week, or to year. */
  readonly forms: readonly FieldForm[];
  /** The sentence that says which fields to write. */
  readonly advice: string;
  /** `+` before the day of week joins the days by "and". */
  readonly takesPlus: boolean;
  needsBothDays(dayOfMonth: Field, weekday: Field): boolean;
  isFixedTime(times: readonly Field[]): boolean;
}

/** Vixie cron's lines, with the marks L, W and # and an optional second as further words. */
export const CRONTAB: LineRules = {
  forms: [SECOND, MINUTE, HOUR, DAY_OF_MONTH, MONTH, WEEKDAY],
  advice:
    'Write 5 fields (minute, hour, day of month, month, day of week), or 6 with the second in front',
  takesPlus: false,
  // Vixie cron joins day of month and day of week by "or" only where neither begins with a star.
  needsBothDays: (dayOfMonth, weekday) => dayOfMonth.isStar || weekday.isStar,
  isFixedTime: (times) => !times.some(({ pattern }) => /[*/]/.test(pattern)),
};

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/**
 * Reads one line: 5 fields, or 6 with the second in front, or 7 with the year where the rules have one, or a macro. It
 * is stricter than croner, which is given the days of what passes here. Doesn't say whether the line ever fires.
 */
export function readCronLine(text: string, rules: LineRules = CRONTAB): CronLineReading {
  const trimmed = text.trim();
  if (text.length > MAX_LINE_LENGTH) {
    return refused(
      `The line has ${text.length} characters; at most ${MAX_LINE_LENGTH} are allowed. Split it into several lines.`,
    );
  }
  if (trimmed === '') return refused(`The line is empty. ${rules.advice}.`);
  if (/[\r\n]/.test(trimmed))
    return refused('The line has a line break. Put each cron line on its own.');
  if (trimmed.startsWith('@')) return readMacro(trimmed, rules);
  if (/^\d{4}-\d\d/.test(trimmed)) {
    return refused(`${quoted(trimmed)} is a date, not a cron line. ${rules.advice}.`);
  }
  const parts = trimmed.split(/[ \t]+/);
  if (parts.length < 5 || parts.length > rules.forms.length) {
    const counted = parts.length === 1 ? '1 field' : `${parts.length} fields`;
    return refused(`The line ${quoted(trimmed)} has ${counted}. ${rules.advice}.`);
  }
  return readParts(trimmed, parts.length === 5 ? ['0', ...parts] : parts, rules);
}

function readMacro(text: string, rules: LineRules): CronLineReading {
  if (/^@reboot$/i.test(text)) {
    return refused(
      'The macro "@reboot" names no time: it means when a machine has started. Use an API request from that machine, or a time.',
    );
  }
  const meant = MACROS[text.toLowerCase()];
  if (meant === undefined) {
    return refused(
      `The macro ${quoted(text)} is not known. Use ${Object.keys(MACROS).join(', ')}, or write the fields.`,
    );
  }
  return readParts(text, ['0', ...meant.split(' ')], rules);
}

function readParts(text: string, parts: readonly string[], rules: LineRules): CronLineReading {
  const fields: Field[] = [];
  const hasPlus = rules.takesPlus && parts[5]?.startsWith('+') === true;
  for (const [index, form] of rules.forms.slice(0, parts.length).entries()) {
    const part = parts[index] ?? '';
    const read = readField(hasPlus && index === 5 ? part.slice(1) : part, form);
    if (!read.ok) return refused(read.problem);
    fields.push(read.field);
  }
  const [second, minute, hour, dayOfMonth, month, weekday, year = null] = fields;
  if (!second || !minute || !hour || !dayOfMonth || !month || !weekday) {
    throw new Error(`The line ${quoted(text)} was read with too few fields.`);
  }
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
      year,
      needsBothDays: hasPlus || rules.needsBothDays(dayOfMonth, weekday),
      isFixedTime: rules.isFixedTime([second, minute, hour]),
    },
  };
}

function refused(problem: string): CronLineReading {
  return { ok: false, problem };
}
