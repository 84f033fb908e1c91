import type { BusinessDays } from './calendars/business-days.ts';
import type { ScheduleCalendar } from './calendars/calendar-rule.ts';
import { movedMark } from './calendar-timing.ts';
import type { TimedFire, Timing } from './timing.ts';
import type { Zone } from './zones.ts';

// What a calendar does to fires that no lines name: they have an instant, and the day that a zone's clock shows then.

const DAY_MS = 86_400_000;
/** Days off, or fires on days off, that are passed in a row before there is none: 54 years of days. */
const MOST_PASSED = 20_000;

/** A day as the clock of a zone shows it, or the part of it between two changes of the clock. `endMs` isn't part of it. */
export interface ZoneDay {
  /** Counted from 1970-01-01. */
  readonly day: number;
  readonly startMs: number;
  readonly endMs: number;
}

export function zoneDayAt(zone: Zone, ms: number): ZoneDay {
  const { startMs, endMs, offsetMs } = zone.stretchAt(ms);
  const day = Math.floor((ms + offsetMs) / DAY_MS);
  return {
    day,
    startMs: Math.max(startMs, day * DAY_MS - offsetMs),
    endMs: Math.min(endMs, (day + 1) * DAY_MS - offsetMs),
  };
}

/**
 * The same fires without those on days off. Counted by the day: a year of any interval costs 365 steps, however short
 * it is (0.1 ms).
 */
export function onBusinessDays(timing: Timing, zone: Zone, business: BusinessDays): Timing {
  // A search in vain is done once: where none was found, none is found farther on.
  let noneAfterMs = Number.POSITIVE_INFINITY;
  let noneBeforeMs = Number.NEGATIVE_INFINITY;

  const next = (afterMs: number): TimedFire | null => {
    if (afterMs >= noneAfterMs) return null;
    let fire = timing.next(afterMs);
    for (let passed = 0; fire !== null && passed <= MOST_PASSED; passed++) {
      const { day, endMs } = zoneDayAt(zone, fire.ms);
      if (business.isBusinessDay(day)) return fire;
      fire = timing.next(endMs - 1);
    }
    noneAfterMs = afterMs;
    return null;
  };

  const latest = (afterMs: number, untilMs: number): number | null => {
    if (untilMs <= noneBeforeMs) return null;
    let ms = timing.latest(afterMs, untilMs);
    for (let passed = 0; ms !== null && passed <= MOST_PASSED; passed++) {
      const { day, startMs } = zoneDayAt(zone, ms);
      if (business.isBusinessDay(day)) return ms;
      ms = timing.latest(afterMs, startMs - 1);
    }
    if (ms !== null) noneBeforeMs = untilMs;
    return null;
  };

  const count = (fromMs: number, toMs: number): number => {
    let sum = 0;
    let doneMs = fromMs;
    while (doneMs < toMs) {
      // Long stretches without any fire cost nothing, as long as somebody asks up to the end of time.
      const first = timing.next(doneMs);
      if (first === null || first.ms > toMs) return sum;
      const { day, endMs } = zoneDayAt(zone, first.ms);
      const untilMs = Math.min(endMs - 1, toMs);
      if (business.isBusinessDay(day)) sum += timing.count(doneMs, untilMs);
      doneMs = untilMs;
    }
    return sum;
  };

  return { next, latest, count };
}

/** Single dates under a calendar: what falls on a day off is left out, or keeps its time of day on a business day. */
export function datesUnder(
  dates: readonly TimedFire[],
  { rule }: ScheduleCalendar,
  zone: Zone,
  business: BusinessDays,
): TimedFire[] {
  return dates.flatMap((date) => {
    const { offsetMs } = zone.stretchAt(date.ms);
    const wallMs = date.ms + offsetMs;
    const day = Math.floor(wallMs / DAY_MS);
    if (business.isBusinessDay(day)) return [date];
    const to =
      rule === 'next' ? business.next(day) : rule === 'previous' ? business.previous(day) : null;
    if (to === null) return [];
    const ms = instantOf(zone, wallMs + (to - day) * DAY_MS);
    return [{ ms, marks: [movedMark(day, business.offBecause(day))] }];
  });
}

/** The first instant at which the clock shows a time; where it jumps over it, as if it hadn't. */
function instantOf(zone: Zone, wallMs: number): number {
  const before = zone.stretchAt(wallMs - DAY_MS).offsetMs;
  const offsets = [before, zone.stretchAt(wallMs + DAY_MS).offsetMs];
  const shown = offsets.find((offset) => zone.stretchAt(wallMs - offset).offsetMs === offset);
  return wallMs - (shown ?? before);
}
