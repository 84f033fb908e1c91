import { latestHeld } from '../ahead.ts';
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
