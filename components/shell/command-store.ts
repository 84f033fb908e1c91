import type { ReactNode } from 'react';
import type { KeyBinding } from './key-presses.ts';

/** Something that can be done on the page that is open. */
export type PageAction = {
  id: string;
  label: string;
  /** A key ("e") or a chord ("g x"); none fires while one types. */
  keys?: string | undefined;
  icon?: ReactNode;
  /** Shown, but can't be done now; `hint` says why or who may. */
  isDisabled?: boolean | undefined;
  hint?: string | undefined;
  run: () => void;
};

/** What the open page offers, by whoever offered it. Readers hear of it only when something shows differently. */
export type CommandStore = ReturnType<typeof createCommandStore>;

export function createCommandStore() {
  const byOwner = new Map<symbol, readonly PageAction[]>();
  const rowsByOwner = new Map<symbol, readonly KeyBinding[]>();
  const listeners = new Set<() => void>();
  let shown: readonly PageAction[] = [];

  const publish = () => {
    const next = [...byOwner.values()].flat();
    if (looks(next) === looks(shown)) return;
    shown = next;
    for (const listener of listeners) listener();
  };

  return {
    set: (owner: symbol, actions: readonly PageAction[]) => {
      byOwner.set(owner, actions);
      publish();
    },
    remove: (owner: symbol) => {
      byOwner.delete(owner);
      publish();
    },
    /** The actions with their newest closures. */
    actions: (): readonly PageAction[] => [...byOwner.values()].flat(),
    /** The same array until one of them looks different: for `useSyncExternalStore`. */
    shownActions: () => shown,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    setRows: (owner: symbol, bindings: readonly KeyBinding[] | null) => {
      if (bindings) rowsByOwner.set(owner, bindings);
      else rowsByOwner.delete(owner);
    },
    rowBindings: (): readonly KeyBinding[] => [...rowsByOwner.values()].flat(),
  };
}

function looks(actions: readonly PageAction[]): string {
  return JSON.stringify(
    actions.map(({ id, label, keys, isDisabled, hint }) => [id, label, keys, isDisabled, hint]),
  );
}
