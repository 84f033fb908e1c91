import { latestHeld } from '../ahead.ts';
import { nextFire } from '../fires.ts';
import type { CompiledSchedule } from '../compile.ts';
import type { Blackout, Coverage } from './coverage.ts';

/** What a blackout makes of a tick. */
export interface TickInBlackout {
  readonly blackout: Blackout;
  /** When it runs all the same; null: it doesn't. */
  readonly runsAtMs: number | null;
  /** When what covers it is over; null: never. */
  readonly untilMs: number | null;
}

/** Null in the open. One that blackouts hold runs at their end where it is the latest of them. */
export function tickInBlackout(
  schedule: CompiledSchedule,
  coverage: Coverage,
  ms: number,
): TickInBlackout | null {
  const part = coverage.isEmpty ? null : coverage.partAt(ms);
  if (part === null) return null;
  const endMs = coverage.freeFrom(ms);
  const untilMs = Number.isFinite(endMs) ? endMs : null;
  const isLatest = part.effect === 'hold' && latestHeld({ schedule, coverage }, [], ms) === ms;
  return { blackout: part.blackout, runsAtMs: isLatest ? untilMs : null, untilMs };
}

/** A job whose ticks all fall in windows is asked for so many of them. */
const MOST_WINDOWS = 50;

/** When a tick that falls in a blackout, or else the first one after that, starts a run; null: none within sight. */
export function nextStartAfter(
  schedule: CompiledSchedule,
  coverage: Coverage,
  tickMs: number,
): number | null {
  let atMs: number | null = tickMs;
  for (let windows = 0; atMs !== null && windows < MOST_WINDOWS; windows++) {
    const freeMs = coverage.freeFrom(atMs);
    if (freeMs === atMs) return atMs;
    if (!Number.isFinite(freeMs)) return null;
    if (latestHeld({ schedule, coverage }, [], atMs) !== null) return freeMs;
    atMs = nextFire(schedule, new Date(freeMs - 1))?.at.getTime() ?? null;
  }
  return null;
}
