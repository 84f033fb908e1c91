/** A clock that tells its listeners about each second. All times are milliseconds since 1970. */
export type Clock = {
  /** What the server's page says: the value of the first paint. */
  readonly atFirst: number;
  /** The last tick. Stays the same between ticks, so that all readers of a page agree. */
  now: () => number;
  subscribe: (listener: () => void) => () => void;
  /** Begins to tick; the function that it gives ends that. */
  start: () => () => void;
};

// Below this the difference is as likely the network's as the clock's.
const NOTICEABLE_SKEW_MS = 5_000;

export function createClock(serverNowMs: number): Clock {
  const listeners = new Set<() => void>();
  let current = serverNowMs;
  let skew = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tick = () => {
    clearTimeout(timer);
    const now = Date.now() + skew;
    current = now - (now % 1_000);
    for (const listener of listeners) listener();
    if (document.visibilityState === 'visible') timer = setTimeout(tick, 1_000 - (now % 1_000) + 2);
  };

  return {
    atFirst: serverNowMs,
    now: () => current,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => {
      skew = skewTo(serverNowMs);
      tick();
      document.addEventListener('visibilitychange', tick);
      return () => {
        clearTimeout(timer);
        document.removeEventListener('visibilitychange', tick);
      };
    },
  };
}

/** How far the server's clock is ahead of this one, or 0 when that can't be told from a slow network. */
function skewTo(serverNowMs: number): number {
  const [navigation] = performance.getEntriesByType('navigation');
  if (!(navigation instanceof PerformanceNavigationTiming)) return 0;
  // The server wrote its now at about the first byte of the answer, however long the scripts took after it.
  const firstByteMs = Date.now() - performance.now() + navigation.responseStart;
  const skew = serverNowMs - firstByteMs;
  return Math.abs(skew) < NOTICEABLE_SKEW_MS ? 0 : skew;
}
