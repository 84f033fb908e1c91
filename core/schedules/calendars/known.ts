import type { BusinessDays } from './business-days.ts';

/** Where a schedule finds the calendar that it names. */
export interface Calendars {
  get(key: string, revision: number): BusinessDays | undefined;
}

/** A schedule names a revision of a calendar that nobody has given to this process. */
export class CalendarNotKnown extends Error {
  override name = 'CalendarNotKnown';
  constructor(key: string, revision: number | undefined) {
    super(
      revision === undefined
        ? `The schedule names the calendar ${key} without its revision.`
        : `Revision ${revision} of the calendar ${key} isn’t loaded.`,
    );
  }
}

const MOST_KEPT = 5_000;

/**
 * The calendars that this process was given. A revision never changes, so nothing in here grows stale; whoever reads
 * schedules from the database makes known what they name (core/calendars/know-calendars.ts).
 */
export class KnownCalendars implements Calendars {
  readonly #byRevision = new Map<string, BusinessDays>();

  get(key: string, revision: number): BusinessDays | undefined {
    return this.#byRevision.get(nameOf(key, revision));
  }

  add(key: string, revision: number, calendar: BusinessDays): void {
    this.#byRevision.set(nameOf(key, revision), calendar);
    for (const oldest of this.#byRevision.keys()) {
      if (this.#byRevision.size <= MOST_KEPT) return;
      this.#byRevision.delete(oldest);
    }
  }
}

export const knownCalendars = new KnownCalendars();

const nameOf = (key: string, revision: number) => `${key}@${revision}`;
