import type { Coverage } from './blackouts/coverage.ts';
import type { CatchUp } from './catch-up.ts';
import type { CompiledSchedule } from './compile.ts';
import type { Span } from './spans.ts';

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
  /** The blackouts of the job; without them nothing is held or left out. */
  readonly coverage?: Coverage;
  /** At most so many ticks in one plan, beside those that are made up for. */
  readonly maxAhead?: number;
}

export interface PlannedTick {
  readonly at: Date;
  /** When its run may start: the tick itself; where it was missed from now on, where a blackout holds it at its end. */
  readonly dueAt: Date;
  /** What the start deadline counts from: the tick, or where a blackout held it the end of that. */
  readonly promisedAt: Date;
  /** `late`: past its start deadline, to be recorded as skipped. */
  readonly outcome: 'run' | 'late';
  /** The blackout that it waits for, until `dueAt`. */
  readonly heldBy: number | null;
}

/** [from, to) holds exactly `ticks` fires, none of them planned and none in another gap. */
export interface PlannedGap {
  readonly from: Date;
  readonly to: Date;
  readonly ticks: number;
  /** Nobody planned at the time; a blackout left them out; it held them, and the latest of its fires stands for all. */
  readonly reason: 'missed' | 'blackout' | 'held';
  readonly blackoutId: number | null;
  /** The tick whose run stands for those of the gap. */
  readonly coveredBy: Date | null;
}

export interface Plan {
  readonly plan: readonly PlannedTick[];
  readonly gaps: readonly PlannedGap[];
  /** Every fire up to and including this instant is accounted for now; never before the cursor. */
  readonly plannedUntil: Date;
  /** There are more ticks before the horizon than one plan holds. */
  readonly isCutOff: boolean;
  /** The first fire after `plannedUntil`, accounted for or not; null when none comes. */
  readonly nextTickAt: Date | null;
  /** The one tick that stands for all that was missed, where the catch-up rule is `latest` and something was. */
  readonly standIn: Date | null;
}
