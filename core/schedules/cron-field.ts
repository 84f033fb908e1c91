/** What one field of a cron line may hold, and what it is called in sentences. */
export interface FieldForm {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** Three-letter names in order; the first one stands for `firstName`. */
  readonly names?: readonly string[];
  readonly firstName?: number;
  readonly special?: 'day of month' | 'weekday';
  /** `?` stands for `*`. */
  readonly takesQuestionMark?: boolean;
}

export interface Field {
  /** Plain values, sorted, each once. Marks such as `L`, `15W` and `5#2` are only in `pattern`. */
  readonly values: readonly number[];
  /** The field in digits only, as croner reads it. */
  readonly pattern: string;
  /** Begins with `*` or `?`: Vixie cron's star bit. */
  readonly isStar: boolean;
}

/** In characters. */
export const MAX_LINE_LENGTH = 256;

export type FieldReading = { ok: true; field: Field } | { ok: false; problem: string };

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

export const SECOND: FieldForm = { label: 'second', min: 0, max: 59 };
export const MINUTE: FieldForm = { label: 'minute', min: 0, max: 59 };
export const HOUR: FieldForm = { label: 'hour', min: 0, max: 23 };
export const DAY_OF_MONTH: FieldForm = {
  label: 'day of month',
  min: 1,
  max: 31,
  special: 'day of month',
  takesQuestionMark: true,
};
export const MONTH: FieldForm = { label: 'month', min: 1, max: 12, names: MONTHS, firstName: 1 };
/** 0 and 7 are both Sunday. */
export const WEEKDAY: FieldForm = {
  label: 'day of week',
  min: 0,
  max: 7,
  names: WEEKDAYS,
  firstName: 0,
  special: 'weekday',
  takesQuestionMark: true,
};
export const YEAR: FieldForm = { label: 'year', min: 1, max: 9999, takesQuestionMark: true };

/** Reads one field strictly: whatever isn't named in its form is refused with a sentence. */
export function readField(text: string, form: FieldForm): FieldReading {
  if (text === '?' && form.takesQuestionMark === true) return readField('*', form);
  const values = new Set<number>();
  const patterns: string[] = [];
  for (const item of text.split(',')) {
    const read = readItem(item, text, form);
    if (!read.ok) return read;
    for (const value of read.values) values.add(value);
    patterns.push(read.pattern);
  }
  return {
    ok: true,
    field: {
      values: [...values].toSorted((a, b) => a - b),
      pattern: patterns.join(','),
      isStar: text.startsWith('*'),
    },
  };
}

type ItemReading =
  { ok: true; values: readonly number[]; pattern: string } | { ok: false; problem: string };

function readItem(item: string, whole: string, form: FieldForm): ItemReading {
  if (item === '') {
    return problem(form, whole, 'has a comma with nothing beside it. Remove that comma.');
  }
  return readSpecial(item, whole, form) ?? readPlain(item, form);
}

/** `L`, `LW` and `15W` in the day of month; `5#2`, `5#L` and `5L` in the day of week. */
function readSpecial(item: string, whole: string, form: FieldForm): ItemReading | null {
  if (form.special === 'day of month') {
    if (/^L$/i.test(item)) return { ok: true, values: [], pattern: 'L' };
    if (/^LW$/i.test(item)) {
      if (item === whole) return { ok: true, values: [], pattern: 'LW' };
      return problem(
        form,
        whole,
        'has LW in a list. LW stands alone: put it on a line of its own.',
      );
    }
    const nearest = /^(\d{1,2})W$/i.exec(item);
    if (nearest) {
      const day = readValue(nearest[1] ?? '', form);
      return day.ok ? { ok: true, values: [], pattern: `${day.value}W` } : day;
    }
  }
  if (form.special === 'weekday') {
    const nth = /^([^#]+?)(?:#([1-5]|L)|L)$/i.exec(item);
    if (nth) {
      const days = readPlain(nth[1] ?? '', form);
      if (!days.ok) return days;
      if (/[*/]/.test(nth[1] ?? '')) return notUnderstood(item, form);
      return { ok: true, values: [], pattern: `${days.pattern}#${nth[2]?.toUpperCase() ?? 'L'}` };
    }
    if (item.includes('#')) {
      return problem(
        form,
        item,
        'is not allowed. After # stands 1 to 5 or L, as in MON#2 or FRI#L.',
      );
    }
  }
  return null;
}

const PLAIN = /^(?:(\*)|([0-9]+|[a-z]+)(?:-([0-9]+|[a-z]+))?)(?:\/([0-9]+))?$/i;

function readPlain(item: string, form: FieldForm): ItemReading {
  const parts = PLAIN.exec(item);
  if (!parts) return notUnderstood(item, form);
  const [, star, first, last, stepText] = parts;
  if (stepText !== undefined && star !== undefined && form === YEAR) {
    return problem(form, item, 'has a step without a beginning. Write 2026-9999/2.');
  }
  if (stepText !== undefined && star === undefined && last === undefined) {
    const ranged = `${first}-${form.max}/${stepText}`;
    return problem(form, item, `has a step without an end. Write ${ranged}.`);
  }
  const low = star ? ok(form.min) : readValue(first ?? '', form);
  if (!low.ok) return low;
  const high = star
    ? ok(form.special === 'weekday' ? 6 : form.max)
    : last === undefined
      ? low
      : readValue(last, form, true);
  if (!high.ok) return high;
  if (high.value < low.value) {
    return problem(form, item, 'runs backwards. Write the lower value first, or two ranges.');
  }
  const step = stepText === undefined ? 1 : Number(stepText);
  const size = form.special === 'weekday' ? 7 : form.max - form.min + 1;
  if (step < 1 || step > size) {
    return problem(form, item, `has a step that is not allowed. Use a step from 1 to ${size}.`);
  }
  return {
    ok: true,
    values: valuesBetween(low.value, high.value, step, form),
    pattern: patternOf(star, low.value, last === undefined ? null : high.value, stepText),
  };
}

function valuesBetween(low: number, high: number, step: number, form: FieldForm): number[] {
  const values: number[] = [];
  for (let value = low; value <= high; value += step) {
    values.push(form.special === 'weekday' ? value % 7 : value);
  }
  return values;
}

function patternOf(
  star: string | undefined,
  low: number,
  high: number | null,
  step: string | undefined,
): string {
  const span = star ?? (high === null ? `${low}` : `${low}-${high}`);
  return step === undefined ? span : `${span}/${Number(step)}`;
}

type ValueReading = { ok: true; value: number } | { ok: false; problem: string };

function ok(value: number): { ok: true; value: number } {
  return { ok: true, value };
}

/** A number or a name; SUN at the end of a range is 7, so that MON-SUN is the whole week. */
function readValue(text: string, form: FieldForm, endsRange = false): ValueReading {
  if (/^\d+$/.test(text)) {
    const value = Number(text);
    if (text.length <= digitsOf(form) && value >= form.min && value <= form.max) return ok(value);
    return problem(form, text, `is out of range. Use ${allowedValues(form)}.`);
  }
  const name = form.names?.indexOf(text.toUpperCase()) ?? -1;
  if (name < 0) return problem(form, text, `is not known. Use ${allowedValues(form)}.`);
  if (form.special === 'weekday' && endsRange && name === 0) return ok(7);
  return ok(name + (form.firstName ?? 0));
}

function digitsOf(form: FieldForm): number {
  return String(form.max).length === 1 ? 2 : String(form.max).length;
}

function notUnderstood(item: string, form: FieldForm): { ok: false; problem: string } {
  const forms = `*, ${allowedValues(form)}, a range such as ${form.min + 1}-${form.min + 3}, a step such as */2, or a list of these with commas`;
  return problem(form, item, `is not understood. Use ${forms}.`);
}

function allowedValues(form: FieldForm): string {
  const numbers = `${form.min} to ${form.max}`;
  if (form.special === 'weekday') return `${numbers} (0 and 7 are Sunday) or SUN to SAT`;
  return form.names ? `${numbers} or JAN to DEC` : numbers;
}

function problem(form: FieldForm, text: string, rest: string): { ok: false; problem: string } {
  return { ok: false, problem: `The ${form.label} ${quoted(text)} ${rest}` };
}

/** The text in quotes, cut where it is long. */
export function quoted(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 39)}…` : text}"`;
}
