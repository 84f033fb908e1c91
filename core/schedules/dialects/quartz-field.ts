import { quoted } from '../cron-field.ts';

/** What one field of a Quartz expression may hold. */
export interface QuartzForm {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** The longest step after a single value or a star. */
  readonly maxStep: number;
  /** Three-letter names in order; the first one stands for `min`. */
  readonly names?: readonly string[];
  /** Years don't go round. */
  readonly isOpenEnded?: boolean;
}

export type ValuesReading =
  { ok: true; values: readonly number[] } | { ok: false; problem: string };

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

export const SECOND: QuartzForm = { label: 'second', min: 0, max: 59, maxStep: 59 };
export const MINUTE: QuartzForm = { label: 'minute', min: 0, max: 59, maxStep: 59 };
export const HOUR: QuartzForm = { label: 'hour', min: 0, max: 23, maxStep: 23 };
export const DAY_OF_MONTH: QuartzForm = { label: 'day of month', min: 1, max: 31, maxStep: 31 };
export const MONTH: QuartzForm = { label: 'month', min: 1, max: 12, maxStep: 12, names: MONTHS };
/** 1 is Sunday. */
export const WEEKDAY: QuartzForm = {
  label: 'day of week',
  min: 1,
  max: 7,
  maxStep: 7,
  names: WEEKDAYS,
};
export const YEAR: QuartzForm = {
  label: 'year',
  min: 1970,
  max: 2099,
  maxStep: 130,
  isOpenEnded: true,
};

/** The plain values of a list; a range whose end comes before its beginning goes round. */
export function readQuartzList(text: string, form: QuartzForm): ValuesReading {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    if (item === '') {
      return quartzProblem(form, text, 'has a comma with nothing beside it. Remove that comma.');
    }
    const read = readQuartzItem(item, form);
    if (!read.ok) return read;
    for (const value of read.values) values.add(value);
  }
  return { ok: true, values: [...values].toSorted((a, b) => a - b) };
}

const ITEM = /^(?:(\*)|(\d+|[A-Z]+)(?:-(\d+|[A-Z]+))?)?(?:\/(\d*))?$/;

export function readQuartzItem(item: string, form: QuartzForm): ValuesReading {
  const parts = ITEM.exec(item);
  if (!parts || item === '') return notUnderstood(item, form);
  const [, star, first, last, stepText] = parts;
  if (stepText === '') {
    return quartzProblem(form, item, 'has a step without a number. Write one after the slash.');
  }
  if (stepText !== undefined && /[A-Z]/.test(item)) {
    return quartzProblem(
      form,
      item,
      'has a step after a name, which Quartz leaves out. Use numbers.',
    );
  }
  const from = first === undefined ? { ok: true as const, value: form.min } : valueOf(first, form);
  if (!from.ok) return from;
  const to = last === undefined ? null : valueOf(last, form);
  if (to !== null && !to.ok) return to;
  const step = Number(stepText ?? 1);
  if (step < 1 || (last === undefined && step > form.maxStep)) {
    const allowed = `Use a step from 1 to ${form.maxStep}.`;
    return quartzProblem(form, item, `has a step that is not allowed. ${allowed}`);
  }
  if (to !== null && to.value < from.value && form.isOpenEnded) {
    return quartzProblem(form, item, 'runs backwards. Write the earlier year first.');
  }
  const isSingle = star === undefined && stepText === undefined && last === undefined;
  const end = to?.value ?? (isSingle ? from.value : form.max);
  return { ok: true, values: valuesOf(from.value, end, step, form) };
}

function valuesOf(from: number, to: number, step: number, form: QuartzForm): number[] {
  const size = form.max - form.min + 1;
  const end = to < from ? to + size : to;
  const values: number[] = [];
  for (let value = from; value <= end; value += step) {
    values.push(value > form.max ? value - size : value);
  }
  return values;
}

export function valueOf(
  text: string,
  form: QuartzForm,
): { ok: true; value: number } | { ok: false; problem: string } {
  if (/^\d+$/.test(text)) {
    const value = Number(text);
    if (value >= form.min && value <= form.max) return { ok: true, value };
    return quartzProblem(form, text, `is out of range. Use ${allowedValues(form)}.`);
  }
  const index = form.names?.indexOf(text) ?? -1;
  if (index >= 0) return { ok: true, value: index + form.min };
  return quartzProblem(form, text, `is not known. Use ${allowedValues(form)}.`);
}

function notUnderstood(item: string, form: QuartzForm): { ok: false; problem: string } {
  return quartzProblem(
    form,
    item,
    `is not understood. Use *, ${allowedValues(form)}, a range, a step such as ${form.min}/2, or a list of these.`,
  );
}

function allowedValues({ min, max, names }: QuartzForm): string {
  if (names === undefined) return `${min} to ${max}`;
  const sunday = names === WEEKDAYS ? ' (1 is Sunday)' : '';
  return `${min} to ${max}${sunday} or ${names[0]} to ${names.at(-1)}`;
}

export function quartzProblem(
  form: QuartzForm,
  text: string,
  rest: string,
): { ok: false; problem: string } {
  return { ok: false, problem: `The ${form.label} ${quoted(text)} ${rest}` };
}
