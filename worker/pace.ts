/** What ends sooner than this lets the next begin in no time. */
const QUICK_MS = 5;
/** So far ahead is claimed, at the pace of late. */
const AHEAD_MS = 10;
/** Each attempt counts for so much of the pace, and the next for as much of what is left. */
const SHARE = 1 / 16;
/** Until some attempts have ended nobody knows. */
const UNKNOWN_MS = 100;

/** How long attempts occupied a slot of late: whether what a worker claims ahead of its slots begins in no time. */
export class Pace {
  #meanMs = UNKNOWN_MS;

  note(tookMs: number): void {
    this.#meanMs += (tookMs - this.#meanMs) * SHARE;
  }

  /** How many attempts so many slots begin in a moment; 0 where attempts take longer than that. */
  ahead(slots: number): number {
    return this.#meanMs > QUICK_MS ? 0 : Math.floor((slots * AHEAD_MS) / this.#meanMs);
  }
}
