import { BoundedCache } from './bounded-cache.ts';
import { readCronLine } from './cron-line.ts';
import { countWalls, nextWall, previousWall, wallLineOf, type WallLine } from './wall-clock.ts';
import { LONGEST_JUMP_MS, zoneNamed, type Stretch, type Zone } from './zones.ts';

/** What is unusual about a fire. */
export type FireMark =
  /**
   * A fixed time that the clock jumped over; it runs where the jump ends. `alsoMoved` is how many further times of the
   * same line were jumped over with it.
   */
  | { kind: 'moved_by_dst'; wallTime: string; alsoMoved: number }
  /** On the second pass of an hour that the clock shows twice. */
  | { kind: 'repeated' };

/** A fire in ms; `marks` is empty for nearly all. */
export interface FireAt {
  readonly ms: number;
  readonly marks: readonly FireMark[];
}

/** The lines of a cron schedule and their zone, read once. */
export interface CronLines {
  readonly lines: readonly WallLine[];
  readonly zone: Zone;
}

/** @throws Error when a line can't be read or the zone is unknown: a schedule that was parsed has neither */
export function cronLines(lines: readonly string[], timeZone: string): CronLines {
  return compiled.get(`${timeZone}\n${lines.join('\n')}`);
}

const compiled = new BoundedCache<string, CronLines>(10_000, (key) => {
  const [timeZone = '', ...texts] = key.split('\n');
  const lines = texts.map((text) => {
    const read = readCronLine(text);
    if (!read.ok) throw new Error(`The cron line "${text}" can't be read: ${read.problem}`);
    return wallLineOf(read.line);
  });
  return { lines, zone: zoneNamed(timeZone) };
});

/** The first fire of any of the lines after `afterMs`, or null. */
export function nextCronFire({ lines, zone }: CronLines, afterMs: number): FireAt | null {
  let best: FireAt | null = null;
  for (const line of lines) {
    const fire = nextFireOfLine(line, zone, afterMs);
    if (fire === null) continue;
    if (best === null || fire.ms < best.ms) best = fire;
    else if (fire.ms === best.ms && fire.marks.length > 0) best = joined(best, fire);
  }
  return best;
}

/** The last fire of any of the lines in (afterMs, upToMs], or null. */
export function latestCronFire(
  { lines, zone }: CronLines,
  afterMs: number,
  upToMs: number,
): number | null {
  let latest: number | null = null;
  for (const line of lines) {
    const ms = latestFireOfLine(line, zone, latest ?? afterMs, upToMs);
    if (ms !== null) latest = ms;
  }
  return latest;
}

const NONE: readonly FireMark[] = [];
const REPEATED: readonly FireMark[] = [{ kind: 'repeated' }];
/** Farther than any two readings of one instant lie apart. */
const SAFE_MS = 2 * LONGEST_JUMP_MS;

function nextFireOfLine(line: WallLine, zone: Zone, afterMs: number): FireAt | null {
  let fromMs = afterMs + 1;
  for (;;) {
    const stretch = zone.stretchAt(fromMs);
    if (fromMs <= stretch.startMs) {
      const moved = movedToStart(line, stretch);
      if (moved !== null) return { ms: stretch.startMs, marks: [moved] };
    }
    const firstWall = Math.max(fromMs + stretch.offsetMs, firstWallOf(line, stretch));
    const wall = nextWall(line, firstWall);
    if (wall !== null && wall - stretch.offsetMs < stretch.endMs) {
      const ms = wall - stretch.offsetMs;
      return { ms, marks: isRepeated(ms, stretch) ? REPEATED : NONE };
    }
    // Close to its end, what was already passed may be shown again by the clock: go on there. Else jump.
    const mayRepeat = stretch.endMs - fromMs < SAFE_MS;
    if (wall === null && !mayRepeat) return null;
    fromMs = mayRepeat ? stretch.endMs : Math.max(stretch.endMs, (wall ?? 0) - SAFE_MS);
  }
}

function latestFireOfLine(
  line: WallLine,
  zone: Zone,
  afterMs: number,
  upToMs: number,
): number | null {
  let lastMs = upToMs;
  while (lastMs > afterMs) {
    const stretch = zone.stretchAt(lastMs);
    const wall = previousWall(line, lastMs + stretch.offsetMs);
    if (wall !== null && wall >= firstWallOf(line, stretch)) {
      const ms = wall - stretch.offsetMs;
      return ms > afterMs ? ms : null;
    }
    if (movedToStart(line, stretch) !== null) {
      return stretch.startMs > afterMs ? stretch.startMs : null;
    }
    const mayRepeat = lastMs - stretch.startMs < SAFE_MS;
    if (wall === null && !mayRepeat) return null;
    lastMs = mayRepeat ? stretch.startMs - 1 : Math.min(stretch.startMs - 1, (wall ?? 0) + SAFE_MS);
  }
  return null;
}

/**
 * The first wall time that the line may take in the stretch. Where the clock went back, a fixed time had its turn in
 * the first pass; where it went forward, the times jumped over are no part of the stretch.
 */
function firstWallOf(line: WallLine, stretch: Stretch): number {
  const { startMs, offsetMs, offsetBeforeMs } = stretch;
  return startMs + (line.isFixedTime ? Math.max(offsetMs, offsetBeforeMs) : offsetMs);
}

/**
 * The fixed time that was jumped over and runs at the stretch's start, also where the jump ends on the next day
 * (America/Nuuk, 23:00; croner drops that one). Where a zone left out a whole date, that date has no fires.
 */
function movedToStart(line: WallLine, stretch: Stretch): FireMark | null {
  const { startMs, offsetMs, offsetBeforeMs } = stretch;
  const jumpMs = offsetMs - offsetBeforeMs;
  if (!line.isFixedTime || jumpMs <= 0 || jumpMs >= LONGEST_DST_JUMP_MS) return null;
  const wall = nextWall(line, startMs + offsetBeforeMs);
  if (wall === null || wall >= startMs + offsetMs) return null;
  const alsoMoved = countWalls(line, wall, startMs + offsetMs - 1) - 1;
  return { kind: 'moved_by_dst', wallTime: wallTimeOf(wall), alsoMoved };
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

function joined(a: FireAt, b: FireAt): FireAt {
  const known = a.marks.map((mark) => JSON.stringify(mark));
  const added = b.marks.filter((mark) => !known.includes(JSON.stringify(mark)));
  return added.length === 0 ? a : { ms: a.ms, marks: [...a.marks, ...added] };
}
