import { zoneNamed } from '../zones.ts';
import type { BlackoutTimes } from './blackout-times.ts';

/** [fromMs, toMs) in epoch ms. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

const DAY_MS = 86_400_000;
/** No window of a week begins so long before an instant that it covers: a day, and what a zone's clock may differ from UTC. */
const LONGEST_WEEKLY_MS = 4 * DAY_MS;

/**
 * The windows that have a part in [fromMs, toMs), whole, in the order in which they begin. Weekly ones may overlap by an
 * hour where a clock goes back.
 */
export function* windowsOf(
  times: BlackoutTimes,
  fromMs: number,
  toMs: number,
): Generator<Window, void, undefined> {
  if (times.type === 'once') {
    const window = { fromMs: Date.parse(times.from), toMs: Date.parse(times.to) };
    if (window.fromMs < toMs && window.toMs > fromMs) yield window;
    return;
  }
  const first = Math.floor((fromMs - LONGEST_WEEKLY_MS) / DAY_MS);
  const last = Math.floor(toMs / DAY_MS) + 1;
  for (let day = first; day <= last; day++) {
    if (!times.weekdays.includes(weekdayOf(day))) continue;
    const window = weeklyWindow(times, day);
    if (window.fromMs < toMs && window.toMs > fromMs && window.fromMs < window.toMs) yield window;
  }
}

/** 1 is Monday; day 0 is 1 January 1970, a Thursday. */
const weekdayOf = (day: number) => ((((day + 3) % 7) + 7) % 7) + 1;

/**
 * A window never ends before its clock has shown the end for the last time, nor begins after it has shown the beginning
 * for the first time. A time that the clock jumps over is the instant of the jump.
 */
function weeklyWindow(
  { from, to, timeZone }: Extract<BlackoutTimes, { type: 'weekly' }>,
  day: number,
): Window {
  const endDay = to <= from ? day + 1 : day;
  return {
    fromMs: instantsOf(day * DAY_MS + timeOf(from), timeZone).firstMs,
    toMs: instantsOf(endDay * DAY_MS + timeOf(to), timeZone).lastMs,
  };
}

function timeOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}

/** When a zone's clock shows a wall time (as if it stood in UTC, in ms): for the first and for the last time. */
function instantsOf(wallMs: number, timeZone: string): { firstMs: number; lastMs: number } {
  const zone = zoneNamed(timeZone);
  // No zone changes its offset twice within two days, so these two are all that it can have.
  const before = zone.stretchAt(wallMs - DAY_MS - 1);
  const beforeMs = before.offsetMs;
  const afterMs = zone.stretchAt(wallMs + DAY_MS + 1).offsetMs;
  const shown = [wallMs - beforeMs, wallMs - afterMs].filter(
    (ms) => ms + zone.stretchAt(ms).offsetMs === wallMs,
  );
  if (shown.length > 0) return { firstMs: Math.min(...shown), lastMs: Math.max(...shown) };
  // The clock jumps from before it to after it: the stretch with the old offset ends at the jump.
  const jumpMs = zone.stretchAt(wallMs - Math.max(beforeMs, afterMs)).endMs;
  return { firstMs: jumpMs, lastMs: jumpMs };
}
