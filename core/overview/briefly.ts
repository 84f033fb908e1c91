/**
 * Keeps a result for ten times as long as it took to make, so that a view that many look at costs the database at most a
 * tenth of its time, and a cheap one is never stale. Who asks while it is being made waits for the same result.
 */
export function briefly<Key extends string, Value>(
  make: (key: Key) => Promise<Value>,
  { mostMs = 15_000 }: { mostMs?: number } = {},
): (key: Key) => Promise<Value> {
  const kept = new Map<Key, { until: number; value: Promise<Value> }>();
  return (key) => {
    const now = performance.now();
    for (const [other, { until }] of kept) if (until < now) kept.delete(other);
    const known = kept.get(key);
    if (known) return known.value;
    const value = make(key);
    const entry = { until: Number.POSITIVE_INFINITY, value };
    kept.set(key, entry);
    value.then(
      () => {
        const tookMs = performance.now() - now;
        entry.until = performance.now() + Math.min(mostMs, 10 * tookMs);
      },
      () => kept.delete(key),
    );
    return value;
  };
}
