'use client';

import dynamic from 'next/dynamic';
import { useSyncExternalStore } from 'react';
import type { Note } from './toaster.tsx';

// What shows the notes weighs as much as a screen: it comes with the first note, not with the page.
const Toaster = dynamic(() => import('./toaster.tsx').then((file) => file.Toaster), { ssr: false });

let isWanted = false;
const listeners = new Set<() => void>();

/** Where short notes appear: what was done, with its undo. Stands once, in the shell. */
export function ToastHost() {
  const isNeeded = useSyncExternalStore(
    subscribe,
    () => isWanted,
    () => false,
  );
  return isNeeded ? <Toaster /> : null;
}

/**
 * Says in a few words what was done, with a way back where there is one.
 * `undo` also hides the note. Errors that belong to a field or a page stand there, not here.
 */
export function notify(message: string, more: Note = {}): void {
  void withToaster((toaster) => toaster.showNote(message, more));
}

/** Says that an act from afar (a menu, a row) did not work: what happened and what to do. Stays 15 s. */
export function notifyFailure(message: string, detail?: string): void {
  void withToaster((toaster) => toaster.showFailure(message, detail));
}

async function withToaster(act: (toaster: typeof import('./toaster.tsx')) => void): Promise<void> {
  isWanted = true;
  for (const listener of listeners) listener();
  act(await import('./toaster.tsx'));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
