import type { DstRule } from './dst-rule.ts';
import { countWalls, nextWall, previousWall, type WallLine } from './wall-clock.ts';
import { LONGEST_JUMP_MS, type Stretch, type Zone } from './zones.ts';

/** What is unusual about a fire of a line. */
export type DstMark =
  /**
   * A fixed time that the clock jumped over. `alsoMoved` is how many further times of the same line were jumped over
   * and run with it.
   */
  | { kind: 'moved_by_dst'; wallTime: string; alsoMoved: number }
  /** On the second pass of an hour that the clock shows twice. */
  | { kind: 'repeated' };

/** A fire in ms; `marks` is empty for nearly all. */
export interface LineFire {
  readonly ms: number;
  readonly marks: readonly DstMark[];
}

/** Where a line stands: its zone, and what changes of that zone's clock do to fixed times. */
export interface Clock {
  readonly zone: Zone;
  readonly dst: DstRule;
}

const NONE: readonly DstMark[] = [];
const REPEATED: readonly DstMark[] = [{ kind: 'repeated' }];
/** Farther than any two readings of one instant lie apart. */
const SAFE_MS = 2 * LONGEST_JUMP_MS;

/** The line's first fire after `afterMs`, or null. */
export function nextFireOfLine(line: WallLine, clock: Clock, afterMs: number): LineFire | null {
  let fromMs = afterMs + 1;
  for (;;) {
    const stretch = clock.zone.stretchAt(fromMs);
    const moved = movedFrom(line, clock.dst, stretch, fromMs);
    if (moved !== null && moved.ms === fromMs) return moved;
    const { offsetMs, endMs } = stretch;
    const firstWall = Math.max(fromMs + offsetMs, firstWallOf(line, clock.dst, stretch));
    const wall = nextWall(line, firstWall);
    if (wall !== null && wall < endWallOf(line, clock.dst, stretch)) {
      const ms = wall - offsetMs;
      if (moved !== null && moved.ms <= ms) return moved;
      return { ms, marks: isRepeated(ms, stretch) ? REPEATED : NONE };
    }
    if (moved !== null) return moved;
    // Close to its end, what was already passed may be shown again by the clock: go on there. Else jump.
    const mayRepeat = endMs - fromMs < SAFE_MS;
    if (wall === null && !mayRepeat) return null;
    fromMs = mayRepeat ? endMs : Math.max(endMs, (wall ?? 0) - SAFE_MS);
  }
}

/** The line's last fire in (afterMs, upToMs], or null. */
export function latestFireOfLine(
  line: WallLine,
  clock: Clock,
  afterMs: number,
  upToMs: number,
): number | null {
  let lastMs = upToMs;
  while (lastMs > afterMs) {
    const stretch = clock.zone.stretchAt(lastMs);
    const { startMs, offsetMs } = stretch;
    const lastWall = Math.min(lastMs + offsetMs, endWallOf(line, clock.dst, stretch) - 1);
    const wall = previousWall(line, lastWall);
    const ofClock =
      wall !== null && wall >= firstWallOf(line, clock.dst, stretch) ? wall - offsetMs : null;
    // What was moved lies within the length of the jump, so a later fire of the clock is the last one.
    const isLast = ofClock !== null && ofClock - startMs >= offsetMs - stretch.offsetBeforeMs;
    const moved = isLast ? null : lastMovedUpTo(line, clock.dst, stretch, lastMs);
    const found = later(ofClock, moved);
    if (found !== null) return found > afterMs ? found : null;
    // As above, the other way round.
    const mayRepeat = lastMs - startMs < SAFE_MS;
    if (wall === null && !mayRepeat) return null;
    lastMs = mayRepeat ? startMs - 1 : Math.min(startMs - 1, (wall ?? 0) + SAFE_MS);
  }
  return null;
}

/**
 * The first wall time that the line may take in the stretch. Where the clock went back, a fixed time had its turn in
 * the first pass, unless the rule says otherwise; where it went forward, the times jumped over are no part of the
 * stretch.
 */
function firstWallOf(line: WallLine, dst: DstRule, stretch: Stretch): number {
  const { startMs, offsetMs, offsetBeforeMs } = stretch;
  const hadItsTurn = line.isFixedTime && dst.repeated === 'first';
  return startMs + (hadItsTurn ? Math.max(offsetMs, offsetBeforeMs) : offsetMs);
}

/** The first wall time that the line may no longer take: where the second pass counts, the first one is left out. */
function endWallOf(line: WallLine, dst: DstRule, stretch: Stretch): number {
  const { endMs, offsetMs, offsetAfterMs } = stretch;
  const waits = line.isFixedTime && dst.repeated === 'second';
  return endMs + (waits ? Math.min(offsetMs, offsetAfterMs) : offsetMs);
}

/**
 * The next fixed time at or after `fromMs` that was jumped over at the stretch's start, where the rule runs it; also
 * where the jump ends on the next day (America/Nuuk, 23:00; croner drops that one). Where a zone left out a whole date,
 * that date has no fires.
 */
function movedFrom(
  line: WallLine,
  dst: DstRule,
  stretch: Stretch,
  fromMs: number,
): LineFire | null {
  if (!mayBeMoved(line, dst, stretch)) return null;
  const { startMs, offsetMs, offsetBeforeMs } = stretch;
  const endOfGap = startMs + offsetMs;
  if (dst.missing === 'end') {
    if (fromMs > startMs) return null;
    const wall = nextWall(line, startMs + offsetBeforeMs);
    if (wall === null || wall >= endOfGap) return null;
    const alsoMoved = countWalls(line, wall, endOfGap - 1) - 1;
    return {
      ms: startMs,
      marks: [{ kind: 'moved_by_dst', wallTime: wallTimeOf(wall), alsoMoved }],
    };
  }
  if (fromMs + offsetBeforeMs >= endOfGap) return null;
  const wall = nextWall(line, fromMs + offsetBeforeMs);
  if (wall === null || wall >= endOfGap) return null;
  const mark: DstMark = { kind: 'moved_by_dst', wallTime: wallTimeOf(wall), alsoMoved: 0 };
  return { ms: wall - offsetBeforeMs, marks: [mark] };
}

/** The last moved fire of the stretch at or before `upToMs`. */
function lastMovedUpTo(
  line: WallLine,
  dst: DstRule,
  stretch: Stretch,
  upToMs: number,
): number | null {
  if (!mayBeMoved(line, dst, stretch)) return null;
  const { startMs, offsetMs, offsetBeforeMs } = stretch;
  const startOfGap = startMs + offsetBeforeMs;
  const lastOfGap = startMs + offsetMs - 1;
  const isAtEnd = dst.missing === 'end';
  const wall = previousWall(
    line,
    isAtEnd ? lastOfGap : Math.min(lastOfGap, upToMs + offsetBeforeMs),
  );
  if (wall === null || wall < startOfGap) return null;
  return isAtEnd ? startMs : wall - offsetBeforeMs;
}

function mayBeMoved(line: WallLine, dst: DstRule, { offsetMs, offsetBeforeMs }: Stretch): boolean {
  const jumpMs = offsetMs - offsetBeforeMs;
  return line.isFixedTime && dst.missing !== 'skip' && jumpMs > 0 && jumpMs < LONGEST_DST_JUMP_MS;
}

/** Daylight saving moves a clock by 2 hours at most, Casey station once by 3; what is longer left out a date. */
const LONGEST_DST_JUMP_MS = 12 * 3_600_000;

function isRepeated(ms: number, { startMs, offsetMs, offsetBeforeMs }: Stretch): boolean {
  return ms < startMs + offsetBeforeMs - offsetMs;
}

/** `02:30`, or `02:30:15` where it has seconds. */
function wallTimeOf(wallMs: number): string {
  const text = new Date(wallMs).toISOString();
  return text.slice(11, text.slice(17, 19) === '00' ? 16 : 19);
}

function later(a: number | null, b: number | null): number | null {
  return a === null || (b !== null && b > a) ? b : a;
}
