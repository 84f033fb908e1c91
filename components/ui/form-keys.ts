import type { KeyboardEvent } from 'react';

/** The keys of a form with many fields, in its `onKeyDown`: Ctrl+S and Ctrl+Enter save, Enter in a field doesn't. */
export function formKeys(event: KeyboardEvent<HTMLFormElement>, save: () => void): void {
  if ((event.metaKey || event.ctrlKey) && ['s', 'Enter'].includes(event.key)) {
    event.preventDefault();
    save();
  } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
    // What is half-written must not be saved by a habit.
    event.preventDefault();
  }
}
