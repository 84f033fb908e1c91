import { type Coverage, type CoveredPart, NO_BLACKOUTS } from './blackouts/coverage.ts';
import { countFires, fires, nextFire } from './fires.ts';
import type { PlanInput, PlannedGap, PlannedTick } from './plan.ts';
import { latestFiresIn, type MsSpan, openStretches } from './spans.ts';

const MAX_AHEAD = 200;

export interface TicksAhead {
  readonly ticks: readonly PlannedTick[];
  readonly gaps: readonly PlannedGap[];
  readonly untilMs: number;
  readonly isCutOff: boolean;
}

/**
 * The fires after `afterMs` up to the horizon that no span accounts for, at most as many as a plan has room for; those in
 * a blackout stand in gaps, but for the latest of each stretch that holds, which becomes due at its end.
 */
export function ticksAhead(
  input: PlanInput,
  spans: readonly MsSpan[],
  afterMs: number,
): TicksAhead {
  const { schedule, coverage = NO_BLACKOUTS } = input;
  const horizonMs = input.horizon.getTime();
  const room = input.maxAhead ?? MAX_AHEAD;
  const ticks: PlannedTick[] = [];
  const gaps: PlannedGap[] = [];
  let handledMs = afterMs;
  for (const { from, to, covered } of pieces(coverage, spans, afterMs + 1, horizonMs + 1)) {
    const own = covered ? inBlackout(input, spans, covered, { from, to }) : { gap: null, held: [] };
    if (own.gap) {
      gaps.push(own.gap);
      handledMs = own.gap.to.getTime() - 1;
    }
    const range = { after: new Date(from - 1), until: new Date(to - 1) };
    const planned = covered ? own.held : ticksOf(fires(schedule, range), input);
    for (const tick of planned) {
      if (ticks.length >= room) return { ticks, gaps, untilMs: handledMs, isCutOff: true };
      ticks.push(tick);
      handledMs = tick.at.getTime();
    }
  }
  // What lies ahead stays open after the last tick, so that an edit of the schedule counts at once.
  const untilMs = Math.max(handledMs, Math.min(input.now.getTime(), horizonMs));
  return { ticks, gaps, untilMs, isCutOff: false };
}

/** Of the stretch of blackouts that covers `fromMs`, the last fire at or after it that is held; null where none is. */
export function latestHeld(
  { schedule, coverage = NO_BLACKOUTS }: Pick<PlanInput, 'schedule' | 'coverage'>,
  spans: readonly MsSpan[],
  fromMs: number,
): number | null {
  const endMs = coverage.freeFrom(fromMs);
  if (!Number.isFinite(endMs)) return null;
  const open = coverage
    .parts(fromMs, endMs)
    .filter(({ effect }) => effect === 'hold')
    .flatMap((part) => openStretches(spans, part.fromMs, part.toMs));
  return latestFiresIn(schedule, open, 1)[0] ?? null;
}

export function plannedTick(
  ms: number,
  { now, startDeadlineMs }: PlanInput,
  due: { ms: number; heldBy: number | null },
): PlannedTick {
  const isLate = startDeadlineMs !== null && now.getTime() - ms > startDeadlineMs;
  const at = new Date(ms);
  return {
    at,
    dueAt: new Date(due.ms),
    promisedAt: at,
    outcome: isLate ? 'late' : 'run',
    heldBy: due.heldBy,
  };
}

type Piece = MsSpan & { covered: CoveredPart | null };

/** [from, to) without the spans, cut where blackouts begin and end. */
function* pieces(
  coverage: Coverage,
  spans: readonly MsSpan[],
  from: number,
  to: number,
): Generator<Piece, void, undefined> {
  const covered = coverage.isEmpty || from >= to ? [] : coverage.parts(from, to);
  for (const open of openStretches(spans, from, to)) {
    let at = open.from;
    for (const part of covered) {
      if (part.toMs <= at || part.fromMs >= open.to) continue;
      if (part.fromMs > at) yield { from: at, to: part.fromMs, covered: null };
      const end = Math.min(part.toMs, open.to);
      yield { from: Math.max(at, part.fromMs), to: end, covered: part };
      at = end;
    }
    if (at < open.to) yield { from: at, to: open.to, covered: null };
  }
}

function* ticksOf(
  all: ReturnType<typeof fires>,
  input: PlanInput,
): Generator<PlannedTick, void, undefined> {
  for (const { at } of all) {
    yield plannedTick(at.getTime(), input, { ms: at.getTime(), heldBy: null });
  }
}

/** What becomes of the fires in a part of a blackout: counted, never built. */
function inBlackout(
  input: PlanInput,
  spans: readonly MsSpan[],
  { effect, blackout }: CoveredPart,
  { from, to }: MsSpan,
): { gap: PlannedGap | null; held: PlannedTick[] } {
  const { schedule, coverage = NO_BLACKOUTS } = input;
  const first = nextFire(schedule, new Date(from - 1));
  if (first === null || first.at.getTime() >= to) return { gap: null, held: [] };
  const gap = (end: number, reason: 'blackout' | 'held', coveredBy: number | null) =>
    gapOver(input, { from, to: end }, { reason, blackoutId: blackout.id, coveredBy });
  const latest = effect === 'hold' ? latestHeld(input, spans, from) : null;
  // One that holds for ever lets nothing go: its ticks are left out.
  if (latest === null) return { gap: gap(to, 'blackout', null), held: [] };
  const standing = { gap: gap(Math.min(to, latest), 'held', latest) };
  if (latest >= to) return { ...standing, held: [] };
  const dueAt = new Date(coverage.freeFrom(latest));
  const at = new Date(latest);
  const tick = { at, dueAt, promisedAt: dueAt, outcome: 'run', heldBy: blackout.id } as const;
  return { ...standing, held: [tick] };
}

function gapOver(
  { schedule }: PlanInput,
  { from, to }: MsSpan,
  said: { reason: PlannedGap['reason']; blackoutId: number; coveredBy: number | null },
): PlannedGap | null {
  const lastMs = schedule.latest(from - 1, to - 1);
  if (lastMs === null) return null;
  return {
    from: new Date(from),
    to: new Date(lastMs + 1),
    ticks: countFires(schedule, new Date(from - 1), new Date(lastMs)),
    reason: said.reason,
    blackoutId: said.blackoutId,
    coveredBy: said.coveredBy === null ? null : new Date(said.coveredBy),
  };
}
