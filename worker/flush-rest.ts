import { performance } from 'node:perf_hooks';

const LONGEST_MS = 25;

/**
 * The rest between flushes: as long as the last one took, so that they are under way half of the time at most. On a
 * machine with much to do each then takes more along, instead of many taking little.
 */
export class FlushRest {
  #overAtMs = -Infinity;

  begin(tookMs: number): void {
    this.#overAtMs = performance.now() + Math.min(tookMs, LONGEST_MS);
  }

  leftMs(): number {
    return Math.max(0, this.#overAtMs - performance.now());
  }
}
