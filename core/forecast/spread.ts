import type { Reckoned } from './reckoned.ts';
import { endOf } from './model.ts';
import { type Move, movesOf, type NoMove } from './moves.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** So many jobs of a meeting are looked at, those of the lowest priority first. */
const MOST_JOBS = 300;
/** A job that is in more minutes of the stretch than this stays where it is. */
const MOST_MINUTES = 20_000;
const MOST_EDITS = 100;

export type Spread = {
  queue: string;
  /** The minute that is spread. */
  atMs: number;
  slots: number;
  /** As many in one minute as jobs may meet without being moved. */
  target: number;
  edits: SpreadEdit[];
  /** Jobs of the minute that stay, and why. */
  left: { jobId: number; key: string; why: NoMove | 'fits' | 'no_better' }[];
};

export type SpreadEdit = { jobId: number; key: string; revision: number } & Move;

type Candidate = {
  place: number;
  moves: Move[];
  none: NoMove | null;
  /** Minutes of the stretch in which it runs, as it is. */
  minutes: number[];
};

/**
 * Offsets that flatten a minute in which jobs of a queue meet. Jobs stay as long as the minute has no more than half of the
 * queue's slots in use, those that matter most first; each other one goes to where the fullest minute that it would run
 * in is emptiest, by the fewest minutes. One pass, so the same always comes of the same.
 */
export function spreadMinute(
  reckoned: Reckoned,
  queue: string,
  atMs: number,
  slots: number,
): Spread {
  const load = minuteLoad(reckoned, queue);
  const candidates = candidatesOf(reckoned, queue, atMs);
  const { jobs } = reckoned.input;
  for (const { minutes } of candidates) for (const minute of minutes) load[minute]! -= 1;
  const target = Math.max(1, Math.floor(slots / 2));
  const spread: Spread = { queue, atMs, slots, target, edits: [], left: [] };
  for (const candidate of inOrder(candidates, reckoned)) {
    const { id: jobId, key, revision } = jobs[candidate.place]!;
    const stays = fullest(load, candidate.minutes, 0);
    const chosen =
      candidate.none !== null || stays < target || spread.edits.length >= MOST_EDITS
        ? null
        : bestMove(load, candidate, stays);
    if (chosen === null) {
      const why = candidate.none ?? (stays < target ? 'fits' : 'no_better');
      spread.left.push({ jobId, key, why });
      add(load, candidate.minutes, 0);
    } else {
      spread.edits.push({ jobId, key, revision, ...chosen });
      add(load, candidate.minutes, shiftOf(chosen));
    }
  }
  spread.edits.sort((a, b) => (a.key < b.key ? -1 : 1));
  return spread;
}

export type Meeting = {
  /** The most runs of the queue that are at work in one minute in which one of the jobs is. */
  peak: number;
  peakAtMs: number;
  /** The longest that one of the jobs waits for a slot, with usual and with long durations. */
  waitMs: number;
  longWaitMs: number;
};

/** How full it gets where certain jobs of a queue run. */
export function meetingOf(reckoned: Reckoned, queue: string, jobIds: ReadonlySet<number>): Meeting {
  const { input, starts, usual, long } = reckoned;
  const { grid, jobs } = input;
  const load = minuteLoad(reckoned, queue);
  const meeting: Meeting = { peak: 0, peakAtMs: grid.fromMs, waitMs: 0, longWaitMs: 0 };
  for (let start = 0; start < starts.atMs.length; start++) {
    const job = jobs[starts.job[start]!]!;
    if (!jobIds.has(job.id)) continue;
    const atMs = starts.atMs[start]!;
    meeting.waitMs = Math.max(meeting.waitMs, (usual.beganMs[start]! || 0) - atMs);
    meeting.longWaitMs = Math.max(meeting.longWaitMs, (long.beganMs[start]! || 0) - atMs);
    for (const minute of minutesOf([atMs], job.took.usualMs, grid.fromMs, endOf(grid))) {
      if (load[minute]! <= meeting.peak) continue;
      meeting.peak = load[minute]!;
      meeting.peakAtMs = grid.fromMs + minute * MINUTE_MS;
    }
  }
  return meeting;
}

/** How many runs of a queue are at work in each minute of the stretch if each begins when it is due. */
export function minuteLoad({ input, starts }: Reckoned, queue: string): Int32Array {
  const { grid, jobs } = input;
  const load = new Int32Array(Math.ceil((endOf(grid) - grid.fromMs) / MINUTE_MS));
  for (let start = 0; start < starts.atMs.length; start++) {
    const job = jobs[starts.job[start]!]!;
    if (job.queue !== queue) continue;
    const fires = starts.fires[start]!;
    const firstMs = starts.atMs[start]! - grid.fromMs;
    const first = Math.max(0, Math.floor(firstMs / MINUTE_MS));
    const last = Math.floor((firstMs + Math.max(1, job.took.usualMs * fires) - 1) / MINUTE_MS);
    for (let minute = first; minute <= Math.min(last, load.length - 1); minute++) {
      load[minute]! += 1;
    }
  }
  return load;
}

function candidatesOf({ input, starts }: Reckoned, queue: string, atMs: number): Candidate[] {
  const { grid, jobs } = input;
  const meeting = new Set<number>();
  for (let start = 0; start < starts.atMs.length; start++) {
    const at = starts.atMs[start]!;
    if (at >= atMs + MINUTE_MS) break;
    const place = starts.job[start]!;
    if (at >= atMs && starts.fires[start] === 1 && jobs[place]!.queue === queue) meeting.add(place);
  }
  const chosen = [...meeting]
    .toSorted((a, b) => jobs[a]!.priority - jobs[b]!.priority || a - b)
    .slice(0, MOST_JOBS);
  const firesOf = new Map(chosen.map((place) => [place, [] as number[]]));
  for (let start = 0; start < starts.atMs.length; start++) {
    firesOf.get(starts.job[start]!)?.push(starts.atMs[start]!);
  }
  return chosen.map((place) => {
    const { schedule, key, took } = jobs[place]!;
    const fires = firesOf.get(place)!;
    const minutes = minutesOf(fires, Math.max(1, took.usualMs), grid.fromMs, endOf(grid));
    const found = movesOf(schedule.schedule, { seed: key, apartMs: leastApart(fires) });
    if ('none' in found) return { place, moves: [], none: found.none, minutes };
    const isDense = minutes.length > MOST_MINUTES;
    return { place, moves: isDense ? [] : found.moves, none: isDense ? 'dense' : null, minutes };
  });
}

/** Those that stay where they are, whatever happens, come first; then who matters most and runs longest. */
function inOrder(candidates: readonly Candidate[], { input }: Reckoned): Candidate[] {
  const jobOf = ({ place }: Candidate) => input.jobs[place]!;
  return candidates.toSorted(
    (a, b) =>
      Number(a.none === null) - Number(b.none === null) ||
      jobOf(b).priority - jobOf(a).priority ||
      jobOf(b).took.usualMs - jobOf(a).took.usualMs ||
      (jobOf(a).key < jobOf(b).key ? -1 : 1),
  );
}

function bestMove(load: Int32Array, { moves, minutes }: Candidate, stays: number): Move | null {
  let best: Move | null = null;
  let [least, leastSum] = [stays, Number.POSITIVE_INFINITY];
  for (const move of moves) {
    const shift = shiftOf(move);
    const full = fullest(load, minutes, shift, least);
    if (full > least || (best === null && full === stays)) continue;
    const sum = sumOf(load, minutes, shift);
    const isBetter =
      full < least ||
      sum < leastSum ||
      (sum === leastSum && best !== null && Math.abs(shift) < Math.abs(shiftOf(best)));
    if (!isBetter) continue;
    best = move;
    [least, leastSum] = [full, sum];
  }
  return best;
}

const shiftOf = ({ shiftMs }: Move) => Math.floor(shiftMs / MINUTE_MS);

/** The fullest of the minutes, moved by so many; beyond `most` it doesn't matter how full. */
function fullest(
  load: Int32Array,
  minutes: readonly number[],
  shift: number,
  most = Number.POSITIVE_INFINITY,
): number {
  let full = 0;
  for (const minute of minutes) {
    const there = load[wrapped(load, minute + shift)]!;
    if (there > full) full = there;
    if (full > most) return full;
  }
  return full;
}

function sumOf(load: Int32Array, minutes: readonly number[], shift: number): number {
  let sum = 0;
  for (const minute of minutes) sum += load[wrapped(load, minute + shift)]!;
  return sum;
}

function add(load: Int32Array, minutes: readonly number[], shift: number): void {
  for (const minute of minutes) load[wrapped(load, minute + shift)]! += 1;
}

/** What is moved out of the stretch comes a day later or earlier: the stretch has a day at least. */
function wrapped(load: Int32Array, minute: number): number {
  if (minute < 0) return minute + DAY_MINUTES;
  return minute < load.length ? minute : minute - DAY_MINUTES;
}

function minutesOf(
  fires: readonly number[],
  tookMs: number,
  fromMs: number,
  toMs: number,
): number[] {
  const minutes: number[] = [];
  for (const at of fires) {
    const lastMs = Math.min(at + tookMs - 1, toMs - 1);
    const first = Math.max(0, Math.floor((at - fromMs) / MINUTE_MS));
    for (let n = first; n <= Math.floor((lastMs - fromMs) / MINUTE_MS); n++) minutes.push(n);
  }
  return minutes;
}

function leastApart(fires: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 1; n < fires.length; n++) least = Math.min(least, fires[n]! - fires[n - 1]!);
  return least;
}
