import type { Reckoned } from './reckoned.ts';

const MINUTE_MS = 60_000;
const MOST_WORST = 12;
const MOST_LOOKED_AT = 2_000;
const MOST_NAMED = 8;

/** A minute in which several jobs of a queue start together, and what comes of it. */
export type WorstMinute = {
  queue: string;
  atMs: number;
  /** Fires in it. */
  starts: number;
  jobs: number;
  /** Some of the jobs, those that wait longest first; waits are for usual durations, ms. */
  named: { id: number; key: string; waitMs: number; longWaitMs: number }[];
  /** The longest wait for a slot, with usual and with long durations. */
  waitMs: number;
  longWaitMs: number;
  /** How many wait at all, with usual durations. */
  waiting: number;
  /** How often the same jobs meet in the stretch; this is the first time. */
  times: number;
};

/**
 * The minutes in which jobs of a queue meet, those with most time spent waiting first, then those with most starts. The
 * same meeting on every day is told once.
 */
export function worstMinutes(reckoned: Reckoned, most = MOST_WORST): WorstMinute[] {
  const found: WorstMinute[] = [];
  const known = new Map<string, WorstMinute>();
  for (const { queue, starts } of candidates(reckoned)) {
    const worst = told(reckoned, queue, starts);
    if (worst.jobs < 2) continue;
    const jobs = new Set(starts.map((start) => reckoned.starts.job[start]!));
    const meeting = `${queue} ${[...jobs].toSorted((a, b) => a - b).join(',')}`;
    const same = known.get(meeting);
    if (same) {
      same.times += 1;
      same.atMs = Math.min(same.atMs, worst.atMs);
      continue;
    }
    if (found.length >= most) continue;
    known.set(meeting, worst);
    found.push(worst);
  }
  return found;
}

/** Minutes of a queue with their starts, the worst first. */
function candidates({ input, starts, usual, long }: Reckoned) {
  const places = new Map<string, number>(input.queues.map(({ name }, place) => [name, place]));
  const queueOf = Int32Array.from(input.jobs, ({ queue }) => places.get(queue) ?? 0);
  const minutes = new Map<number, { count: number; waited: number; longWaited: number }>();
  const keyOf = (start: number) =>
    Math.floor(starts.atMs[start]! / MINUTE_MS) * input.queues.length +
    queueOf[starts.job[start]!]!;
  for (let start = 0; start < starts.atMs.length; start++) {
    // Of a job that was only counted nobody knows the minute.
    if (starts.fires[start] !== 1) continue;
    const key = keyOf(start);
    const minute = minutes.get(key) ?? { count: 0, waited: 0, longWaited: 0 };
    if (minute.count === 0) minutes.set(key, minute);
    minute.count += 1;
    minute.waited += waitOf(usual.beganMs[start]!, starts.atMs[start]!);
    minute.longWaited += waitOf(long.beganMs[start]!, starts.atMs[start]!);
  }
  const worst = [...minutes]
    .filter(([, { count }]) => count > 1)
    .toSorted(
      ([a, one], [b, other]) =>
        other.waited - one.waited ||
        other.longWaited - one.longWaited ||
        other.count - one.count ||
        a - b,
    )
    .slice(0, MOST_LOOKED_AT);
  const startsOf = new Map(worst.map(([key]) => [key, [] as number[]]));
  for (let start = 0; start < starts.atMs.length; start++) {
    if (starts.fires[start] === 1) startsOf.get(keyOf(start))?.push(start);
  }
  return worst.map(([key]) => ({
    queue: input.queues[key % input.queues.length]!.name,
    starts: startsOf.get(key)!,
  }));
}

function told(
  { input, starts, usual, long }: Reckoned,
  queue: string,
  own: readonly number[],
): WorstMinute {
  const waits = new Map<number, { waitMs: number; longWaitMs: number }>();
  let [waitMs, longWaitMs, waiting] = [0, 0, 0];
  for (const start of own) {
    const wait = waitOf(usual.beganMs[start]!, starts.atMs[start]!);
    const longWait = waitOf(long.beganMs[start]!, starts.atMs[start]!);
    waitMs = Math.max(waitMs, wait);
    longWaitMs = Math.max(longWaitMs, longWait);
    if (wait > 0) waiting += 1;
    const job = starts.job[start]!;
    const known = waits.get(job) ?? { waitMs: 0, longWaitMs: 0 };
    waits.set(job, {
      waitMs: Math.max(known.waitMs, wait),
      longWaitMs: Math.max(known.longWaitMs, longWait),
    });
  }
  const named = [...waits]
    .map(([job, wait]) => ({ id: input.jobs[job]!.id, key: input.jobs[job]!.key, ...wait }))
    .toSorted((a, b) => b.waitMs - a.waitMs || (a.key < b.key ? -1 : 1));
  return {
    queue,
    atMs: Math.floor(starts.atMs[own[0]!]! / MINUTE_MS) * MINUTE_MS,
    starts: own.length,
    jobs: waits.size,
    named: named.slice(0, MOST_NAMED),
    waitMs,
    longWaitMs,
    waiting,
    times: 1,
  };
}

/** What never begins doesn't wait. */
const waitOf = (beganMs: number, dueMs: number) => (beganMs > dueMs ? beganMs - dueMs : 0);
