const PREFIX = 'punctual.typed.';
let isOver = false;

/**
 * What was typed and not saved, as this browser keeps it. A browser may keep nothing (private windows, a full store):
 * reading then gives null, writing says false, and neither throws.
 */
export const keptHere = {
  read(name: string): string | null {
    try {
      return localStorage.getItem(PREFIX + name);
    } catch {
      return null;
    }
  },
  write(name: string, text: string): boolean {
    if (isOver) return false;
    try {
      localStorage.setItem(PREFIX + name, text);
      return true;
    } catch {
      return false;
    }
  },
  remove(name: string): void {
    try {
      localStorage.removeItem(PREFIX + name);
    } catch {
      // Then it wasn't kept either.
    }
  },
  /** Whoever signs out leaves nothing behind; the page that is being left keeps nothing any more. */
  forgetAll(): void {
    isOver = true;
    try {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(PREFIX)) localStorage.removeItem(name);
      }
    } catch {
      // As above.
    }
  },
};
