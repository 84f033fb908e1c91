import { blackoutOfFire, blackoutsAhead } from './blackouts/blackouts-ahead.ts';
import { type Coverage, NO_BLACKOUTS } from './blackouts/coverage.ts';
import { type Calendars, knownCalendars } from './calendars/known.ts';
import { type CompiledSchedule, compileSchedule } from './compile.ts';
import {
  type DifferenceAhead,
  type FatedFire,
  type FireCounts,
  type FireDifference,
  isUnchanged,
} from './fire-counts.ts';
import { countFires, type Fire, fires } from './fires.ts';
import { commonCounter } from './fires-in-common.ts';
import type { Schedule } from './schedule-shape.ts';

/** After is exclusive, until inclusive. */
export interface Stretch {
  readonly after: Date;
  readonly until: Date;
}

type Common = ReturnType<typeof commonCounter>;

/** Steps through both schedules; 20,000 take 15 to 90 ms on a 2-core machine. */
const MOST_STEPS = 20_000;
// Below it, going through both costs less than counting their lines joined.
const FEW_FIRES = 500;

/**
 * What becomes of the fires of a stretch when one schedule takes the place of another. Bounded, however often they fire:
 * counts come from counting, and only so many fires as must be are made.
 * @param limit of `changed`
 */
export function differenceOfFires(
  saved: CompiledSchedule,
  edited: CompiledSchedule,
  { after, until, columns: number, limit }: Stretch & { columns: number; limit: number },
): FireDifference {
  const steps = { left: MOST_STEPS };
  const common = commonCounter(saved, edited);
  const columns = edgesOf(after, until, number).map(([fromMs, toMs]) =>
    countsIn(saved, edited, common, { fromMs, toMs }, steps),
  );
  const { changed, isCut } = firstChanges(saved, edited, common, columns, limit);
  return { ...sumOf(columns, after, until), columns, changed, isCut };
}

const DAY_MS = 86_400_000;
const COLUMNS = 120;
const MOST_CHANGED = 62;

/**
 * What saving does to the next so many days, in as many columns as a picture has.
 * @throws CalendarNotKnown
 */
export function differenceAhead(
  saved: Schedule,
  edited: Schedule,
  now: Date,
  days: number,
  { calendars = knownCalendars, coverage = NO_BLACKOUTS }: Surroundings = {},
): DifferenceAhead {
  const [before, next] = [compileSchedule(saved, calendars), compileSchedule(edited, calendars)];
  const stretch = { after: now, until: new Date(now.getTime() + days * DAY_MS) };
  const difference = differenceOfFires(before, next, {
    ...stretch,
    columns: COLUMNS,
    limit: MOST_CHANGED,
  });
  return {
    ...difference,
    changed: difference.changed.map((fire) => {
      const blackout = fire.fate === 'vanishes' ? null : blackoutOfFire(next, coverage, fire.atMs);
      return blackout ? { ...fire, blackout } : fire;
    }),
    blackouts: blackoutsAhead(next, coverage, stretch),
  };
}

/** What a schedule is reckoned with besides itself: the calendars, and the blackouts that hit its job. */
export interface Surroundings {
  readonly calendars?: Calendars;
  readonly coverage?: Coverage;
}

/** The fires of two schedules in one order, each instant once. Lazy, as `fires` is. */
export function* fatesOfFires(
  saved: CompiledSchedule,
  edited: CompiledSchedule,
  stretch: Stretch,
): Generator<FatedFire, void, undefined> {
  const before = fires(saved, stretch);
  const next = fires(edited, stretch);
  let one = nextOf(before);
  let other = nextOf(next);
  while (one !== null || other !== null) {
    const oneMs = one?.at.getTime() ?? Number.POSITIVE_INFINITY;
    const otherMs = other?.at.getTime() ?? Number.POSITIVE_INFINITY;
    if (oneMs < otherMs) {
      yield { atMs: oneMs, fate: 'vanishes', marks: one!.marks };
    } else {
      yield { atMs: otherMs, fate: oneMs === otherMs ? 'kept' : 'new', marks: other!.marks };
    }
    if (oneMs <= otherMs) one = nextOf(before);
    if (otherMs <= oneMs) other = nextOf(next);
  }
}

function nextOf(fires: Generator<Fire, void, undefined>): Fire | null {
  const { value } = fires.next();
  return value ?? null;
}

function edgesOf(after: Date, until: Date, number: number): [fromMs: number, toMs: number][] {
  const [fromMs, spanMs] = [after.getTime(), until.getTime() - after.getTime()];
  const edge = (index: number) => fromMs + Math.round((spanMs * index) / number);
  return Array.from({ length: number }, (_, index) => [edge(index), edge(index + 1)]);
}

function countsIn(
  saved: CompiledSchedule,
  edited: CompiledSchedule,
  common: Common,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  steps: { left: number },
): FireCounts {
  const stretch = { after: new Date(fromMs), until: new Date(toMs) };
  const counts = {
    fromMs,
    toMs,
    saved: countFires(saved, stretch.after, stretch.until),
    edited: countFires(edited, stretch.after, stretch.until),
  };
  const fewer = Math.min(counts.saved, counts.edited);
  if (fewer === 0) return { ...counts, kept: 0 };
  if (common && fewer > FEW_FIRES) return { ...counts, kept: common(fromMs, toMs) };
  if (fewer > steps.left) return { ...counts, kept: common?.(fromMs, toMs) ?? null };
  steps.left -= fewer;
  const [sparse, dense] = counts.saved === fewer ? [saved, edited] : [edited, saved];
  let kept = 0;
  for (const { at } of fires(sparse, stretch)) {
    if (dense.next(at.getTime() - 1)?.ms === at.getTime()) kept += 1;
  }
  return { ...counts, kept };
}

function firstChanges(
  saved: CompiledSchedule,
  edited: CompiledSchedule,
  common: Common,
  columns: readonly FireCounts[],
  limit: number,
): Pick<FireDifference, 'changed' | 'isCut'> {
  const changed: FatedFire[] = [];
  let left = MOST_STEPS;
  for (const column of columns) {
    if (isUnchanged(column)) continue;
    const fromMs = common ? unchangedUntil(saved, edited, common, column) : column.fromMs;
    const stretch = { after: new Date(fromMs), until: new Date(column.toMs) };
    for (const fire of fatesOfFires(saved, edited, stretch)) {
      if (left-- <= 0) return { changed, isCut: true };
      if (fire.fate === 'kept') continue;
      if (changed.length >= limit) return { changed, isCut: true };
      changed.push(fire);
    }
  }
  return { changed, isCut: false };
}

/** An instant before the first change of a stretch, with few fires between them: found by halving, without making any. */
function unchangedUntil(
  saved: CompiledSchedule,
  edited: CompiledSchedule,
  common: NonNullable<Common>,
  { fromMs, toMs, ...counts }: FireCounts,
): number {
  let doneMs = fromMs;
  let left = counts.saved + counts.edited;
  for (let endMs = toMs; left > FEW_FIRES && endMs - doneMs > 1_000;) {
    const midMs = Math.floor((doneMs + endMs) / 2);
    const [was, will] = [saved.count(doneMs, midMs), edited.count(doneMs, midMs)];
    if (isUnchanged({ saved: was, edited: will, kept: common(doneMs, midMs) })) doneMs = midMs;
    else {
      endMs = midMs;
      left = was + will;
    }
  }
  return doneMs;
}

function sumOf(columns: readonly FireCounts[], after: Date, until: Date): FireCounts {
  const kept = columns.map((column) => column.kept);
  return {
    fromMs: after.getTime(),
    toMs: until.getTime(),
    saved: columns.reduce((sum, column) => sum + column.saved, 0),
    edited: columns.reduce((sum, column) => sum + column.edited, 0),
    kept: kept.includes(null) ? null : kept.reduce<number>((sum, one) => sum + (one ?? 0), 0),
  };
}
