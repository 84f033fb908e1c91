/** Keeps what was made for the last `limit` keys; the key that was asked for longest ago goes first. */
export class BoundedCache<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #limit: number;
  readonly #make: (key: Key) => Value;

  constructor(limit: number, make: (key: Key) => Value = onlyKnown) {
    this.#limit = limit;
    this.#make = make;
  }

  /** What `make` gave for the key, now or earlier. Errors of `make` pass through and nothing is kept. */
  get(key: Key): Value {
    return this.getOrMake(key, this.#make);
  }

  /** The same, made another way: for what needs more than its key to be made. */
  getOrMake(key: Key, make: (key: Key) => Value): Value {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const made = make(key);
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

function onlyKnown(): never {
  throw new Error('Nothing is known for this key, and nothing can be made from it alone.');
}
