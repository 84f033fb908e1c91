'use client';

import { useRef } from 'react';

type AutoFocusHandler = (event: Event) => void;

/**
 * Gives the focus back to what had it when a dialog opened. Radix does so only for a dialog with a trigger of
 * its own; most of ours are opened by a key, a menu or the palette.
 */
export function useFocusReturn(own: {
  onOpenAutoFocus?: AutoFocusHandler | undefined;
  onCloseAutoFocus?: AutoFocusHandler | undefined;
}): { onOpenAutoFocus: AutoFocusHandler; onCloseAutoFocus: AutoFocusHandler } {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: (event) => {
      before.current = document.activeElement;
      own.onOpenAutoFocus?.(event);
    },
    onCloseAutoFocus: (event) => {
      own.onCloseAutoFocus?.(event);
      const target = before.current;
      if (event.defaultPrevented || !(target instanceof HTMLElement)) return;
      if (!target.isConnected || target === document.body) return;
      event.preventDefault();
      target.focus();
    },
  };
}
