/** What ends sooner than this lets the next begin in no time. */
const QUICK_MS = 5;
/** So far ahead is claimed, at the pace of late. */
const AHEAD_MS = 50;
/** Each attempt counts for so much of the pace, and the next for as much of what is left. */
const SHARE = 1 / 16;
/** Until so many attempts have ended nobody knows. */
const LEAST = 8;

/** How long attempts occupied a slot of late: whether what a worker claims ahead of its slots begins in no time. */
export class Pace {
  #meanMs = 0;
  #noted = 0;

  note(tookMs: number): void {
    this.#noted += 1;
    this.#meanMs += (tookMs - this.#meanMs) * Math.max(SHARE, 1 / this.#noted);
  }

  /** How many attempts so many slots begin in a moment; 0 where attempts take longer than that. */
  ahead(slots: number): number {
    return this.#noted < LEAST || this.#meanMs > QUICK_MS
      ? 0
      : Math.floor((slots * AHEAD_MS) / this.#meanMs);
  }
}
