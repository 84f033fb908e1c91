/** One key as it is written in `keys`: "e", "/", "?", "enter", "shift+x", or a chord "g j". */
export type KeyBinding = { keys: string; run: () => void };

/** A press that may be a command: nobody types and no menu or dialog has the focus. */
export type KeyPress = { key: string; atMs: number };

export const CHORD_MS = 1_200;

/**
 * Finds the binding that each press completes, if any. Later bindings win, so that what is nearer to the
 * reader (a row, a page) comes before the shell. `forget` ends a chord that was begun.
 */
export function createKeyReader(bindings: () => readonly KeyBinding[]) {
  let first: KeyPress | null = null;
  return {
    forget: () => {
      first = null;
    },
    read: (press: KeyPress): KeyBinding | null => {
      const all = bindings();
      const isChord = first !== null && press.atMs - first.atMs <= CHORD_MS;
      const chord = isChord && first ? `${first.key} ${press.key}` : press.key;
      first = null;
      const found = all.findLast((binding) => binding.keys === chord);
      if (!found && all.some((binding) => binding.keys.startsWith(`${press.key} `))) first = press;
      return found ?? null;
    },
  };
}

/** The press of an event, or null when it belongs to a control, to typing or to the browser. */
export function pressOf(event: KeyboardEvent): KeyPress | null {
  if (event.defaultPrevented || event.isComposing) return null;
  if (event.metaKey || event.ctrlKey || event.altKey || isTaken(event.target)) return null;
  if (event.key === 'Enter') {
    // A link, button or box that has the focus answers to Enter itself, or to nothing.
    return isPressable(event.target) ? null : { key: 'enter', atMs: event.timeStamp };
  }
  if (event.key.length !== 1) return null;
  const letter = event.key.toLowerCase();
  const isLetter = letter >= 'a' && letter <= 'z';
  return { key: isLetter && event.shiftKey ? `shift+${letter}` : letter, atMs: event.timeStamp };
}

function isPressable(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('a,button,input,summary,[role="button"]') !== null
  );
}

function isTaken(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target instanceof HTMLElement && target.isContentEditable) return true;
  const control = target.closest('input,textarea,select');
  if (control && !isTicked(control)) return true;
  return (
    target.closest('[role="dialog"],[role="menu"],[role="listbox"],[role="combobox"]') !== null
  );
}

function isTicked(control: Element): boolean {
  return control instanceof HTMLInputElement && ['checkbox', 'radio'].includes(control.type);
}
