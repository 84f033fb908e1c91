import type { ReactNode } from 'react';

export type TipSide = 'top' | 'bottom';
/** The words that show, and the mark that they are about. */
export type Tip = { anchor: Element; content: ReactNode; side: TipSide };

const SHOW_AFTER_MS = 400;
// Going from mark to mark, the next words show at once.
const STILL_LOOKING_MS = 300;
// Time to reach the words themselves, which stay while the pointer is on them.
const HIDE_AFTER_MS = 120;

let shown: Tip | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let lastHiddenMs = -Infinity;
const listeners = new Set<() => void>();

function set(tip: Tip | null): void {
  clearTimeout(timer);
  if (shown !== null && tip === null) lastHiddenMs = performance.now();
  shown = tip;
  for (const listener of listeners) listener();
}

/** One tip for the whole page: a list has thousands of marks, and at most one of them is looked at. */
export const tips = {
  /** Shows the words after a moment, or at once (`isNow`) for marks that are looked at one after the other. */
  show: (tip: Tip, isNow = false): void => {
    clearTimeout(timer);
    const isLooking = shown !== null || performance.now() - lastHiddenMs < STILL_LOOKING_MS;
    if (isNow || isLooking) set(tip);
    else timer = setTimeout(() => set(tip), SHOW_AFTER_MS);
  },
  /** The pointer or the focus left the mark. */
  leave: (): void => {
    clearTimeout(timer);
    if (shown !== null) timer = setTimeout(() => set(null), HIDE_AFTER_MS);
  },
  /** The pointer is on the words. */
  stay: (): void => clearTimeout(timer),
  hide: (): void => set(null),
  current: (): Tip | null => shown,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};
