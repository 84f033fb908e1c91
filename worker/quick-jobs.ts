/** An attempt of a quick job occupies its slot for no longer than that, its log's last flush included. */
const QUICK_MS = 5;
/** So often in a row at least. */
const LEAST_ATTEMPTS = 20;
const MOST_JOBS = 1_000;

/**
 * Jobs whose attempts take next to no time, as this worker has seen them, and that may run twice: only of those it claims
 * more than it has free slots for. What a worker that dies had claimed and not begun is lost to a job that may not.
 */
export class QuickJobs {
  /** How many attempts in a row were quick; the ones not seen for longest go first. */
  readonly #inARow = new Map<number, number>();
  #ids: readonly number[] | null = [];

  note(jobId: number, { mayRunTwice, tookMs }: { mayRunTwice: boolean; tookMs: number }): void {
    const before = this.#inARow.get(jobId) ?? 0;
    const now = mayRunTwice && tookMs <= QUICK_MS ? before + 1 : 0;
    if (before >= LEAST_ATTEMPTS !== now >= LEAST_ATTEMPTS) this.#ids = null;
    if (before >= LEAST_ATTEMPTS && now > before) return;
    this.#inARow.delete(jobId);
    if (now > 0) this.#inARow.set(jobId, now);
    if (this.#inARow.size > MOST_JOBS) this.#forgetOldest();
  }

  has(jobId: number): boolean {
    return (this.#inARow.get(jobId) ?? 0) >= LEAST_ATTEMPTS;
  }

  get ids(): readonly number[] {
    this.#ids ??= [...this.#inARow.keys()].filter((jobId) => this.has(jobId));
    return this.#ids;
  }

  #forgetOldest(): void {
    const [oldest] = this.#inARow.keys();
    this.#inARow.delete(oldest!);
    this.#ids = null;
  }
}
