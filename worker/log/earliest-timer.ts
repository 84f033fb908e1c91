/** One timer for many who want to be called: it rings at the earliest time that was asked for since it last rang. */
export class EarliestTimer {
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | null = null;
  #at = Infinity;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  ringIn(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.#at) return;
    this.cancel();
    if (ms <= 0) {
      this.#ring();
      return;
    }
    this.#at = at;
    this.#timer = setTimeout(() => {
      this.cancel();
      this.#ring();
    }, ms);
  }

  cancel(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#at = Infinity;
  }
}
