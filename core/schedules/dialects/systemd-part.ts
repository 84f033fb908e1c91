import { quoted } from '../cron-field.ts';

/** What one part of a calendar event may hold. */
export interface SystemdForm {
  readonly label: string;
  readonly min: number;
  readonly max: number;
}

export const YEAR: SystemdForm = { label: 'year', min: 1970, max: 2199 };
export const MONTH: SystemdForm = { label: 'month', min: 1, max: 12 };
export const DAY: SystemdForm = { label: 'day', min: 1, max: 31 };
/** Counted from the month's end, so that every month has them. */
export const DAY_FROM_END: SystemdForm = { label: 'day from the month’s end', min: 1, max: 28 };
export const HOUR: SystemdForm = { label: 'hour', min: 0, max: 23 };
export const MINUTE: SystemdForm = { label: 'minute', min: 0, max: 59 };
export const SECOND: SystemdForm = { label: 'second', min: 0, max: 59 };

export type PartReading =
  | {
      ok: true;
      /** Null for `*`. */
      values: readonly number[] | null;
    }
  | { ok: false; problem: string };

const ITEM = /^(\d+)(?:\.\.(\d+))?(?:\/(\d+))?$/;

/** A list of values, ranges (`1..5`) and repetitions (`0/15`), as calendar_spec of systemd has it. */
export function readSystemdPart(text: string, form: SystemdForm): PartReading {
  if (text === '*') return { ok: true, values: null };
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const read = readItem(form === SECOND ? withoutZeroFraction(item) : item, text, form);
    if (!read.ok) return read;
    for (const value of read.values ?? []) values.add(value);
  }
  const isEvery = form.min === 0 && values.size === form.max + 1;
  return { ok: true, values: isEvery ? null : [...values].toSorted((a, b) => a - b) };
}

function readItem(item: string, whole: string, form: SystemdForm): PartReading {
  if (item === '') {
    return systemdProblem(form, whole, 'has a comma with nothing beside it. Remove that comma.');
  }
  if (item.startsWith('*')) {
    const step = /^\*\/(\d+)$/.exec(item)?.[1];
    const instead = step === undefined ? '*' : `${form.min}/${step}`;
    return systemdProblem(form, whole, `has a star that doesn’t stand alone. Write ${instead}.`);
  }
  if (form === SECOND && /\d\.\d/.test(item)) {
    return systemdProblem(form, item, 'has a fraction. A job runs on whole seconds: round it.');
  }
  const parts = ITEM.exec(item);
  if (!parts) {
    return systemdProblem(
      form,
      item,
      `is not understood. Use *, ${form.min} to ${form.max}, a range such as ${form.min}..${form.min + 3}, a repetition such as ${form.min}/2, or a list of these.`,
    );
  }
  return valuesOf(item, form, {
    start: numberOf(parts[1] ?? '', form),
    stop: parts[2] === undefined ? null : numberOf(parts[2], form),
    repeat: parts[3] === undefined ? null : Number(parts[3]),
  });
}

function valuesOf(
  item: string,
  form: SystemdForm,
  { start, stop, repeat }: { start: number; stop: number | null; repeat: number | null },
): PartReading {
  for (const value of stop === null ? [start] : [start, stop]) {
    if (value < form.min || value > form.max) {
      return systemdProblem(form, item, `is out of range. Use ${form.min} to ${form.max}.`);
    }
  }
  if (stop !== null && stop < start) {
    return systemdProblem(form, item, 'runs backwards. Write the lower value first.');
  }
  if (repeat === 0) return systemdProblem(form, item, 'repeats after 0. Use 1 or more.');
  const isFromEnd = form === DAY_FROM_END;
  const step = (stop === null && isFromEnd ? -1 : 1) * (repeat ?? 1);
  const end = stop ?? (repeat === null ? start : isFromEnd ? form.min : form.max);
  if (stop === null && repeat !== null && (step > 0 ? start + step > end : start + step < end)) {
    return systemdProblem(
      form,
      item,
      'never repeats: its step leads out of the range. Leave the step out.',
    );
  }
  const values: number[] = [];
  for (let value = start; step > 0 ? value <= end : value >= end; value += step) {
    values.push(value);
  }
  return { ok: true, values };
}

/** Two digits of a year stand for 1970 to 2069. */
function numberOf(text: string, form: SystemdForm): number {
  const value = Number(text);
  if (form !== YEAR || value > 99) return value;
  return value < 70 ? 2000 + value : 1900 + value;
}

function withoutZeroFraction(item: string): string {
  return item.replaceAll(/(\d)\.0+(?!\d)/g, '$1');
}

export function systemdProblem(
  form: SystemdForm,
  text: string,
  rest: string,
): { ok: false; problem: string } {
  return { ok: false, problem: `The ${form.label} ${quoted(text)} ${rest}` };
}
