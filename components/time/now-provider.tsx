'use client';

import {
  createContext,
  use,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { createClock, type Clock } from './clock.ts';

const ClockContext = createContext<Clock | null>(null);

/**
 * The one clock of the page. It starts at the server's now, so that the first paint and hydration agree,
 * ticks on each whole second while the page is in sight, and keeps to the server's time where the
 * reader's own clock is wrong.
 * @param serverNow when the server made the page, ISO 8601
 */
export function NowProvider({ serverNow, children }: { serverNow: string; children: ReactNode }) {
  const [clock] = useState(() => createClock(Date.parse(serverNow)));
  useEffect(() => clock.start(), [clock]);
  return <ClockContext value={clock}>{children}</ClockContext>;
}

/** Now in milliseconds, to the whole second. Renders once a second: prefer `useClockText` for words. */
export function useNow(): number {
  return useClockText((nowMs) => nowMs);
}

/**
 * Something that depends on now, rendered again only when it changes: "in 12 min" once a minute.
 * @param select gives a string or number from now in milliseconds
 */
export function useClockText<Value extends string | number | boolean>(
  select: (nowMs: number) => Value,
): Value {
  const clock = useClock();
  return useSyncExternalStore(
    clock.subscribe,
    () => select(clock.now()),
    () => select(clock.atFirst),
  );
}

/** The page's clock itself, for handlers that need now once. */
export function useClock(): Clock {
  const clock = use(ClockContext);
  if (!clock) throw new Error('A time is shown outside of NowProvider; app/layout.tsx has it.');
  return clock;
}
