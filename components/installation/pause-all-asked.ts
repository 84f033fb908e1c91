let isAsked = false;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  isAsked = next;
  for (const listener of listeners) listener();
}

/** Whether somebody is asked for the reason to pause everything. The dialog stands in the shell; pages open it. */
export const pauseAllAsked = {
  ask: (): void => set(true),
  close: (): void => set(false),
  get: (): boolean => isAsked,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};
