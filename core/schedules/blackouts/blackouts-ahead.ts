import { latestHeld } from '../ahead.ts';
import type { CompiledSchedule } from '../compile.ts';
import { countFires } from '../fires.ts';
import type { BlackoutEffect } from './blackout-times.ts';
import type { Coverage } from './coverage.ts';
import { tickInBlackout } from './tick-in-blackout.ts';
import type { Window } from './windows.ts';

/** The blackout that a fire falls in; ms since 1970. */
export interface BlackoutOfFire {
  readonly name: string;
  readonly effect: BlackoutEffect;
  /** When it runs all the same; null: it doesn't, or a later one runs for it. */
  readonly runsAtMs: number | null;
}

/** What blackouts make of the fires of a stretch. */
export interface BlackoutsAhead {
  /** How many fall in one. */
  readonly fires: number;
  /** How many of those run when it is over. */
  readonly later: number;
  /** Of the blackouts, in the order in which they have the say. */
  readonly names: readonly string[];
  /** When any is on, clipped to the stretch, in order; ms since 1970. */
  readonly windows: readonly Window[];
}

/** Null for a fire in the open. */
export function blackoutOfFire(
  schedule: CompiledSchedule,
  coverage: Coverage,
  ms: number,
): BlackoutOfFire | null {
  const found = tickInBlackout(schedule, coverage, ms);
  if (found === null) return null;
  const { name, effect } = found.blackout;
  return { name, effect, runsAtMs: found.runsAtMs };
}

/** Null where no blackout is on between `after`, exclusive, and `until`, inclusive. Fires are counted, never made. */
export function blackoutsAhead(
  schedule: CompiledSchedule,
  coverage: Coverage,
  { after, until }: { after: Date; until: Date },
): BlackoutsAhead | null {
  const [fromMs, toMs] = [after.getTime() + 1, until.getTime() + 1];
  const parts = coverage.isEmpty ? [] : coverage.parts(fromMs, toMs);
  if (parts.length === 0) return null;
  const windows = joined(parts);
  return {
    fires: parts.reduce((sum, part) => sum + firesIn(schedule, part), 0),
    later: windows.filter((window) => hasOneThatRuns(schedule, coverage, window)).length,
    names: [...new Set(parts.map(({ blackout }) => blackout.name))],
    windows,
  };
}

const firesIn = (schedule: CompiledSchedule, { fromMs, toMs }: Window) =>
  countFires(schedule, new Date(fromMs - 1), new Date(toMs - 1));

/** Of what a stretch of blackouts holds one runs, the latest; it may lie beyond the end of what is looked at. */
function hasOneThatRuns(
  schedule: CompiledSchedule,
  coverage: Coverage,
  { fromMs, toMs }: Window,
): boolean {
  const latest = latestHeld({ schedule, coverage }, [], fromMs);
  return latest !== null && latest < toMs;
}

function joined(parts: readonly Window[]): Window[] {
  const windows: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of parts) {
    const last = windows.at(-1);
    if (last?.toMs === fromMs) last.toMs = toMs;
    else windows.push({ fromMs, toMs });
  }
  return windows;
}
