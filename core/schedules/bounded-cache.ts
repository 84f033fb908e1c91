/** Keeps what was made for the last `limit` keys; the key that was asked for longest ago goes first. */
export class BoundedCache<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #limit: number;
  readonly #make: (key: Key) => Value;

  constructor(limit: number, make: (key: Key) => Value) {
    this.#limit = limit;
    this.#make = make;
  }

  /** What `make` gave for the key, now or earlier. Errors of `make` pass through and nothing is kept. */
  get(key: Key): Value {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const made = this.#make(key);
    this.#entries.set(key, made);
    if (this.#entries.size > this.#limit) this.#dropOldest();
    return made;
  }

  #dropOldest(): void {
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}
