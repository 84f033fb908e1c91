import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { DutyReport } from '#core/health/worker-report.ts';

/** What one pass of a duty did. */
export type Pass = {
  /** For the log and for tests: `{ skipped: 2, cancelled: 1 }`. */
  counts: Readonly<Record<string, number>>;
  /** When to look again, ms after the pass; 0: at once, since more is waiting. Without it: the duty's interval. */
  nextInMs?: number;
};

/**
 * A background duty of the worker. Each is made by a function `create<Name>(config)` that checks its config, and
 * does one pass a call of `runOnce`, so that a test needs no timer.
 */
export type Duty = {
  name: string;
  intervalMs: number;
  runOnce(): Promise<Pass>;
};

export type DutyLoop = {
  /** How its passes go, for whoever looks after Punctual. */
  report(): DutyReport;
  /** Looks now instead of at the next time; during a pass: once more right after it. */
  wake(): void;
  /** Looks in so many ms at the latest; during a pass: so long after now. */
  wakeIn(ms: number): void;
  /** Resolves when the pass under way has ended; no further one begins. */
  stop(): Promise<void>;
};

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

/** Runs a duty for ever: an error is logged once, then tried again with growing pauses until it has passed. */
export function startDuty(duty: Duty, logger: Logger): DutyLoop {
  const log = logger.child({ duty: duty.name });
  const alarm = new Alarm();
  let stopped = false;
  let failures = 0;
  let errors = 0;
  let lastError = '';
  let passedAtMs = performance.now();
  let tookMs = 0;
  let everyMs = duty.intervalMs;
  let underWayFromMs: number | null = null;

  const ended = loop();
  return {
    wake() {
      // A wake must not shorten the pause after an error, or a busy channel would hammer a broken database.
      if (failures === 0) alarm.ring();
    },
    wakeIn(ms) {
      if (failures === 0) alarm.ringIn(ms);
    },
    stop() {
      stopped = true;
      alarm.ring();
      return ended;
    },
    report() {
      const now = performance.now();
      return {
        name: duty.name,
        passedMsAgo: now - passedAtMs,
        tookMs,
        everyMs,
        failures,
        errors,
        underWayMs: underWayFromMs === null ? null : now - underWayFromMs,
      };
    },
  };

  async function loop(): Promise<void> {
    while (!stopped) {
      alarm.reset();
      await alarm.sleep(await pass());
    }
  }

  async function pass(): Promise<number> {
    const beganAtMs = performance.now();
    underWayFromMs = beganAtMs;
    try {
      const { counts, nextInMs } = await duty.runOnce();
      passedAtMs = performance.now();
      tookMs = passedAtMs - beganAtMs;
      everyMs = nextInMs ?? duty.intervalMs;
      if (failures > 0) log.info({ failures }, 'duty recovered');
      failures = 0;
      lastError = '';
      if (Object.values(counts).some((count) => count > 0)) log.debug(counts, 'duty did');
      return everyMs;
    } catch (error) {
      // Woken before its time, it was to pass then.
      if (failures === 0) everyMs = Math.min(everyMs, beganAtMs - passedAtMs);
      failures += 1;
      errors += 1;
      const said = String(error);
      if (said !== lastError) log.error({ err: error }, 'duty failed; trying again');
      lastError = said;
      return retryDelayMs(failures, Math.random());
    } finally {
      underWayFromMs = null;
    }
  }
}

/** Doubles from 100 ms to 5 s, with half of it random so that workers don't come back in step. */
export function retryDelayMs(failures: number, random: number): number {
  const most = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
  return most / 2 + (most / 2) * random;
}

// A long timer is late by a few milliseconds; a second one, set for the last stretch, is late by less than one.
const FINE_MS = 30;

/** A sleep that can be cut short. A ring before the sleep counts for the next one. */
export class Alarm {
  #ringsAtMs = Infinity;
  #end: (() => void) | undefined;

  ring(): void {
    this.ringIn(0);
  }

  ringIn(ms: number): void {
    const atMs = performance.now() + ms;
    if (atMs >= this.#ringsAtMs) return;
    this.#ringsAtMs = atMs;
    this.#end?.();
  }

  reset(): void {
    this.#ringsAtMs = Infinity;
  }

  async sleep(ms: number): Promise<void> {
    const until = performance.now() + ms;
    for (;;) {
      const left = Math.min(until, this.#ringsAtMs) - performance.now();
      if (left <= 0) return;
      await this.#pause(left > 2 * FINE_MS ? left - FINE_MS : left);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#end?.(), ms);
      this.#end = () => {
        clearTimeout(timer);
        this.#end = undefined;
        resolve();
      };
    });
  }
}
