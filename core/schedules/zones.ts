import { BoundedCache } from './bounded-cache.ts';

/** A stretch of time with one offset from UTC. Instants and offsets in ms; `endMs` isn't part of it. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
  readonly offsetMs: number;
  /** The offset before `startMs`; the same as `offsetMs` where nothing changed there. */
  readonly offsetBeforeMs: number;
  /** The offset from `endMs` on; the same as `offsetMs` where nothing changes there. */
  readonly offsetAfterMs: number;
}

export interface ZoneChange {
  readonly at: Date;
  readonly offsetBeforeMinutes: number;
  readonly offsetAfterMinutes: number;
}

/** The longest jump that any zone made: Kiritimati skipped a day and 40 minutes. */
export const LONGEST_JUMP_MS = 26 * 3_600_000;

const YEARS_AHEAD = 20;

/**
 * The next `n` changes of a zone's offset after `after`, at most 20 years ahead; fewer where the zone doesn't change.
 * @throws RangeError for a zone that is unknown
 */
export function zoneChanges(timeZone: string, after: Date, n: number): ZoneChange[] {
  const zone = zoneNamed(timeZone);
  const changes: ZoneChange[] = [];
  const firstYear = after.getUTCFullYear();
  for (let year = firstYear; year <= firstYear + YEARS_AHEAD && changes.length < n; year++) {
    for (const change of zone.changesIn(year)) {
      if (change.atMs <= after.getTime() || changes.length >= n) continue;
      changes.push({
        at: new Date(change.atMs),
        offsetBeforeMinutes: change.beforeMs / 60_000,
        offsetAfterMinutes: change.afterMs / 60_000,
      });
    }
  }
  return changes;
}

/** @throws RangeError for a zone that Intl doesn't know */
export function zoneNamed(name: string): Zone {
  return zones.get(name);
}

const zones = new BoundedCache<string, Zone>(700, (name) => new Zone(name));

interface Change {
  readonly atMs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

// Since 1970 no zone changed twice within 6.9 days (tz 2026c), so a look every 3 days misses none.
const LOOK_MS = 3 * 86_400_000;

/** The offsets of one zone, found through Intl once for each year and kept. */
class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #years = new BoundedCache<number, readonly Change[]>(300, (year) => this.#find(year));
  /** For a year: a change so close to its beginning that the clock may show again what it showed before that. */
  readonly #early = new BoundedCache<number, readonly Change[]>(300, (year) => {
    const startMs = Date.UTC(year, 0, 1);
    const soonMs = startMs + 2 * LONGEST_JUMP_MS;
    if (this.#offsetAt(startMs) === this.#offsetAt(soonMs)) return [];
    return this.#years.get(year).filter((change) => change.atMs <= soonMs);
  });
  #last: Stretch | undefined;

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  /**
   * The stretch that the instant lies in. It may end, or begin, at a turn of the year at which nothing changes; a
   * change that begins it is known for at least a year, and one that ends it is the end also just after such a turn.
   */
  stretchAt(ms: number): Stretch {
    const last = this.#last;
    if (last !== undefined && last.startMs <= ms && ms < last.endMs) return last;
    const year = new Date(ms).getUTCFullYear();
    const changes = [...this.#years.get(year - 1), ...this.#years.get(year)];
    const begun = changes.findLast((change) => change.atMs <= ms);
    const next = changes.find((change) => change.atMs > ms) ?? this.#early.get(year + 1)[0];
    const startMs = begun?.atMs ?? Date.UTC(year - 1, 0, 1);
    const offsetMs = begun?.afterMs ?? next?.beforeMs ?? this.#offsetAt(ms);
    this.#last = {
      startMs,
      endMs: next?.atMs ?? Date.UTC(year + 1, 0, 1),
      offsetMs,
      offsetBeforeMs: begun?.beforeMs ?? offsetMs,
      offsetAfterMs: next?.afterMs ?? offsetMs,
    };
    return this.#last;
  }

  /** The changes after the beginning of the UTC year, up to and including the beginning of the next. */
  changesIn(year: number): readonly Change[] {
    return this.#years.get(year);
  }

  #find(year: number): readonly Change[] {
    const changes: Change[] = [];
    const endMs = Date.UTC(year + 1, 0, 1);
    let fromMs = Date.UTC(year, 0, 1);
    let beforeMs = this.#offsetAt(fromMs);
    while (fromMs < endMs) {
      const toMs = Math.min(fromMs + LOOK_MS, endMs);
      const afterMs = this.#offsetAt(toMs);
      if (afterMs !== beforeMs) {
        changes.push({ atMs: this.#firstWith(afterMs, fromMs, toMs), beforeMs, afterMs });
      }
      fromMs = toMs;
      beforeMs = afterMs;
    }
    return changes;
  }

  /** The first second in (fromMs, toMs] that has the offset, halving the span each time. */
  #firstWith(offsetMs: number, fromMs: number, toMs: number): number {
    let before = fromMs;
    let since = toMs;
    while (since - before > 1_000) {
      const middle = before + Math.floor((since - before) / 2_000) * 1_000;
      if (this.#offsetAt(middle) === offsetMs) since = middle;
      else before = middle;
    }
    return since;
  }

  #offsetAt(ms: number): number {
    const parts = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(this.#format.format(ms));
    if (!parts) throw new Error(`The offset of a zone could not be read at ${ms}.`);
    const [, sign, hours, minutes, seconds] = parts;
    const sizeMs =
      (Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1_000;
    return sign === '-' ? -sizeMs : sizeMs;
  }
}
export type { Zone };
