import { NO_BLACKOUTS } from './blackouts/coverage.ts';
import { dueAfter } from './blackouts/due-outside.ts';
import { latestHeld, plannedTick, ticksAhead } from './ahead.ts';
import type { CatchUp } from './catch-up.ts';
import { countFires, nextFire } from './fires.ts';
import type { Plan, PlanInput, PlannedGap, PlannedTick } from './plan.ts';
import { firstFireIn, inOrder, latestFiresIn, type MsSpan, openStretches } from './spans.ts';

/** A planner that is at most this late was not away: each fire is planned for itself. */
export const MISSED_AFTER_MS = 5_000;

/**
 * Decides what becomes of every fire after the cursor. Fires up to the horizon are planned as they are; but when one of
 * them is older than 5 s, nobody planned for a while: of all passed fires only the latest runs (`latest`), or so many of
 * the latest (`all`), or none (`none`), and the others stand in gaps. Fires in a blackout stand in gaps of their own, and
 * of those that it holds the latest runs at its end. Counts, never builds, what doesn't run: a year of a per-second
 * schedule takes milliseconds.
 */
export function planTicks(input: PlanInput): Plan {
  const cursorMs = input.cursor.getTime();
  const spans = inOrder(input.accounted);
  const missed = missedTicks(input, spans);
  const ahead = ticksAhead(input, spans, missed?.untilMs ?? cursorMs);
  const plannedUntil = new Date(ahead.untilMs);
  return {
    plan: [...(missed?.plan ?? []), ...ahead.ticks],
    gaps: [...(missed?.gaps ?? []), ...ahead.gaps],
    plannedUntil,
    isCutOff: ahead.isCutOff,
    nextTickAt: nextFire(input.schedule, plannedUntil)?.at ?? null,
    standIn: missed?.standIn ?? null,
  };
}

interface MissedTicks {
  readonly plan: readonly PlannedTick[];
  readonly gaps: readonly PlannedGap[];
  readonly standIn: Date | null;
  readonly untilMs: number;
}

/** All passed fires, when the oldest shows that the planner was away; else null. */
function missedTicks(input: PlanInput, spans: readonly MsSpan[]): MissedTicks | null {
  const { schedule, now, catchUp, coverage = NO_BLACKOUTS } = input;
  const nowMs = now.getTime();
  const from = input.cursor.getTime() + 1;
  if (from > nowMs) return null;
  // What lies in the blackouts that cover this moment wasn't missed: it is held or left out as it would have been.
  const covered = coverage.isEmpty ? null : coverage.stretchBegin(nowMs, from);
  const to = covered ?? nowMs + 1;
  const skips = coverage.isEmpty
    ? []
    : coverage.parts(from, to).filter(({ effect }) => effect === 'skip');
  const apart = skips.map(({ fromMs, toMs }) => ({ from: fromMs, to: toMs }));
  const elsewhere = [...spans, ...apart].toSorted((a, b) => a.from - b.from);
  const open = openStretches(elsewhere, from, to);
  const oldest = firstFireIn(schedule, open);
  if (oldest === null || oldest >= nowMs - MISSED_AFTER_MS) return null;
  const held = covered !== null && catchUp.rule === 'latest' ? latestHeld(input, spans, to) : null;
  const run = held === null ? latestFiresIn(schedule, open, mostToRun(catchUp)) : [];
  const standIn = catchUp.rule === 'latest' ? (held ?? run[0] ?? null) : null;
  const gaps = [
    ...gapsOver(input, openStretches(elsewhere, oldest, run[0] ?? to), {
      reason: 'missed',
      blackoutId: null,
      coveredBy: standIn,
    }),
    ...skips.flatMap(({ fromMs, toMs, blackout }) =>
      gapsOver(input, openStretches(spans, fromMs, toMs), {
        reason: 'blackout',
        blackoutId: blackout.id,
        coveredBy: null,
      }),
    ),
  ];
  const plan = run.map((ms, n) =>
    plannedTick(
      ms,
      input,
      dueAfter(input.coverage ?? NO_BLACKOUTS, nowMs, n * (60_000 / catchUp.perMinute)),
    ),
  );
  return { plan, gaps, standIn: standIn === null ? null : new Date(standIn), untilMs: to - 1 };
}

function mostToRun({ rule, most }: CatchUp): number {
  return rule === 'all' ? most : rule === 'latest' ? 1 : 0;
}

function gapsOver(
  { schedule }: PlanInput,
  stretches: readonly MsSpan[],
  said: { reason: PlannedGap['reason']; blackoutId: number | null; coveredBy: number | null },
): PlannedGap[] {
  return stretches.flatMap(({ from, to }) => {
    const ticks = countFires(schedule, new Date(from - 1), new Date(to - 1));
    if (ticks === 0) return [];
    const coveredBy = said.coveredBy === null ? null : new Date(said.coveredBy);
    return [{ ...said, from: new Date(from), to: new Date(to), ticks, coveredBy }];
  });
}
