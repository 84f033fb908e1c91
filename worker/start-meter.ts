import { performance } from 'node:perf_hooks';
import { bucketOf } from '#core/health/lag.ts';
import type { CountedLag } from '#core/health/lag.sql.ts';
import type { StartedRun } from './started-run.ts';

const MINUTE_MS = 60_000;

/** Counts how late ticks start, and remembers when something last started in a queue. Costs a start next to nothing. */
export class StartMeter {
  #counted = new Map<string, CountedLag>();
  readonly #startedAtMs = new Map<string, number>();

  note(run: StartedRun, startedAt: Date): void {
    this.#startedAtMs.set(run.queue, performance.now());
    if (run.trigger === 'tick' && run.attempt === 1) this.#count(run, startedAt.getTime());
  }

  /** Since the worker last started a run of each queue, ms. */
  startedMsAgo(): Record<string, number> {
    const nowMs = performance.now();
    return Object.fromEntries([...this.#startedAtMs].map(([queue, at]) => [queue, nowMs - at]));
  }

  /** What has been counted since the last call. */
  take(): CountedLag[] {
    const counted = [...this.#counted.values()];
    this.#counted = new Map();
    return counted;
  }

  /** Takes back what couldn't be stored. */
  giveBack(counted: readonly CountedLag[]): void {
    for (const lag of counted) this.#add(lag);
  }

  #count(run: StartedRun, startedMs: number): void {
    this.#add({
      minute: new Date(Math.floor(startedMs / MINUTE_MS) * MINUTE_MS),
      waited: hadToWait(run),
      bucket: bucketOf(startedMs - run.dueAt.getTime()),
      starts: 1,
    });
  }

  #add(lag: CountedLag): void {
    const key = `${lag.minute.getTime()} ${lag.waited} ${lag.bucket}`;
    const known = this.#counted.get(key);
    if (known) known.starts += lag.starts;
    else this.#counted.set(key, { ...lag });
  }
}

/** For what a limit or a rule asked it to, and not for Punctual. Under `skip` a tick never waits for the run before it. */
function hadToWait({ waitedFor, overlap }: StartedRun): boolean {
  switch (waitedFor) {
    case 'queue':
    case 'slot':
    case 'rate':
    case 'circuit':
      return true;
    case 'overlap':
      return overlap !== 'skip';
    case 'worker':
    case null:
      return false;
  }
}
