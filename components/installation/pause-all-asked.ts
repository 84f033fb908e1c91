type Asked = 'pause' | 'resume' | 'end' | null;

let asked: Asked = null;
const listeners = new Set<() => void>();

function set(next: Asked): void {
  asked = next;
  for (const listener of listeners) listener();
}

/** Whether somebody is asked about pausing or resuming everything. The dialogs stand in the shell; pages open them. */
export const pauseAllAsked = {
  ask: (): void => set('pause'),
  askToResume: (): void => set('resume'),
  askWhenItEnds: (): void => set('end'),
  close: (): void => set(null),
  get: (): Asked => asked,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};
