import { endOf, type ForecastInput, type Grid } from './model.ts';
import type { Simulated } from './simulate.ts';
import type { Starts } from './starts-ahead.ts';

/**
 * How many runs of each queue would run at once if each began when it is due, by bucket: the most at any moment of it.
 * @returns by place of the queue; the last one is all of them together
 */
export function loadByQueue(
  input: ForecastInput,
  starts: Starts,
  { beganMs, endedMs }: Simulated,
  took: 'usual' | 'long',
): Int32Array[] {
  const { grid, jobs, queues, runs, nowMs } = input;
  const queueAt = new Map(queues.map(({ name }, place) => [name, place]));
  const queueOf = jobs.map(({ queue }) => queueAt.get(queue) ?? 0);
  const begins: number[][] = queues.map(() => []);
  const ends: number[][] = queues.map(() => []);
  for (let start = 0; start < beganMs.length; start++) {
    if (Number.isNaN(beganMs[start]!)) continue;
    const queue = queueOf[starts.job[start]!]!;
    begins[queue]!.push(beganMs[start]!);
    ends[queue]!.push(endedMs[start]!);
  }
  const placeOf = new Map(jobs.map(({ id }, place) => [id, place]));
  for (const { jobId, workerId, sinceMs } of runs) {
    const place = placeOf.get(jobId);
    if (workerId === null || place === undefined) continue;
    const { usualMs, longMs } = jobs[place]!.took;
    begins[queueOf[place]!]!.push(nowMs);
    ends[queueOf[place]!]!.push(Math.max(nowMs, sinceMs + (took === 'usual' ? usualMs : longMs)));
  }
  const all = [begins.flat(), ends.flat()] as const;
  return [
    ...queues.map((_, queue) => peaksOf(grid, begins[queue]!, ends[queue]!)),
    peaksOf(grid, ...all),
  ];
}

/** The most that last at any moment of each bucket; what ends at an instant makes room for what begins then. */
export function peaksOf(
  grid: Grid,
  begins: readonly number[],
  ends: readonly number[],
): Int32Array {
  const { fromMs, bucketMs, count } = grid;
  const begun = Float64Array.from(begins).toSorted();
  const ended = Float64Array.from(ends).toSorted();
  const peaks = new Int32Array(count);
  let [level, nextEnd, filled] = [0, 0, 0];
  for (const atMs of begun) {
    if (atMs >= endOf(grid)) break;
    while (ended[nextEnd]! <= atMs) {
      filled = carry(peaks, filled, level, (ended[nextEnd]! - fromMs) / bucketMs);
      level -= 1;
      nextEnd += 1;
    }
    filled = carry(peaks, filled, level, (atMs - fromMs) / bucketMs);
    level += 1;
    const bucket = Math.max(0, Math.floor((atMs - fromMs) / bucketMs));
    if (level > peaks[bucket]!) peaks[bucket] = level;
  }
  while (nextEnd < ended.length && filled < count) {
    filled = carry(peaks, filled, level, (ended[nextEnd]! - fromMs) / bucketMs);
    level -= 1;
    nextEnd += 1;
  }
  return peaks;
}

/** What lasts stands in every bucket up to where it changes; one that changes at its very beginning had none of it. */
function carry(peaks: Int32Array, from: number, level: number, until: number): number {
  const last = Math.min(peaks.length - 1, Math.ceil(until) - 1);
  for (let bucket = from; bucket <= last; bucket++) {
    if (level > peaks[bucket]!) peaks[bucket] = level;
  }
  // The bucket of the change itself may still have more to come.
  return Math.max(from, Math.min(peaks.length, Math.floor(until)));
}
