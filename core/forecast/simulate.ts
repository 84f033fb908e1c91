import { type Fitting, fittingOf } from './fitting.ts';
import type { ForecastInput, ForecastJob } from './model.ts';
import type { Starts } from './starts-ahead.ts';
import { TimeHeap } from './time-heap.ts';

/** By place of a start. */
export type Simulated = {
  /** When it began; NaN: never, since its job still ran or waited. */
  beganMs: Float64Array;
  endedMs: Float64Array;
};

export type SimulateOptions = {
  /** How long runs take. */
  took: 'usual' | 'long';
  /** Whether queues and workers have limits; without them only a job's own rule for overlaps keeps its runs. */
  isLimited: boolean;
};

/**
 * Lets starts go through queues and workers as planners, limits and claims would have it: by priority, then due time, a
 * slot each, and each job's rule for overlaps. Deterministic, one pass over the starts, in steps of some ms.
 */
export function* simulate(
  input: ForecastInput,
  starts: Starts,
  { took, isLimited }: SimulateOptions,
): Generator<void, Simulated> {
  return yield* new Simulation(input, starts, took, isLimited).run();
}

const STARTS_A_STEP = 20_000;
const NOT_STARTED = Number.NaN;

class Simulation {
  readonly #jobs: readonly ForecastJob[];
  readonly #starts: Starts;
  readonly #tookMs: Float64Array;
  readonly #most: Int32Array;
  readonly #running: Int32Array;
  /** In its queue's line or kept back by its own rule. */
  readonly #waiting: Int32Array;
  readonly #inLine: Int32Array;
  /** Of jobs whose own rule keeps runs back: places of starts, in order. */
  readonly #kept = new Map<number, { starts: number[]; taken: number }>();
  readonly #fitting: Fitting | null;
  readonly #lines: TimeHeap[];
  /** Places in line that hold something. */
  readonly #filled = new Set<number>();
  readonly #ends = new TimeHeap();
  readonly #slotOf: Int32Array;
  readonly #runningStart: Int32Array;
  readonly #began: Float64Array;
  readonly #ended: Float64Array;

  constructor(
    input: ForecastInput,
    starts: Starts,
    took: SimulateOptions['took'],
    isLimited: boolean,
  ) {
    const { jobs } = input;
    this.#jobs = jobs;
    this.#starts = starts;
    this.#tookMs = Float64Array.from(jobs, (job) =>
      Math.max(1, took === 'usual' ? job.took.usualMs : job.took.longMs),
    );
    this.#most = Int32Array.from(jobs, mostAtOnce);
    this.#running = new Int32Array(jobs.length);
    this.#waiting = new Int32Array(jobs.length);
    this.#inLine = new Int32Array(jobs.length);
    this.#runningStart = new Int32Array(jobs.length).fill(-1);
    this.#fitting = isLimited ? fittingOf(input) : null;
    this.#lines = (this.#fitting?.classes ?? []).map(() => new TimeHeap());
    this.#slotOf = new Int32Array(starts.atMs.length).fill(-1);
    this.#began = new Float64Array(starts.atMs.length).fill(NOT_STARTED);
    this.#ended = new Float64Array(starts.atMs.length).fill(NOT_STARTED);
    this.#takeWhatRuns(input);
  }

  *run(): Generator<void, Simulated> {
    const { atMs } = this.#starts;
    for (let start = 0; start < atMs.length; start++) {
      if (start % STARTS_A_STEP === 0) yield;
      const dueMs = atMs[start]!;
      // What ends at this very instant makes room for it.
      while (this.#ends.least <= dueMs) this.#endFirst();
      this.#arrive(start, dueMs);
    }
    while (this.#ends.size > 0) this.#endFirst();
    return { beganMs: this.#began, endedMs: this.#ended };
  }

  /** What runs now is in nobody's list of starts: it ends with a place of its own, below zero. */
  #takeWhatRuns({ runs, jobs, nowMs }: ForecastInput): void {
    const placeOf = new Map(jobs.map(({ id }, place) => [id, place]));
    for (const { jobId, workerId, sinceMs } of runs) {
      const job = placeOf.get(jobId);
      if (workerId === null || job === undefined) continue;
      this.#running[job]! += 1;
      const slot = this.#fitting?.takeOf(job, workerId) ?? -1;
      this.#ends.add(Math.max(nowMs, sinceMs + this.#tookMs[job]!), codeOf(job, slot));
    }
  }

  #arrive(start: number, atMs: number): void {
    const job = this.#starts.job[start]!;
    const { overlap } = this.#jobs[job]!;
    const isBusy = this.#running[job]! >= this.#most[job]!;
    const isWaiting = this.#waiting[job]! > 0;
    if (overlap === 'skip' && (isBusy || isWaiting)) return;
    if (overlap === 'queue_one' && isWaiting) return;
    if (overlap === 'cancel_previous') {
      // One that waits is replaced by this one: the place in line stays.
      if (isWaiting) return;
      if (isBusy) this.#cancelRunning(job, atMs);
    }
    if (this.#running[job]! + this.#inLine[job]! >= this.#most[job]!) {
      this.#waiting[job]! += 1;
      const kept = this.#kept.get(job);
      if (kept) kept.starts.push(start);
      else this.#kept.set(job, { starts: [start], taken: 0 });
      return;
    }
    this.#beginOrWait(start, job, atMs);
  }

  #beginOrWait(start: number, job: number, atMs: number): void {
    if (this.#fitting === null) return this.#begin(start, job, atMs, -1);
    const slot = this.#fitting.take(job);
    if (slot !== null) return this.#begin(start, job, atMs, slot);
    this.#standInLine(start, job);
  }

  #begin(start: number, job: number, atMs: number, slot: number): void {
    const endMs = atMs + this.#tookMs[job]! * this.#starts.fires[start]!;
    this.#running[job]! += 1;
    this.#began[start] = atMs;
    this.#ended[start] = endMs;
    this.#slotOf[start] = slot;
    this.#runningStart[job] = start;
    this.#ends.add(endMs, start);
  }

  #cancelRunning(job: number, atMs: number): void {
    const start = this.#runningStart[job]!;
    // One that ran before the forecast began goes on: it is soon over.
    if (start === -1 || !(this.#ended[start]! > atMs)) return;
    this.#ended[start] = atMs;
    this.#running[job]! -= 1;
    this.#runningStart[job] = -1;
    // The new run takes the very slot; its end in the heap finds that it is over already.
    const slot = this.#slotOf[start]!;
    if (slot >= 0) this.#fitting?.giveBack(job, slot);
  }

  #endFirst(): void {
    const atMs = this.#ends.least;
    const start = this.#ends.take()!;
    if (start < 0) {
      const { job, slot } = decoded(start);
      return this.#free(job, slot, atMs);
    }
    // It was cancelled before.
    if (this.#ended[start] !== atMs) return;
    const job = this.#starts.job[start]!;
    if (this.#runningStart[job] === start) this.#runningStart[job] = -1;
    this.#free(job, this.#slotOf[start]!, atMs);
  }

  #free(job: number, slot: number, atMs: number): void {
    this.#running[job]! -= 1;
    if (slot >= 0) this.#fitting?.giveBack(job, slot);
    const kept = this.#kept.get(job);
    const next = kept?.starts[kept.taken];
    if (kept && next !== undefined) {
      kept.taken += 1;
      this.#waiting[job]! -= 1;
      // Others that wait may come first.
      if (this.#fitting && this.#filled.size > 0) this.#standInLine(next, job);
      else this.#beginOrWait(next, job, atMs);
    }
    if (this.#filled.size > 0) this.#serve(atMs);
  }

  /** Before all of a lower priority, and by due time among its own; due times are below 2^43. */
  #standInLine(start: number, job: number): void {
    this.#waiting[job]! += 1;
    this.#inLine[job]! += 1;
    const line = this.#fitting!.classOf[job]!;
    const { priority } = this.#jobs[job]!;
    this.#lines[line]!.add((2 - priority) * 2 ** 43 + this.#starts.atMs[start]!, start);
    this.#filled.add(line);
  }

  /** Gives free slots to those who wait, the first of all lines that have room. */
  #serve(atMs: number): void {
    const fitting = this.#fitting!;
    for (;;) {
      let best = -1;
      for (const line of this.#filled) {
        if (!fitting.hasRoom(line)) continue;
        if (best === -1 || this.#lines[line]!.least < this.#lines[best]!.least) best = line;
      }
      if (best === -1) return;
      const start = this.#lines[best]!.take()!;
      if (this.#lines[best]!.size === 0) this.#filled.delete(best);
      const job = this.#starts.job[start]!;
      this.#waiting[job]! -= 1;
      this.#inLine[job]! -= 1;
      this.#begin(start, job, atMs, fitting.take(job)!);
    }
  }
}

/** How many runs of a job may run at once. */
function mostAtOnce({ overlap, maxParallel }: ForecastJob): number {
  return overlap === 'allow' ? (maxParallel ?? 2 ** 31 - 1) : 1;
}

const SLOTS = 2 ** 20;
const codeOf = (job: number, slot: number) => -1 - (job * SLOTS + slot + 1);
const decoded = (code: number) => {
  const whole = -1 - code;
  return { job: Math.floor(whole / SLOTS), slot: (whole % SLOTS) - 1 };
};
