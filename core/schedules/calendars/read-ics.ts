import ICAL from 'ical.js';
import { dateOf, dayOf } from './business-days.ts';

/** A day off, as a calendar's definition has it. */
export interface NamedDate {
  readonly date: string;
  readonly name: string;
}

export type IcsReading =
  | {
      ok: true;
      /** In order, each day once. */
      dates: NamedDate[];
      /** Events of whole days that can't be taken as days: cut off, or repeated in a way that isn't read. */
      leftOut: number;
      /** The names of the first ten of them, where they have one. */
      leftOutNames: string[];
      /** Events at a time of day, which close no day. */
      atTimes: number;
    }
  | { ok: false; problem: string };

const MAX_BYTES = 1_000_000;
const MAX_DATES = 5_000;
const MAX_DAYS_OF_EVENT = 366;
/** Occurrences that are looked at in one file: some 0.1 ms each. */
const MAX_STEPS = 10_000;
const MAX_INTERVAL = 1_000;
const MOST_NAMES = 10;

/**
 * The days of a calendar file (RFC 5545) between two dates, `from` and `to` included: every day of its events that last
 * whole days. A file may come from anybody: it is bounded in size, in days and in how often its events repeat, and
 * nothing that it names is fetched.
 */
export function readIcs(text: string, { from, to }: { from: string; to: string }): IcsReading {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) {
    return refused(
      `The file has ${bytes.toLocaleString('en')} bytes; at most 1,000,000 are read. Give a smaller one.`,
    );
  }
  let events: ICAL.Component[];
  try {
    events = eventsOf(text);
  } catch {
    return refused(
      'The file is no calendar that can be read. Give one in the iCalendar format (.ics).',
    );
  }
  const reading = new DatesBetween(dayOf(from), dayOf(to));
  for (const event of events) {
    reading.take(event);
    if (reading.steps > MAX_STEPS) {
      return refused(
        'The events of this file repeat too often to be read. Give a file with fewer of them.',
      );
    }
    if (reading.names.size > MAX_DATES) {
      return refused('The file names more than 5,000 days. Give one that covers fewer years.');
    }
  }
  if (reading.names.size === 0) {
    return refused(
      `The file has no event of whole days between ${from} and ${to}. Give another file or another span.`,
    );
  }
  const dates = [...reading.names]
    .toSorted(([a], [b]) => a - b)
    .map(([day, name]) => ({ date: dateOf(day), name }));
  const { leftOut, leftOutNames, atTimes } = reading;
  return { ok: true, dates, leftOut, leftOutNames, atTimes };
}

/** @throws where the text isn't a calendar */
function eventsOf(text: string): ICAL.Component[] {
  const parsed: unknown = ICAL.parse(text);
  if (!Array.isArray(parsed) || parsed.length === 0) throw new Error('Nothing was read.');
  const roots = (Array.isArray(parsed[0]) ? parsed : [parsed]) as unknown[][];
  return roots.flatMap((root) => {
    const component = new ICAL.Component(root);
    if (component.name !== 'vcalendar') throw new Error('The root is no calendar.');
    return component.getAllSubcomponents('vevent');
  });
}

class DatesBetween {
  readonly names = new Map<number, string>();
  leftOut = 0;
  readonly leftOutNames: string[] = [];
  atTimes = 0;
  steps = 0;
  readonly #from: number;
  readonly #to: number;

  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
  }

  take(event: ICAL.Component): void {
    if (event.getFirstPropertyValue('status') === 'CANCELLED') return;
    const start = event.getFirstPropertyValue('dtstart');
    if (!(start instanceof ICAL.Time)) {
      this.#leaveOut(event);
    } else if (!start.isDate) {
      this.atTimes++;
    } else {
      try {
        this.#takeDays(event, start);
      } catch {
        this.#leaveOut(event);
      }
    }
  }

  #leaveOut(event: ICAL.Component): void {
    this.leftOut++;
    const name = nameOf(event);
    if (name !== '' && this.leftOutNames.length < MOST_NAMES) this.leftOutNames.push(name);
  }

  #takeDays(event: ICAL.Component, start: ICAL.Time): void {
    const lasts = daysOf(event, start);
    const rules = event.getAllProperties('rrule').map((property) => property.getFirstValue());
    const [rule, ...more] = rules;
    const isOverride = event.getFirstProperty('recurrence-id') !== null;
    if (
      lasts > MAX_DAYS_OF_EVENT ||
      more.length > 0 ||
      isOverride ||
      event.getFirstProperty('exrule')
    ) {
      this.#leaveOut(event);
      return;
    }
    const name = nameOf(event);
    const without = new Set(instantsOf(event, 'exdate'));
    const add = (first: number) => {
      this.steps++;
      if (without.has(first)) return;
      for (let day = Math.max(first, this.#from); day < first + lasts && day <= this.#to; day++) {
        this.steps++;
        if (!this.names.has(day)) this.names.set(day, name);
      }
    };
    if (rule === undefined) add(dayNumber(start));
    else if (rule instanceof ICAL.Recur && isReadable(rule)) this.#repeat(rule, start, add);
    else this.#leaveOut(event);
    for (const day of instantsOf(event, 'rdate')) add(day);
  }

  #repeat(rule: ICAL.Recur, start: ICAL.Time, add: (day: number) => void): void {
    const iterator = rule.iterator(start);
    for (let next = iterator.next(); next && this.steps <= MAX_STEPS; next = iterator.next()) {
      const day = dayNumber(next);
      if (day > this.#to) return;
      add(day);
    }
  }
}

/**
 * The rules whose next occurrence is found in a bounded number of steps. Under a daily or weekly rule each further
 * part only takes days away, and under a monthly one the month does: together they can leave none, for ever.
 */
function isReadable(rule: ICAL.Recur): boolean {
  if (rule.interval > MAX_INTERVAL) return false;
  const parts = Object.keys(rule.parts);
  const hasOnly = (...allowed: string[]) => parts.every((part) => allowed.includes(part));
  const days = (rule.parts.BYDAY ?? []).map(String);
  const isPlain = days.every((day) => /^[A-Z]{2}$/.test(day));
  switch (rule.freq) {
    case 'DAILY':
      return hasOnly() || (rule.interval === 1 && hasOnly('BYDAY') && isPlain);
    case 'WEEKLY':
      return hasOnly('BYDAY') && isPlain;
    case 'MONTHLY':
      return (
        (hasOnly('BYDAY') && days.every((day) => /^([+-]?[1-5])?[A-Z]{2}$/.test(day))) ||
        hasOnly('BYMONTHDAY')
      );
    case 'YEARLY':
      return hasOnly('BYMONTH', 'BYMONTHDAY') || hasOnly('BYMONTH', 'BYDAY');
    default:
      return false;
  }
}

/** In one line, as short as the name of a date may be. */
function nameOf(event: ICAL.Component): string {
  return String(event.getFirstPropertyValue('summary') ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200)
    .trimEnd();
}

/** How many days an event lasts; the end isn't part of it. */
function daysOf(event: ICAL.Component, start: ICAL.Time): number {
  const end = event.getFirstPropertyValue('dtend');
  if (end instanceof ICAL.Time) return Math.max(1, dayNumber(end) - dayNumber(start));
  const duration = event.getFirstPropertyValue('duration');
  if (duration instanceof ICAL.Duration)
    return Math.max(1, Math.ceil(duration.toSeconds() / 86_400));
  return 1;
}

function instantsOf(event: ICAL.Component, name: 'exdate' | 'rdate'): number[] {
  return event
    .getAllProperties(name)
    .flatMap((property) => property.getValues())
    .flatMap((value) => (value instanceof ICAL.Time ? [dayNumber(value)] : []));
}

const dayNumber = ({ year, month, day }: ICAL.Time) => Date.UTC(year, month - 1, day) / 86_400_000;

const refused = (problem: string): IcsReading => ({ ok: false, problem });
