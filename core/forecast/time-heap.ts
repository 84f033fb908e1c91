/** Numbers with what belongs to each, the least first; of equal ones, the one that came first. */
export class TimeHeap {
  #keys: number[] = [];
  #orders: number[] = [];
  #values: number[] = [];
  #made = 0;

  get size(): number {
    return this.#keys.length;
  }

  /** The least number; Infinity when it is empty. */
  get least(): number {
    return this.#keys[0] ?? Number.POSITIVE_INFINITY;
  }

  /** What belongs to the least number. */
  get first(): number | undefined {
    return this.#values[0];
  }

  add(key: number, value: number): void {
    let at = this.#keys.length;
    const order = this.#made++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(key, order, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, key, order, value);
  }

  /** Takes the least away; gives what belongs to it. */
  take(): number | undefined {
    const value = this.#values[0];
    const [key, order, last] = [this.#keys.pop(), this.#orders.pop(), this.#values.pop()];
    if (key === undefined || order === undefined || last === undefined) return undefined;
    const size = this.#keys.length;
    if (size === 0) return value;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && this.#isBefore(this.#keys[right]!, this.#orders[right]!, child)) {
        child = right;
      }
      if (this.#isBefore(key, order, child)) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, key, order, last);
    return value;
  }

  #isBefore(key: number, order: number, other: number): boolean {
    const otherKey = this.#keys[other]!;
    return key < otherKey || (key === otherKey && order < this.#orders[other]!);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#keys[from]!, this.#orders[from]!, this.#values[from]!);
  }

  #put(at: number, key: number, order: number, value: number): void {
    this.#keys[at] = key;
    this.#orders[at] = order;
    this.#values[at] = value;
  }
}
