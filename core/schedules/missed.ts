import type { CatchUp } from './catch-up.ts';
import type { CompiledSchedule } from './compile.ts';
import { countFires, fires, nextFire } from './fires.ts';

/** A stretch whose ticks are accounted for elsewhere, [from, to); without an end it goes on. */
export interface Span {
  readonly from: Date;
  readonly to: Date | null;
}

export interface PlanInput {
  readonly schedule: CompiledSchedule;
  /** Every fire up to and including this instant is accounted for. */
  readonly cursor: Date;
  readonly now: Date;
  /** How far ahead ticks are planned, inclusive. */
  readonly horizon: Date;
  readonly catchUp: CatchUp;
  /** A tick that is older than this when it is planned is recorded and not run; null: none is too old. */
  readonly startDeadlineMs: number | null;
  /** Gaps that exist, in any order; they may overlap. */
  readonly accounted: readonly Span[];
  /** At most so many ticks in one plan, beside those that are made up for. */
  readonly maxAhead?: number;
}

export interface PlannedTick {
  readonly at: Date;
  /** When its run may start: the tick itself, or where it was missed from now on. */
  readonly dueAt: Date;
  /** `late`: past its start deadline, to be recorded as skipped. */
  readonly outcome: 'run' | 'late';
}

/** [from, to) holds exactly `ticks` fires, none of them planned and none in another gap. */
export interface MissedGap {
  readonly from: Date;
  readonly to: Date;
  readonly ticks: number;
  readonly reason: 'missed';
}

export interface Plan {
  readonly plan: readonly PlannedTick[];
  readonly gaps: readonly MissedGap[];
  /** Every fire up to and including this instant is accounted for now; never before the cursor. */
  readonly plannedUntil: Date;
  /** There are more ticks before the horizon than one plan holds. */
  readonly isCutOff: boolean;
  /** The first fire after `plannedUntil`, accounted for or not; null when none comes. */
  readonly nextTickAt: Date | null;
}

/** A planner that is at most this late was not away: each fire is planned for itself. */
export const MISSED_AFTER_MS = 5_000;
const MAX_AHEAD = 200;

/**
 * Decides what becomes of every fire after the cursor. Fires up to the horizon are planned as they are; but when one of
 * them is older than 5 s, nobody planned for a while: of all passed fires only the latest runs (`latest`), or so many of
 * the latest (`all`), or none (`none`), and the others stand in gaps. Counts, never builds, what doesn't run: a year of a
 * per-second schedule takes milliseconds.
 */
export function planTicks(input: PlanInput): Plan {
  const cursorMs = input.cursor.getTime();
  const spans = merged(input.accounted);
  const missed = missedTicks(input, spans);
  const ahead = ticksAhead(input, spans, missed?.untilMs ?? cursorMs);
  const plannedUntil = new Date(ahead.untilMs);
  return {
    plan: [...(missed?.plan ?? []), ...ahead.ticks],
    gaps: missed?.gaps ?? [],
    plannedUntil,
    isCutOff: ahead.isCutOff,
    nextTickAt: nextFire(input.schedule, plannedUntil)?.at ?? null,
  };
}

interface MissedTicks {
  readonly plan: readonly PlannedTick[];
  readonly gaps: readonly MissedGap[];
  readonly untilMs: number;
}

/** All passed fires, when the oldest shows that the planner was away; else null. */
function missedTicks(input: PlanInput, spans: readonly MsSpan[]): MissedTicks | null {
  const { schedule, now } = input;
  const nowMs = now.getTime();
  const open = openStretches(spans, input.cursor.getTime() + 1, nowMs + 1);
  const oldest = firstIn(schedule, open);
  if (oldest === null || oldest >= nowMs - MISSED_AFTER_MS) return null;
  const run = latestIn(schedule, open, mostToRun(input.catchUp));
  const gaps: MissedGap[] = [];
  for (const { from, to } of openStretches(spans, oldest, run[0] ?? nowMs + 1)) {
    const ticks = countFires(schedule, new Date(from - 1), new Date(to - 1));
    if (ticks > 0) gaps.push({ from: new Date(from), to: new Date(to), ticks, reason: 'missed' });
  }
  const plan = run.map((ms, n) =>
    planned(ms, input, nowMs + n * (60_000 / input.catchUp.perMinute)),
  );
  return { plan, gaps, untilMs: nowMs };
}

function mostToRun({ rule, most }: CatchUp): number {
  return rule === 'all' ? most : rule === 'latest' ? 1 : 0;
}

/** The fires after `afterMs` up to the horizon that no span accounts for, at most as many as a plan has room for. */
function ticksAhead(
  input: PlanInput,
  spans: readonly MsSpan[],
  afterMs: number,
): { ticks: PlannedTick[]; untilMs: number; isCutOff: boolean } {
  const horizonMs = input.horizon.getTime();
  const room = input.maxAhead ?? MAX_AHEAD;
  const ticks: PlannedTick[] = [];
  // What lies ahead stays open after the last tick, so that an edit of the schedule counts at once.
  let untilMs = Math.max(afterMs, Math.min(input.now.getTime(), horizonMs));
  for (const { from, to } of openStretches(spans, afterMs + 1, horizonMs + 1)) {
    const range = { after: new Date(from - 1), until: new Date(to - 1) };
    for (const { at } of fires(input.schedule, range)) {
      if (ticks.length >= room) {
        return { ticks, untilMs: ticks.at(-1)?.at.getTime() ?? afterMs, isCutOff: true };
      }
      ticks.push(planned(at.getTime(), input, at.getTime()));
      untilMs = Math.max(untilMs, at.getTime());
    }
  }
  return { ticks, untilMs, isCutOff: false };
}

function planned(ms: number, { now, startDeadlineMs }: PlanInput, dueMs: number): PlannedTick {
  const isLate = startDeadlineMs !== null && now.getTime() - ms > startDeadlineMs;
  return { at: new Date(ms), dueAt: new Date(dueMs), outcome: isLate ? 'late' : 'run' };
}

/** [from, to) in ms. */
interface MsSpan {
  readonly from: number;
  readonly to: number;
}

function firstIn(schedule: CompiledSchedule, stretches: readonly MsSpan[]): number | null {
  for (const { from, to } of stretches) {
    const fire = nextFire(schedule, new Date(from - 1));
    if (fire === null) return null;
    if (fire.at.getTime() < to) return fire.at.getTime();
  }
  return null;
}

/** The last `most` fires in the stretches, in order. */
function latestIn(
  schedule: CompiledSchedule,
  stretches: readonly MsSpan[],
  most: number,
): number[] {
  const found: number[] = [];
  for (const { from, to } of stretches.toReversed()) {
    let untilMs = to - 1;
    while (found.length < most) {
      const ms = schedule.latest(from - 1, untilMs);
      if (ms === null) break;
      found.push(ms);
      untilMs = ms - 1;
    }
  }
  return found.toReversed();
}

/** What of [from, to) lies in none of the spans, in order. */
function openStretches(spans: readonly MsSpan[], from: number, to: number): MsSpan[] {
  const open: MsSpan[] = [];
  let begin = from;
  for (const span of spans) {
    if (span.from >= to) break;
    if (span.from > begin) open.push({ from: begin, to: span.from });
    begin = Math.max(begin, span.to);
  }
  if (begin < to) open.push({ from: begin, to });
  return open;
}

function merged(spans: readonly Span[]): MsSpan[] {
  return spans
    .map(({ from, to }) => ({
      from: from.getTime(),
      to: to?.getTime() ?? Number.POSITIVE_INFINITY,
    }))
    .toSorted((a, b) => a.from - b.from);
}
