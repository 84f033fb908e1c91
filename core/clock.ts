/**
 * The only place besides the edges that reads the clock. Rules take `now` as an argument.
 *
 * The database's clock decides what is due and whose lease is over; a worker measures its offset at every
 * heartbeat and aims its timers by `databaseNow`.
 */
export class Clock {
  #offsetMs = 0;

  /** Milliseconds that the database is ahead of this process (negative: behind). */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Takes a reading: `databaseAt` was read by a query sent at `sentAtMs` and answered at `answeredAtMs` (epoch ms). */
  align(databaseAt: Date, sentAtMs: number, answeredAtMs: number): void {
    this.#offsetMs = databaseAt.getTime() - (sentAtMs + answeredAtMs) / 2;
  }

  /** Now, by this process's clock. */
  localNow(): Date {
    return new Date();
  }

  /** Now, by the database's clock as far as it is known. */
  databaseNow(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }
}
