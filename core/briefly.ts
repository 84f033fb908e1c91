export type BrieflyOptions = {
  /** Kept for so many times as long as it took to make. */
  times?: number;
  /** And so long at most. */
  mostMs?: number;
  /** So many results at most; the oldest go first. */
  mostKept?: number;
};

/**
 * Keeps a result for a multiple of the time that it took to make, so that a view that many look at costs the
 * database a small share of its time, and a cheap one is never old. Who asks within as long again gets the same
 * while the next is being made; who asks while the first is being made waits for it. A hint helps to make it, and is no
 * part of the question.
 */
export function briefly<Key extends string, Value, Hint extends unknown[]>(
  read: (key: Key, ...hint: Hint) => Promise<Value>,
  { times = 10, mostMs = 15_000, mostKept = 1_000 }: BrieflyOptions = {},
): (key: Key, ...hint: Hint) => Promise<Value> {
  const kept = new Map<Key, Kept<Value>>();
  return (key, ...hint) => {
    const now = performance.now();
    for (const [other, { goneAt, next }] of kept) {
      if (goneAt < now && next === null) kept.delete(other);
    }
    const known = kept.get(key);
    if (known === undefined) {
      const value = make(key, hint);
      keep(key, { value, oldAt: Infinity, goneAt: Infinity, next: null });
      return value;
    }
    if (now > known.oldAt) known.next ??= make(key, hint);
    return known.next !== null && now > known.goneAt ? known.next : known.value;
  };

  function make(key: Key, hint: Hint): Promise<Value> {
    const beganAt = performance.now();
    const value = read(key, ...hint);
    value.then(
      () => {
        const now = performance.now();
        const keepMs = Math.min(mostMs, times * (now - beganAt));
        keep(key, { value, oldAt: now + keepMs, goneAt: now + 2 * keepMs, next: null });
      },
      () => kept.delete(key),
    );
    return value;
  }

  function keep(key: Key, entry: Kept<Value>): void {
    kept.set(key, entry);
    for (const [oldest] of kept) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
  }
}

/** By `performance.now()`; `next` is being made. */
type Kept<Value> = {
  value: Promise<Value>;
  oldAt: number;
  goneAt: number;
  next: Promise<Value> | null;
};
