import type { AskedWhy } from './why-query.ts';

let asked: AskedWhy | null = null;
const listeners = new Set<() => void>();

function set(next: AskedWhy | null): void {
  asked = next;
  for (const listener of listeners) listener();
}

/** What somebody asks about. The panel with the answer stands in the shell; pages and the palette open it. */
export const whyAsked = {
  ask: (about: AskedWhy): void => set(about),
  close: (): void => set(null),
  get: (): AskedWhy | null => asked,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};
